//! What other processes did to the keys: new data root keys, destroyed subject keys.

use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use super::Vault;
use crate::StoreError;

/// How long a process may go on with a key that another destroyed.
const EVERY: Duration = Duration::from_secs(5);

impl Vault {
    /// Learns data root keys of a running rotation, and forgets cached keys of subjects that were erased.
    ///
    /// # Errors
    /// The database.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        self.roots.refresh(&self.pool).await?;
        // Longer than the cache keeps anything; database clock on both sides.
        let erased: Vec<Uuid> = sqlx::query_scalar(
            "SELECT subject_id FROM subject_key WHERE last_erased_at > clock_timestamp() - interval '90 seconds'",
        )
        .fetch_all(&self.pool)
        .await?;
        self.subjects.forget(&erased);
        Ok(())
    }

    /// [`Self::refresh`] every few seconds until `stop` turns true: every serving process runs it.
    pub async fn keep_fresh(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "keys were not refreshed");
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
