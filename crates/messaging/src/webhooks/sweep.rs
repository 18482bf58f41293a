//! Forgetting what was delivered. What failed is kept: people may want to send it again.

use chrono::Duration;
use recado_event_store::{StoreError, prune};
use recado_kernel::Timestamp;

use crate::Messaging;

/// Days an ended delivery is shown with its attempts.
const KEPT_DAYS: i64 = 30;
/// Rows per statement: short, so that neither the reactor nor the workers notice.
const BATCH: i64 = 1_000;

impl Messaging {
    /// Forgets deliveries that ended well (or were stopped) more than 30 days ago, with their attempts; at most twenty thousand per call.
    /// Failed ones, the dead letters, stay. Returns how many.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep_deliveries(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = now - Duration::days(KEPT_DAYS);
        prune::in_batches(BATCH, |limit| {
            sqlx::query(
                "DELETE FROM webhook_delivery WHERE id IN (
                     SELECT id FROM webhook_delivery WHERE status IN ('delivered', 'stopped') AND ended_at < $1
                      ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
            )
            .bind(before)
            .bind(limit)
            .execute(self.platform.pool())
        })
        .await
    }
}
