//! How the store of this installation is: projections, work, transactions that hold readers back, servers alive. For `/metrics` and for
//! people; every question is cheap, nothing is counted over the log.

mod history;
mod transactions;

use std::sync::Arc;
use std::time::Duration;

use recado_kernel::Timestamp;
use tokio::sync::watch;

use crate::lease::{self, Held};
use crate::projection::status::{ProjectionStatus, statuses};
use crate::work::{self, TopicStatus};
use crate::{AppendCounts, Platform, Projection, StoreError};

pub use history::{History, Sample};
pub use transactions::{OldestTransaction, Transactions};

/// Leases of running servers begin with this.
pub const SERVER_LEASE: &str = "server ";
const SAMPLE_EVERY: Duration = Duration::from_secs(10);

/// Everything at one moment.
#[derive(Debug, Clone)]
pub struct Health {
    /// When it was looked at (application clock).
    pub at: Timestamp,
    /// Read models and reactors, by name.
    pub projections: Vec<ProjectionStatus>,
    /// Durable work, by topic.
    pub topics: Vec<TopicStatus>,
    /// What holds readers back.
    pub transactions: Transactions,
    /// Every lease that is held; [`Self::servers`] are among them.
    pub leases: Vec<Held>,
    /// Positions given out so far, all servers together; a little more than the events stored, because positions have holes.
    pub positions: i64,
    /// What this process appended.
    pub appended: AppendCounts,
    /// Connections of this process's pool: (in use, open, at most).
    pub connections: (u32, u32, u32),
}

impl Health {
    /// The servers that are alive.
    pub fn servers(&self) -> impl Iterator<Item = &Held> {
        self.leases.iter().filter(|lease| lease.name.starts_with(SERVER_LEASE))
    }

    /// Events the slowest projection is behind.
    #[must_use]
    pub fn lag_events(&self) -> i64 {
        self.projections.iter().map(|projection| projection.live.lag_events).max().unwrap_or_default()
    }
}

/// Looks at the health, now and (with [`Self::sample_until`]) over the last hour. Cheap to clone.
#[derive(Clone)]
pub struct HealthProbe {
    platform: Platform,
    projections: Arc<[Arc<dyn Projection>]>,
    history: Arc<History>,
}

impl HealthProbe {
    /// Watches over these projections.
    #[must_use]
    pub fn new(platform: Platform, projections: Vec<Arc<dyn Projection>>) -> Self {
        Self { platform, projections: projections.into(), history: Arc::default() }
    }

    /// How things are now.
    ///
    /// # Errors
    /// The database.
    pub async fn read(&self) -> Result<Health, StoreError> {
        let (pool, at) = (self.platform.pool(), self.platform.now());
        let in_use = pool.size().saturating_sub(u32::try_from(pool.num_idle()).unwrap_or(u32::MAX));
        Ok(Health {
            at,
            projections: statuses(pool, &self.projections).await?,
            topics: work::topics(pool, at).await?,
            transactions: transactions::read(pool).await?,
            leases: lease::held(pool, "").await?,
            positions: sqlx::query_scalar("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM event_position")
                .fetch_one(pool)
                .await?,
            appended: self.platform.log.append_counts(),
            connections: (in_use, pool.size(), pool.options().get_max_connections()),
        })
    }

    /// The last hour.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Looks every ten seconds, until `stop` turns true.
    pub async fn sample_until(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.read().await {
                Ok(health) => self.history.push(Sample::of(&health)),
                Err(error) => tracing::debug!(%error, "the health could not be sampled"),
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(SAMPLE_EVERY) => {}
            }
        }
    }
}
