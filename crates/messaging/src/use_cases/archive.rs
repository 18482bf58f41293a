//! What must have ended before the events of a month may leave the log.

use recado_kernel::Timestamp;
use recado_kernel::id::derive_uuid_v7;
use uuid::Uuid;

use crate::{Messaging, MessagingError};

/// What still needs the events of a span of messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Messages that are queued or being sent.
    pub messages: i64,
    /// Webhook deliveries that are still being tried: their bodies are built from the events.
    pub deliveries: i64,
}

impl Messaging {
    /// Counts what is not finished of the messages made in `[from, until)`, by the moment in their ids. The read model must have read them
    /// all.
    ///
    /// # Errors
    /// The database.
    pub async fn unfinished(&self, from: Timestamp, until: Timestamp) -> Result<Unfinished, MessagingError> {
        // The smallest id of a moment: nothing of the hash but the version.
        let smallest = |at: Timestamp| {
            let id = derive_uuid_v7(at, Uuid::nil(), "").as_u128() >> 80 << 80;
            Uuid::from_u128(id)
        };
        let (messages, deliveries): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM view_message WHERE message_id >= $1 AND message_id < $2 AND status IN ('queued', 'sending')),
                    (SELECT count(*) FROM webhook_delivery WHERE message_id >= $1 AND message_id < $2 AND status = 'waiting')",
        )
        .bind(smallest(from))
        .bind(smallest(until))
        .fetch_one(self.platform.pool())
        .await?;
        Ok(Unfinished { messages, deliveries })
    }
}
