//! `view_opt_out`: the list as people see it.

mod queries;

use async_trait::async_trait;
use recado_accounts::subject_erased;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::domain::opt_out::{OptOutEvent, Source};

pub use queries::OptOutPage;

/// One contact of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptOutView {
    /// Its id: the aggregate's.
    pub id: Uuid,
    /// Who; `None` once its key was destroyed.
    pub contact: Option<ChatAddress>,
    /// Is it out now?
    pub is_out: bool,
    /// How it came on the list.
    pub source: Source,
    /// By which word.
    pub word: Option<String>,
    /// Written to which instance.
    pub instance: Option<InstanceId>,
    /// In which message.
    pub message: Option<MessageId>,
    /// The message's id inside WhatsApp.
    pub wire_id: Option<String>,
    /// Since when.
    pub recorded_at: Timestamp,
    /// Until when, if it came back.
    pub lifted_at: Option<Timestamp>,
}

/// Keeps `view_opt_out`.
pub struct OptOutList {
    platform: Platform,
}

impl OptOutList {
    /// Its name in `projection`.
    pub const NAME: &'static str = "opt_out@1";

    pub(crate) const fn new(platform: Platform) -> Self {
        Self { platform }
    }

    async fn fold(&self, recorded: &RecordedEvent, db: &mut PgConnection) -> Result<(), ProjectionError> {
        let poison = |reason: String| ProjectionError::Poison { position: recorded.position.position, reason };
        if recorded.aggregate_type == "account" {
            let erased = subject_erased(recorded).map_err(|error| poison(error.to_string()))?;
            if let Some(digest) = erased.and_then(|erased| erased.chat_digest) {
                forget(db, recorded.account_id, &digest).await?;
            }
            return Ok(());
        }
        let id = Uuid::parse_str(&recorded.aggregate_id).map_err(|_| poison("not an opt-out's id".to_owned()))?;
        match recorded.decode().map_err(|error| poison(error.to_string()))? {
            OptOutEvent::Recorded { contact, digests, source, word, instance, message, wire_id, .. } => {
                let contact = self.platform.vault.unseal(&contact).await?;
                sqlx::query(
                    "INSERT INTO view_opt_out (opt_out_id, account_id, contact, digests, is_out, source, word, instance_id, message_id, wire_id, recorded_at)
                     VALUES ($1, $2, $3, $4, true, $5, $6, $7, $8, $9, $10)
                     ON CONFLICT (opt_out_id) DO UPDATE
                        SET contact = excluded.contact, digests = excluded.digests, is_out = true, source = excluded.source,
                            word = excluded.word, instance_id = excluded.instance_id, message_id = excluded.message_id,
                            wire_id = excluded.wire_id, recorded_at = excluded.recorded_at, lifted_at = NULL",
                )
                .bind(id)
                .bind(recorded.account_id.as_uuid())
                .bind(contact)
                .bind(digests)
                .bind(source.as_str())
                .bind(word)
                .bind(instance.map(|instance| instance.as_uuid()))
                .bind(message.map(|message| message.as_uuid()))
                .bind(wire_id.map(|wire_id| wire_id.as_str().to_owned()))
                .bind(recorded.occurred_at)
                .execute(db)
                .await?;
            }
            OptOutEvent::Lifted { .. } => {
                sqlx::query("UPDATE view_opt_out SET is_out = false, lifted_at = $2 WHERE opt_out_id = $1")
                    .bind(id)
                    .bind(recorded.occurred_at)
                    .execute(db)
                    .await?;
            }
            OptOutEvent::AlsoKnown { digests, .. } => {
                sqlx::query("UPDATE view_opt_out SET digests = digests || $2 WHERE opt_out_id = $1")
                    .bind(id)
                    .bind(digests)
                    .execute(db)
                    .await?;
            }
        }
        Ok(())
    }
}

async fn forget(db: &mut PgConnection, account: AccountId, chat_digest: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE view_opt_out SET contact = NULL WHERE account_id = $1 AND digests @> ARRAY[$2::text]")
        .bind(account.as_uuid())
        .bind(chat_digest)
        .execute(db)
        .await?;
    Ok(())
}

fn from_row(row: &PgRow) -> Result<OptOutView, StoreError> {
    let contact: Option<String> = row.try_get("contact")?;
    let source: String = row.try_get("source")?;
    let unknown = || StoreError::Unreadable(format!("opt-out source {source}"));
    Ok(OptOutView {
        id: row.try_get("opt_out_id")?,
        contact: contact.and_then(|contact| contact.parse().ok()),
        is_out: row.try_get("is_out")?,
        source: Source::parse(&source).ok_or_else(unknown)?,
        word: row.try_get("word")?,
        instance: row.try_get::<Option<Uuid>, _>("instance_id")?.map(InstanceId::from_uuid),
        message: row.try_get::<Option<Uuid>, _>("message_id")?.map(MessageId::from_uuid),
        wire_id: row.try_get("wire_id")?,
        recorded_at: row.try_get("recorded_at")?,
        lifted_at: row.try_get("lifted_at")?,
    })
}

#[async_trait]
impl Projection for OptOutList {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["opt_out.recorded", "opt_out.lifted", "opt_out.also_known", "account.subject_erased"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_opt_out"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for recorded in batch {
            self.fold(recorded, db).await?;
        }
        Ok(())
    }
}
