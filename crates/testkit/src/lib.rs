//! For tests only: a database per test on a real PostgreSQL, a clock that moves by hand, a seeded generator, a real HTTP receiver.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test kit that cannot set up must fail the test loudly"
)]

mod database;
mod golden;
mod receiver;

use std::sync::Arc;

pub use golden::GoldenFiles;
use recado_event_store::{EventLog, MasterKey, Platform, Position, Projection, Projector, Vault, WorkHandler, Worker, reader};
use recado_kernel::{ManualClock, Rng, SeededRng, Timestamp};
pub use receiver::{Received, Receiver};

pub use database::TestDatabase;

/// A platform on a fresh, migrated database.
pub struct TestPlatform {
    /// What use cases take.
    pub platform: Platform,
    /// Starts at 2026-10-05T12:00:00Z.
    pub clock: ManualClock,
    /// The test's own database.
    pub database: TestDatabase,
}

impl TestPlatform {
    /// Each call gives an independent database.
    pub async fn start() -> Self {
        let database = TestDatabase::create().await;
        let clock = ManualClock::at("2026-10-05T12:00:00Z".parse::<Timestamp>().expect("a fixed moment"));
        let (rng, vault_rng) = generators();
        let vault = Vault::open(database.pool.clone(), &master_key(), vault_rng).await.expect("the vault opens");
        let platform = Platform::new(EventLog::start(database.pool.clone()), vault, Arc::new(clock.clone()), rng);
        Self { platform, clock, database }
    }

    /// A second process on the same database and clock: its own log, vault cache and wake-ups.
    #[must_use]
    pub fn another_process(&self) -> Platform {
        let (rng, vault_rng) = generators();
        let vault = self.platform.vault.as_another_process(vault_rng);
        Platform::new(EventLog::start(self.database.pool.clone()), vault, Arc::new(self.clock.clone()), rng)
    }

    /// Runs projections to the end of the log.
    pub async fn catch_up(&self, projections: &[Arc<dyn Projection>]) {
        let mut projector = Projector::new(self.platform.log.clone());
        for projection in projections {
            projector = projector.with(projection.clone());
        }
        // Every writing transaction of the cluster, other tests' included, holds readers back: go on until the end of the log is read.
        let end: Option<(i64, i64)> =
            sqlx::query_as("SELECT txid, global_position FROM events ORDER BY txid DESC, global_position DESC LIMIT 1")
                .fetch_optional(self.platform.pool())
                .await
                .expect("the log answers");
        let end = end.map(|(txid, position)| Position { txid, position }).unwrap_or_default();
        loop {
            projector.catch_up().await.expect("projections catch up");
            let mut all_there = true;
            for name in projector.names() {
                let reached = reader::checkpoint(self.platform.pool(), name).await.expect("the checkpoint is there");
                all_there &= reached.unwrap_or_default() >= end;
            }
            if all_there {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// Does all work that is due now. Returns how many pieces were handled.
    pub async fn drain(&self, handlers: &[Arc<dyn WorkHandler>]) -> usize {
        let mut handled = 0;
        for handler in handlers {
            let worker = Worker::new(self.platform.log.clone(), self.platform.clock.clone(), "test", handler.clone());
            handled += worker.drain().await.expect("work is done");
        }
        handled
    }

    /// Alternates [`Self::catch_up`] and [`Self::drain`] until there is nothing left that is due.
    pub async fn settle(&self, projections: &[Arc<dyn Projection>], handlers: &[Arc<dyn WorkHandler>]) {
        loop {
            self.catch_up(projections).await;
            if self.drain(handlers).await == 0 {
                return;
            }
        }
    }

    /// Every row of the given tables as text: for tests that look for what must not be stored in clear.
    pub async fn dump(&self, tables: &[&str]) -> String {
        let mut text = String::new();
        for table in tables {
            let rows: Vec<String> =
                sqlx::query_scalar(&format!("SELECT t::text FROM {table} t")).fetch_all(&self.database.pool).await.unwrap();
            text.push_str(&rows.join("\n"));
        }
        text
    }
}

/// The installation key of every test platform.
#[must_use]
pub fn master_key() -> MasterKey {
    MasterKey::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a fixed key")
}

/// Unique per process and test: two tests must never derive the same ids.
fn generators() -> (Box<dyn Rng>, Box<dyn Rng>) {
    let mut rng = SeededRng::new(database::unique_number());
    let mut seed = [0; 8];
    rng.fill(&mut seed);
    (Box::new(rng), Box::new(SeededRng::new(u64::from_le_bytes(seed))))
}
