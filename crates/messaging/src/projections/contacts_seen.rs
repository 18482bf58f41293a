//! `view_contact_seen`, `view_number_link`, `view_instance_link`: whom a number knows, since when it is linked, which one an instance has.
//! Digests only. A contact written in two ways (with and without its ninth digit) is one: the second way is stored as known.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::NaiveDate;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, Sealed, Timestamp};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::domain::guards::local_day;
use crate::domain::instance::InstanceEvent;
use crate::domain::message::MessageEvent;
use crate::use_cases::chat_digest;
use crate::{Messaging, MessagingError};

/// What a number is called before an instance ever had one.
pub(crate) fn unlinked(instance: InstanceId) -> String {
    format!("instance/{instance}")
}

/// What is known of an instance's number with regard to its warm-up.
#[derive(Debug, Clone)]
pub(crate) struct NumberFacts {
    /// Digest of the number last linked, or [`unlinked`].
    pub number_digest: String,
    /// When this number was first linked in this account.
    pub first_linked_at: Option<Timestamp>,
    /// Does it know the contact asked for?
    pub knows: bool,
    /// New contacts today.
    pub used: u32,
}

/// Keeps the three tables.
pub struct ContactsSeen {
    platform: Platform,
}

/// A chat at its first message of the batch.
struct First {
    message: MessageId,
    new_on: Option<NaiveDate>,
    sealed: Sealed,
}

impl ContactsSeen {
    /// Its name in `projection`.
    pub const NAME: &'static str = "contacts_seen@1";

    pub(crate) const fn new(platform: Platform) -> Self {
        Self { platform }
    }

    async fn link(&self, recorded: &RecordedEvent, digest: &str, db: &mut PgConnection) -> Result<(), ProjectionError> {
        let reason = "not an instance id".to_owned();
        let poison = ProjectionError::Poison { position: recorded.position.position, reason };
        let Ok(instance) = recorded.aggregate_id.parse::<InstanceId>() else { return Err(poison) };
        let account = recorded.account_id.as_uuid();
        sqlx::query(
            "INSERT INTO view_number_link (account_id, number_digest, first_linked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(account)
        .bind(digest)
        .bind(recorded.occurred_at)
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "INSERT INTO view_instance_link (instance_id, account_id, number_digest) VALUES ($1, $2, $3)
             ON CONFLICT (instance_id) DO UPDATE SET number_digest = excluded.number_digest",
        )
        .bind(instance.as_uuid())
        .bind(account)
        .bind(digest)
        .execute(&mut *db)
        .await?;
        // What was queued without a number goes out by this one.
        sqlx::query(
            "WITH queued AS (DELETE FROM view_contact_seen WHERE account_id = $1 AND number_digest = $2 RETURNING chat_digest, message_id, new_on)
             INSERT INTO view_contact_seen (account_id, number_digest, chat_digest, message_id, new_on)
             SELECT $1, $3, chat_digest, message_id, new_on FROM queued ON CONFLICT DO NOTHING",
        )
        .bind(account)
        .bind(unlinked(instance))
        .bind(digest)
        .execute(&mut *db)
        .await?;
        Ok(())
    }

    /// Stores what is met for the first time.
    async fn meet(
        &self,
        met: &mut BTreeMap<(AccountId, InstanceId, String), First>,
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        if met.is_empty() {
            return Ok(());
        }
        let instances: BTreeSet<Uuid> = met.keys().map(|(_, instance, _)| instance.as_uuid()).collect();
        let rows = sqlx::query("SELECT instance_id, number_digest FROM view_instance_link WHERE instance_id = ANY ($1)")
            .bind(instances.into_iter().collect::<Vec<_>>())
            .fetch_all(&mut *db)
            .await?;
        let mut numbers: BTreeMap<Uuid, String> = BTreeMap::new();
        for row in rows {
            numbers.insert(row.try_get("instance_id")?, row.try_get("number_digest")?);
        }
        let mut new: BTreeMap<(AccountId, String, String), First> = BTreeMap::new();
        for ((account, instance, chat), first) in std::mem::take(met) {
            let number = numbers.get(&instance.as_uuid()).cloned().unwrap_or_else(|| unlinked(instance));
            new.entry((account, number, chat)).or_insert(first);
        }
        let known = known(db, new.keys()).await?;
        new.retain(|key, _| !known.contains(key));
        self.unify(&mut new, db).await?;
        sqlx::query(
            "INSERT INTO view_contact_seen (account_id, number_digest, chat_digest, message_id, new_on)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::date[]) ON CONFLICT DO NOTHING",
        )
        .bind(new.keys().map(|(account, ..)| account.as_uuid()).collect::<Vec<_>>())
        .bind(new.keys().map(|(_, number, _)| number.as_str()).collect::<Vec<_>>())
        .bind(new.keys().map(|(.., chat)| chat.as_str()).collect::<Vec<_>>())
        .bind(new.values().map(|first| first.message.as_uuid()).collect::<Vec<_>>())
        .bind(new.values().map(|first| first.new_on).collect::<Vec<_>>())
        .execute(db)
        .await?;
        Ok(())
    }

