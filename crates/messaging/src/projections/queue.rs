//! What waits to be sent: read from the durable work of topic `send` itself, so it is never behind, joined with the vault's texts.

use std::collections::HashMap;

use chrono::Duration;
use recado_event_store::{StoreError, work};
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, Timestamp, WireId};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::domain::message::MessageContent;
use crate::domain::pacing::{Ahead, expected_wait};
use crate::{Messaging, MessagingError, SEND_TOPIC, SendWork};

/// One waiting message (`QueueItem` of plugzapi-api.md 2.5).
#[derive(Debug, Clone)]
pub struct QueueItem {
    /// Our id.
    pub message: MessageId,
    /// The id it will have in WhatsApp.
    pub wire_id: WireId,
    /// Through which instance.
    pub instance: InstanceId,
    /// To whom; `None` once the key was destroyed.
    pub phone: Option<ChatAddress>,
    /// The text; `None` once erased.
    pub content: Option<MessageContent>,
    /// Seconds before the next message; `None`: not given (wire: -1).
    pub delay_message: Option<u8>,
    /// Seconds of typing.
    pub delay_typing: u8,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// Was the instance on trial then?
    pub trial: bool,
    /// Hand-overs so far.
    pub attempts: i32,
    /// Place in the queue, 1 for the next.
    pub position: i64,
    /// How long until it goes out, about, counted from [`QueueOutlook::moves_at`].
    pub expected_after: Duration,
    /// For [`QueuePage::after`].
    pub cursor: i64,
}

/// Why nothing of a queue goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueHold {
    /// Somebody paused it.
    Paused,
    /// No session is online: it goes on by itself when one is.
    Disconnected,
}

/// How a queue stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueOutlook {
    /// How many messages wait.
    pub waiting: i64,
    /// Why none goes out, if none does.
    pub held: Option<QueueHold>,
    /// When it moves next, or would if nothing held it.
    pub moves_at: Timestamp,
    /// How long from then until the last message has gone out, about.
    pub takes: Duration,
}

/// Which part of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueuePage {
    /// Only items after this cursor.
    pub after: Option<i64>,
    /// Items to leave out first (paging by number).
    pub offset: i64,
    /// At most this many, 1..=500.
    pub limit: i64,
}

impl Default for QueuePage {
    fn default() -> Self {
        Self { after: None, offset: 0, limit: 20 }
    }
}

/// A part of the queue.
#[derive(Debug, Clone)]
pub struct QueueSlice {
    /// In the order in which they go out.
    pub items: Vec<QueueItem>,
    /// Cursor of the next page; `None` when this was the last.
    pub next: Option<i64>,
}

