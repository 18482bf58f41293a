//! Reading on.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::webhooks::callback::{Callback, CallbackKind, Order};
use crate::webhooks::deliver::Bodies;
use crate::webhooks::facts;
use crate::webhooks::target::{self, Target};
use crate::{Messaging, MessagingError};

/// What to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedQuery {
    /// The cursor of the last entry that was read; 0 begins with the oldest there is.
    pub after: i64,
    /// Only these `type`s; empty means all.
    pub kinds: Vec<String>,
    /// At most so many.
    pub limit: i64,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Grows from entry to entry.
    pub cursor: i64,
    /// The webhook's body, as it is sent.
    pub body: String,
}

/// Consecutive entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// Oldest first.
    pub entries: Vec<FeedEntry>,
    /// Where to read on.
    pub cursor: i64,
    /// Is there more already?
    pub more: bool,
}

impl Messaging {
    /// The entries of an instance's feed after a cursor.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn feed(&self, account: AccountId, instance: InstanceId, query: &FeedQuery) -> Result<FeedPage, MessagingError> {
        let pool = self.platform.pool();
        let target = target::find(pool, account, instance).await?;
        let mut rows = rows(pool, account, instance, query).await?;
        let limit = usize::try_from(query.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let cursor = rows.last().map_or(query.after, |(cursor, _)| *cursor);
        let mut entries = Vec::with_capacity(rows.len());
        if let Some(target) = target {
            target::feed_was_read(pool, &target, self.platform.now()).await?;
            let bodies = Bodies::new(self.clone());
            for (cursor, order) in rows {
                let order: Order = serde_json::from_value(order)
                    .map_err(|error| StoreError::Unreadable(format!("webhook_event.payload: {error}")))?;
                let body = match bodies.body(account, instance, &target, &order).await? {
                    Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    None => self.erased(&bodies, &target, &order).await?.to_string(),
                };
                entries.push(FeedEntry { cursor, body });
            }
        }
        Ok(FeedPage { entries, cursor, more })
    }

    /// The cursor of the newest entry of any instance: whoever begins there reads only what comes.
    ///
    /// # Errors
    /// The database.
    pub async fn feed_end(&self) -> Result<i64, MessagingError> {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT max(seq) FROM webhook_event").fetch_one(self.platform.pool()).await?;
        Ok(newest.unwrap_or_default())
    }

    /// Is this a `type` the feed knows?
    #[must_use]
    pub fn is_feed_kind(kind: &str) -> bool {
        CallbackKind::ALL.into_iter().any(|known| known.as_str() == kind)
    }

    /// What is left to say when the content, or the person, has been erased.
    async fn erased(&self, bodies: &Bodies, target: &Target, order: &Order) -> Result<Value, MessagingError> {
        let mut body = json!({
            "type": order.callback.kind().as_str(),
            "instanceId": target.instance.public(),
            "momment": order.at.timestamp_millis(),
            "contentErased": true,
        });
        let Some(message) = order.callback.message() else { return Ok(body) };
        let facts = {
            let mut connection = self.platform.pool().acquire().await?;
            facts::load(&mut connection, &[message]).await?.remove(&message).filter(|facts| facts.account == target.account)
        };
        let Some(facts) = facts else { return Ok(body) };
        let phone = bodies.opened(Some(&facts.chat)).await?;
        let mut say = |name: &str, value: Value| {
            if let Value::Object(object) = &mut body {
                object.insert(name.to_owned(), value);
            }
        };
        say("messageId", json!(facts.wire_id.as_str()));
        if !phone.is_empty() {
            say("isGroup", json!(phone.ends_with("-group")));
            say("phone", json!(phone));
        }
        match &order.callback {
            Callback::Received { from_me, .. } => {
                say("fromMe", json!(from_me));
                say("fromApi", json!(from_me));
                say("status", json!(if *from_me { "SENT" } else { "RECEIVED" }));
            }
            Callback::MessageStatus { status, .. } => {
                say("status", json!(status));
                say("ids", json!([facts.wire_id.as_str()]));
            }
            _ => {}
        }
        Ok(body)
    }
}

/// One more than asked for, to know whether there is more.
async fn rows(
    pool: &PgPool,
    account: AccountId,
    instance: InstanceId,
    query: &FeedQuery,
) -> Result<Vec<(i64, Value)>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT seq, payload FROM webhook_event
          WHERE instance_id = $1 AND account_id = $2 AND seq > $3 AND (cardinality($4::text[]) = 0 OR callback = ANY ($4))
          ORDER BY seq LIMIT $5",
    )
    .bind(instance.as_uuid())
    .bind(account.as_uuid())
    .bind(query.after)
    .bind(&query.kinds)
    .bind(query.limit + 1)
    .fetch_all(pool)
    .await?)
}