    /// A chat whose other written form is known is no new contact.
    async fn unify(
        &self,
        new: &mut BTreeMap<(AccountId, String, String), First>,
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        let started: Vec<_> = new.iter().filter(|(_, first)| first.new_on.is_some()).map(|(key, _)| key.clone()).collect();
        let mut others = vec![];
        for key in started {
            let Some(first) = new.get(&key) else { continue };
            let Some(chat) = self.platform.vault.unseal(&first.sealed).await? else { continue };
            let Ok(chat) = chat.parse::<ChatAddress>() else { continue };
            if !chat.is_person() {
                // Groups and channels were joined by hand.
                new.entry(key).and_modify(|first| first.new_on = None);
                continue;
            }
            let forms = chat.written_forms().into_iter().map(|form| chat_digest(&self.platform, key.0, &form));
            others.extend(forms.filter(|form| *form != key.2).map(|form| (key.clone(), (key.0, key.1.clone(), form))));
        }
        let known = known(db, others.iter().map(|(_, other)| other)).await?;
        for (key, other) in others {
            let met_too = new.get(&other).is_some_and(|first| first.new_on.is_some());
            if (known.contains(&other) || met_too)
                && let Some(first) = new.get_mut(&key)
            {
                first.new_on = None;
            }
        }
        Ok(())
    }
}

async fn known<'a>(
    db: &mut PgConnection,
    keys: impl Iterator<Item = &'a (AccountId, String, String)>,
) -> Result<BTreeSet<(AccountId, String, String)>, StoreError> {
    let (mut accounts, mut numbers, mut chats) = (vec![], vec![], vec![]);
    for (account, number, chat) in keys {
        accounts.push(account.as_uuid());
        numbers.push(number.as_str());
        chats.push(chat.as_str());
    }
    if accounts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(Uuid, String, String)> = sqlx::query_as(
        "SELECT s.account_id, s.number_digest, s.chat_digest FROM view_contact_seen s
           JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS k(account_id, number_digest, chat_digest)
             ON s.account_id = k.account_id AND s.number_digest = k.number_digest AND s.chat_digest = k.chat_digest",
    )
    .bind(accounts)
    .bind(numbers)
    .bind(chats)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(account, number, chat)| (AccountId::from_uuid(account), number, chat)).collect())
}

#[async_trait]
impl Projection for ContactsSeen {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["instance.paired", "message.accepted", "message.incoming"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_contact_seen", "view_number_link", "view_instance_link"]
    }

    fn message_rows(&self) -> &'static [(&'static str, &'static str)] {
        &[("view_contact_seen", "message_id")]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut met = BTreeMap::new();
        for recorded in batch {
            let poison = |reason: String| ProjectionError::Poison { position: recorded.position.position, reason };
            if recorded.aggregate_type == "instance" {
                let InstanceEvent::Paired { number_digest, .. } = recorded.decode().map_err(|error| poison(error.to_string()))?
                else {
                    continue;
                };
                self.meet(&mut met, db).await?;
                self.link(recorded, &number_digest, db).await?;
                continue;
            }
            let message: MessageId = recorded.aggregate_id.parse().map_err(|_| poison("not a message id".to_owned()))?;
            let (account, instance, chat_digest, sealed, new_on) =
                match recorded.decode().map_err(|error| poison(error.to_string()))? {
                    MessageEvent::Accepted { account, instance, chat_digest, chat, .. } => {
                        (account, instance, chat_digest, chat, Some(local_day(recorded.occurred_at)))
                    }
                    MessageEvent::Incoming { account, instance, chat_digest, chat, .. } => {
                        (account, instance, chat_digest, chat, None)
                    }
                    _ => continue,
                };
            met.entry((account, instance, chat_digest)).or_insert(First { message, new_on, sealed });
        }
        self.meet(&mut met, db).await?;
        Ok(())
    }
}

impl Messaging {
    /// What the read model knows of an instance's number, and of a contact under all its digests.
    pub(crate) async fn number_facts(
        &self,
        account: AccountId,
        instance: InstanceId,
        chat_digests: &[String],
    ) -> Result<NumberFacts, MessagingError> {
        let row = sqlx::query(
            "WITH number AS (SELECT COALESCE((SELECT number_digest FROM view_instance_link WHERE instance_id = $2), $3) AS digest)
             SELECT n.digest,
                    (SELECT first_linked_at FROM view_number_link l WHERE l.account_id = $1 AND l.number_digest = n.digest) AS first_linked_at,
                    EXISTS (SELECT 1 FROM view_contact_seen s WHERE s.account_id = $1 AND s.number_digest = n.digest AND s.chat_digest = ANY ($4)) AS knows,
                    (SELECT count(*) FROM view_contact_seen s WHERE s.account_id = $1 AND s.number_digest = n.digest AND s.new_on = $5) AS used
               FROM number n",
        )
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .bind(unlinked(instance))
        .bind(chat_digests)
        .bind(local_day(self.platform.now()))
        .fetch_one(self.platform.pool())
        .await?;
        let used: i64 = row.try_get("used")?;
        Ok(NumberFacts {
            number_digest: row.try_get("digest")?,
            first_linked_at: row.try_get("first_linked_at")?,
            knows: row.try_get("knows")?,
            used: u32::try_from(used).unwrap_or(u32::MAX),
        })
    }
}
