//! Cleaning up operational state.

use chrono::Duration;
use recado_event_store::StoreError;
use recado_kernel::Timestamp;

use crate::Accounts;
use crate::store::{attempts, links, sessions};

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Sessions that were over.
    pub sessions: u64,
    /// Links that expired a week ago (until then a click is answered with "expired" instead of "unknown").
    pub links: u64,
    /// Counted attempts of yesterday and before.
    pub attempts: u64,
}

impl Accounts {
    /// Removes what is over. The server calls it now and then; how often does not matter.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, StoreError> {
        let pool = self.platform.pool();
        Ok(Swept {
            sessions: sessions::sweep(pool, now).await?,
            links: links::sweep(pool, now - Duration::days(7)).await?,
            attempts: attempts::sweep(pool, now - Duration::days(1)).await?,
        })
    }
}
