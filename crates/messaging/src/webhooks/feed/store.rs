//! Table `webhook_event` as it is written and forgotten.

use chrono::Duration;
use recado_event_store::{Position, StoreError, prune};
use recado_kernel::{AccountId, InstanceId, Timestamp};
use sqlx::PgConnection;

use super::KEPT_DAYS;
use crate::Messaging;
use crate::webhooks::callback::Order;

/// Rows per statement of the sweeper.
const BATCH: i64 = 2_000;

/// An entry to be told.
pub(crate) struct NewEntry {
    /// The event that led to it.
    pub event: Position,
    pub account: AccountId,
    pub instance: InstanceId,
    pub order: Order,
}

/// Stores entries in their order, in the reactor's transaction. Its checkpoint is locked first, so no two such transactions overlap and
/// the numbers become visible in their order.
pub(crate) async fn store(db: &mut PgConnection, entries: &[NewEntry]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let payloads = entries
        .iter()
        .map(|entry| serde_json::to_value(&entry.order).map_err(|error| StoreError::Unreadable(error.to_string())))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO webhook_event (account_id, instance_id, callback, payload, happened_at)
         SELECT e.account_id, e.instance_id, e.callback, e.payload, e.happened_at
           FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[]) WITH ORDINALITY
             AS e(account_id, instance_id, callback, payload, happened_at, ordinal)
          ORDER BY e.ordinal",
    )
    .bind(entries.iter().map(|entry| entry.account.as_uuid()).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.instance.as_uuid()).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.order.callback.kind().as_str()).collect::<Vec<_>>())
    .bind(payloads)
    .bind(entries.iter().map(|entry| entry.order.at).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

impl Messaging {
    /// Forgets entries of the feed that are older than 30 days; at most forty thousand per call. Returns how many.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep_feed(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = now - Duration::days(KEPT_DAYS);
        // The oldest numbers are the oldest entries: no index on the moment is needed.
        prune::in_batches(BATCH, |limit| {
            sqlx::query(
                "DELETE FROM webhook_event WHERE seq IN (
                     SELECT o.seq FROM (SELECT seq, happened_at FROM webhook_event ORDER BY seq LIMIT $2) o WHERE o.happened_at < $1)",
            )
            .bind(before)
            .bind(limit)
            .execute(self.platform.pool())
        })
        .await
    }
}
