//! Which deliveries an event led to. They are no events themselves: their ids derive from the event's.

use std::collections::HashMap;

use recado_event_store::RecordedEvent;
use recado_kernel::{AccountId, Timestamp};
use uuid::Uuid;

use super::history::DeliveryState;
use super::outbox::{MOST_PER_EVENT, delivery_id};
use crate::{Messaging, MessagingError};

/// A delivery in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CausedDelivery {
    /// The `type` of the body.
    pub callback: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was delivered or given up.
    pub ended_at: Option<Timestamp>,
}

impl Messaging {
    /// The deliveries that told of these events, by the event's global position.
    ///
    /// # Errors
    /// The database.
    pub async fn deliveries_of_events(
        &self,
        account: AccountId,
        events: &[RecordedEvent],
    ) -> Result<HashMap<i64, Vec<CausedDelivery>>, MessagingError> {
        let told_of: HashMap<Uuid, i64> = events
            .iter()
            .filter(|event| matches!(event.aggregate_type.as_str(), "instance" | "message"))
            .flat_map(|event| (0..MOST_PER_EVENT).map(|n| (delivery_id(event, n), event.position.position)))
            .collect();
        let rows: Vec<(Uuid, String, String, Option<Timestamp>)> = sqlx::query_as(
            "SELECT id, callback, status, ended_at FROM webhook_delivery WHERE id = ANY ($1) AND account_id = $2 ORDER BY seq",
        )
        .bind(told_of.keys().copied().collect::<Vec<_>>())
        .bind(account.as_uuid())
        .fetch_all(self.platform.pool())
        .await?;
        let mut found: HashMap<i64, Vec<CausedDelivery>> = HashMap::new();
        for (id, callback, status, ended_at) in rows {
            if let Some(position) = told_of.get(&id) {
                let delivery = CausedDelivery { callback, state: DeliveryState::parse(&status), ended_at };
                found.entry(*position).or_default().push(delivery);
            }
        }
        Ok(found)
    }
}
