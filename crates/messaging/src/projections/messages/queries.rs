//! Questions to `view_message`.

use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, Timestamp, WireId};
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{MessageList, MessageView, table};
use crate::{Messaging, MessagingError};

/// Most messages one support search shows.
const FOUND: i64 = 50;

impl Messaging {
    /// One message of an account; `None` also for another account's.
    ///
    /// # Errors
    /// The database.
    pub async fn message(&self, account: AccountId, id: MessageId) -> Result<Option<MessageView>, MessagingError> {
        let row = sqlx::query("SELECT * FROM view_message WHERE account_id = $1 AND message_id = $2")
            .bind(account.as_uuid())
            .bind(id.as_uuid())
            .fetch_optional(self.platform.pool())
            .await?;
        row.map(|row| Ok(table::from_row(&row)?)).transpose()
    }

    /// Messages of one instance, newest first; `before` is the `accepted_at` of the last row of the page before.
    ///
    /// # Errors
    /// The database.
    pub async fn messages(
        &self,
        account: AccountId,
        instance: InstanceId,
        before: Option<Timestamp>,
        limit: i64,
    ) -> Result<Vec<MessageView>, MessagingError> {
        let rows = sqlx::query(
            "SELECT * FROM view_message
              WHERE account_id = $1 AND instance_id = $2 AND ($3::timestamptz IS NULL OR accepted_at < $3)
              ORDER BY accepted_at DESC, message_id DESC LIMIT $4",
        )
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .bind(before)
        .bind(limit.clamp(1, 500))
        .fetch_all(self.platform.pool())
        .await?;
        views(&rows)
    }

    /// Staff search over all accounts: by our id, by the id inside WhatsApp, or by the other side's number. Newest first, at most 50.
    ///
    /// # Errors
    /// The database.
    pub async fn find_messages(&self, text: &str) -> Result<Vec<MessageView>, MessagingError> {
        let text = text.trim();
        let id = text.parse::<MessageId>().ok().map(|id| id.as_uuid());
        let chat = text.parse::<ChatAddress>().ok().map(|chat| chat.as_str().to_owned());
        let wire_id = WireId::parse(text).ok().map(|wire_id| wire_id.as_str().to_owned());
        let rows = sqlx::query(
            "SELECT * FROM view_message WHERE message_id = $1 OR wire_id = $2 OR chat = $3
              ORDER BY accepted_at DESC LIMIT $4",
        )
        .bind(id)
        .bind(wire_id)
        .bind(chat)
        .bind(FOUND)
        .fetch_all(self.platform.pool())
        .await?;
        views(&rows)
    }

    /// Our id of a message that went out with this wire id. Looks in the read model and, in the same statement, in what the log holds
    /// beyond it: a receipt may be faster than the projection.
    ///
    /// # Errors
    /// The database.
    pub async fn find_by_wire_id(
        &self,
        account: AccountId,
        instance: InstanceId,
        wire_id: &WireId,
    ) -> Result<Option<MessageId>, MessagingError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT message_id::text FROM view_message
              WHERE account_id = $1 AND instance_id = $2 AND wire_id = $3 AND direction = 'out'
             UNION ALL
             SELECT e.aggregate_id FROM events e
              WHERE e.account_id = $1 AND e.aggregate_type = 'message' AND e.event_type = 'message.accepted'
                AND e.payload ->> 'instance' = $2::text AND e.payload ->> 'wire_id' = $3
                AND (e.txid, e.global_position) > (COALESCE((SELECT txid FROM projection WHERE base = $4 AND role = 'live' ORDER BY txid, position LIMIT 1), 0),
                                                   COALESCE((SELECT position FROM projection WHERE base = $4 AND role = 'live' ORDER BY txid, position LIMIT 1), 0))
              LIMIT 1",
        )
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .bind(wire_id.as_str())
        .bind(MessageList::NAME)
        .fetch_optional(self.platform.pool())
        .await?;
        Ok(found.and_then(|id| Uuid::parse_str(&id).ok()).map(MessageId::from_uuid))
    }
}

fn views(rows: &[PgRow]) -> Result<Vec<MessageView>, MessagingError> {
    rows.iter().map(|row| Ok(table::from_row(row)?)).collect()
}