impl Messaging {
    /// The queue of one instance in the order in which it goes out.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn queue(&self, account: AccountId, instance: InstanceId, page: QueuePage) -> Result<QueueSlice, MessagingError> {
        let limit = page.limit.clamp(1, 500);
        let rows = sqlx::query(
            "SELECT q.seq, q.payload, q.attempts, q.place, q.typing_s, q.given_s, q.ungiven FROM (
                 SELECT w.seq, w.payload, w.attempts, row_number() OVER upto AS place,
                        COALESCE(sum((w.payload ->> 'delay_typing')::bigint) FILTER (WHERE w.step <> 1) OVER upto, 0)::bigint AS typing_s,
                        COALESCE(sum((w.payload ->> 'delay_message')::bigint) OVER before, 0)::bigint AS given_s,
                        count(*) FILTER (WHERE w.payload ->> 'delay_message' IS NULL) OVER before AS ungiven
                   FROM work w
                  WHERE w.topic = 'send' AND w.lane = $2 AND w.account_id = $1 AND w.dead_at IS NULL
                 WINDOW upto AS (ORDER BY w.seq ROWS UNBOUNDED PRECEDING),
                        before AS (ORDER BY w.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
             ) q WHERE q.seq > COALESCE($3::bigint, 0) ORDER BY q.seq OFFSET $4 LIMIT $5",
        )
        .bind(account.as_uuid())
        .bind(instance.to_string())
        .bind(page.after)
        .bind(page.offset.max(0))
        .bind(limit + 1)
        .fetch_all(self.platform.pool())
        .await?;
        let wanted = usize::try_from(limit).unwrap_or(500);
        let more = rows.len() > wanted;
        let mut waiting = Vec::with_capacity(rows.len());
        for row in rows.iter().take(wanted) {
            let payload: serde_json::Value = row.try_get("payload")?;
            let work: SendWork =
                serde_json::from_value(payload).map_err(|error| StoreError::Unreadable(format!("queued message: {error}")))?;
            waiting.push((work, row.try_get("attempts")?, row.try_get("place")?, row.try_get("seq")?, ahead(row)?));
        }
        let ids: Vec<Uuid> = waiting.iter().map(|(work, ..)| work.message.as_uuid()).collect();
        let mut contents: HashMap<Uuid, Vec<u8>> = self.platform.vault.open_contents(account, &ids).await?.into_iter().collect();
        let mut items = Vec::with_capacity(waiting.len());
        for (work, attempts, position, cursor, ahead) in waiting {
            let content = contents.remove(&work.message.as_uuid()).and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let phone = self.platform.vault.unseal(&work.chat).await?.and_then(|chat| chat.parse().ok());
            items.push(QueueItem {
                message: work.message,
                wire_id: work.wire_id,
                instance: work.instance,
                phone,
                content,
                delay_message: work.delay_message,
                delay_typing: work.delay_typing,
                accepted_at: work.accepted_at,
                trial: work.trial,
                attempts,
                position,
                expected_after: expected_wait(self.settings.pacing, ahead),
                cursor,
            });
        }
        let next = if more { items.last().map(|item| item.cursor) } else { None };
        Ok(QueueSlice { items, next })
    }

    /// How the queue of one instance stands: whether it moves, and how long it will take.
    ///
    /// # Errors
    /// The database.
    pub async fn queue_outlook(&self, account: AccountId, instance: InstanceId) -> Result<QueueOutlook, MessagingError> {
        let pool = self.platform.pool();
        // The last message's own wish is for a message after it.
        let row = sqlx::query(
            "WITH waiting AS (
                 SELECT seq, step, (payload ->> 'delay_typing')::bigint AS typing_s, (payload ->> 'delay_message')::bigint AS given_s
                   FROM work WHERE topic = 'send' AND lane = $2 AND account_id = $1 AND dead_at IS NULL
             ), last AS (SELECT max(seq) AS seq FROM waiting)
             SELECT count(*) AS waiting, COALESCE(sum(w.typing_s) FILTER (WHERE w.step <> 1), 0)::bigint AS typing_s,
                    COALESCE(sum(w.given_s) FILTER (WHERE w.seq < last.seq), 0)::bigint AS given_s,
                    count(*) FILTER (WHERE w.given_s IS NULL AND w.seq < last.seq) AS ungiven
               FROM last LEFT JOIN waiting w ON true WHERE w.seq IS NOT NULL",
        )
        .bind(account.as_uuid())
        .bind(instance.to_string())
        .fetch_one(pool)
        .await?;
        let lane = work::lane_state(pool, SEND_TOPIC, &instance.to_string()).await?;
        let now = self.platform.now();
        let held = match (lane.paused, lane.open) {
            (true, _) => Some(QueueHold::Paused),
            (false, false) => Some(QueueHold::Disconnected),
            (false, true) => None,
        };
        Ok(QueueOutlook {
            waiting: row.try_get("waiting")?,
            held,
            moves_at: lane.not_before.map_or(now, |at| at.max(now)),
            takes: expected_wait(self.settings.pacing, ahead(&row)?),
        })
    }

    /// How many messages wait.
    ///
    /// # Errors
    /// The database.
    pub async fn queue_count(&self, account: AccountId, instance: InstanceId) -> Result<i64, MessagingError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM work WHERE topic = $1 AND lane = $2 AND account_id = $3 AND dead_at IS NULL")
            .bind(SEND_TOPIC)
            .bind(instance.to_string())
            .bind(account.as_uuid())
            .fetch_one(self.platform.pool())
            .await?)
    }

    /// Ids of everything that waits, in order.
    pub(crate) async fn waiting_messages(
        &self,
        account: AccountId,
        instance: InstanceId,
    ) -> Result<Vec<MessageId>, MessagingError> {
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM work WHERE topic = $1 AND lane = $2 AND account_id = $3 AND dead_at IS NULL ORDER BY seq",
        )
        .bind(SEND_TOPIC)
        .bind(instance.to_string())
        .bind(account.as_uuid())
        .fetch_all(self.platform.pool())
        .await?;
        Ok(ids.into_iter().map(MessageId::from_uuid).collect())
    }
}

fn ahead(row: &PgRow) -> Result<Ahead, sqlx::Error> {
    Ok(Ahead { typing_s: row.try_get("typing_s")?, given_s: row.try_get("given_s")?, ungiven: row.try_get("ungiven")? })
}
