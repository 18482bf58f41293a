//! Checkpointed catch-up readers: read a batch, fold it, store the tables and the checkpoint in one transaction.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::PgConnection;
use tokio::sync::watch;

use crate::{EventLog, Position, RecordedEvent, StoreError, reader};

/// Why a batch could not be folded.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The database: tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event this projection cannot digest: the projection stops and says so; it never skips.
    #[error("event {position}: {reason}")]
    Poison {
        /// Its global position.
        position: i64,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<sqlx::Error> for ProjectionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A read model, or a reactor that turns events into durable work. `project` and the checkpoint commit together: exactly once.
#[async_trait]
pub trait Projection: Send + Sync + 'static {
    /// Unique and versioned, e.g. `instance_list@1`.
    fn name(&self) -> &'static str;

    /// Wire types it wants; empty means every event.
    fn event_types(&self) -> &'static [&'static str];

    /// Folds a batch of wanted events, in order. No I/O other than `db`; never hold locks across anything slow.
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError>;
}

/// Reading positions of this process's projections, for read-your-writes.
#[derive(Debug)]
pub(crate) struct Progress {
    reached: Mutex<HashMap<String, Position>>,
    changed: watch::Sender<u64>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { reached: Mutex::default(), changed: watch::Sender::new(0) }
    }
}

impl Progress {
    pub(crate) fn reached(&self, name: &str, position: Position) -> bool {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).get(name).is_some_and(|at| *at >= position)
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn moved(&self, name: &str, position: Position) {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), position);
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }
}

const BATCH: i64 = 500;
const POLL: Duration = Duration::from_millis(250);

/// Keeps projections up to date, one task each.
#[derive(Clone)]
pub struct Projector {
    log: EventLog,
    projections: Vec<Arc<dyn Projection>>,
}

impl Projector {
    /// Nothing to do yet.
    #[must_use]
    pub const fn new(log: EventLog) -> Self {
        Self { log, projections: vec![] }
    }

    /// Adds a projection.
    #[must_use]
    pub fn with(mut self, projection: Arc<dyn Projection>) -> Self {
        self.projections.push(projection);
        self
    }

    /// Runs until `stop` turns true; returns when every projection has finished its batch.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let tasks: Vec<_> = self
            .projections
            .into_iter()
            .map(|projection| tokio::spawn(follow(self.log.clone(), projection, stop.clone())))
            .collect();
        for task in tasks {
            drop(task.await);
        }
    }

    /// Brings every projection up to date once: for the command line and for tests, which must not wait for a loop.
    ///
    /// # Errors
    /// The first projection that fails.
    pub async fn catch_up(&self) -> Result<(), ProjectionError> {
        for projection in &self.projections {
            while step(&self.log, projection.as_ref()).await? {}
        }
        Ok(())
    }

    /// The names, for status pages and for waiting on all of them.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.projections.iter().map(|projection| projection.name()).collect()
    }
}

async fn follow(log: EventLog, projection: Arc<dyn Projection>, mut stop: watch::Receiver<bool>) {
    let mut bell = log.listen();
    let mut pause = POLL;
    while !*stop.borrow() {
        bell.mark_unchanged();
        match guarded_step(&log, &projection).await {
            Ok(true) => {
                pause = POLL;
                continue;
            }
            Ok(false) => pause = POLL,
            Err(ProjectionError::Poison { position, reason }) => {
                tracing::error!(
                    projection = projection.name(),
                    position,
                    reason,
                    "projection stopped at an event it cannot digest"
                );
                mark_stopped(&log, projection.name(), &format!("event {position}: {reason}")).await;
                pause = Duration::from_secs(30);
            }
            Err(ProjectionError::Store(error)) if error.is_unavailable() => {
                tracing::warn!(projection = projection.name(), %error, "projection waits for the database");
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            // An event or a row nobody can read, a statement that is refused: it does not mend itself, so people must see it.
            Err(ProjectionError::Store(error)) => {
                tracing::error!(projection = projection.name(), %error, "projection stopped");
                mark_stopped(&log, projection.name(), &error.to_string()).await;
                pause = (pause * 2).min(Duration::from_secs(30));
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = bell.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// [`step`] in a task of its own: a projection that panics must not end its loop unseen.
async fn guarded_step(log: &EventLog, projection: &Arc<dyn Projection>) -> Result<bool, ProjectionError> {
    let (log, projection) = (log.clone(), projection.clone());
    let step = tokio::spawn(async move { step(&log, projection.as_ref()).await });
    step.await.unwrap_or_else(|_| Err(StoreError::Unreadable("the projection panicked: this is a defect".into()).into()))
}

/// One batch. `true` when something was read.
async fn step(log: &EventLog, projection: &dyn Projection) -> Result<bool, ProjectionError> {
    let name = projection.name();
    let from = match reader::checkpoint(log.pool(), name).await? {
        Some(position) => position,
        None => {
            sqlx::query("INSERT INTO projection (name) VALUES ($1) ON CONFLICT DO NOTHING")
                .bind(name)
                .execute(log.pool())
                .await?;
            Position::default()
        }
    };
    // Read outside the transaction: an open writing transaction would hold every reader of the cluster back.
    let batch = reader::read_after(log.pool(), from, BATCH).await?;
    let Some(last) = batch.last().map(|event| event.position) else {
        log.progress().moved(name, from);
        return Ok(false);
    };
    let wanted_types = projection.event_types();
    let wanted: Vec<RecordedEvent> =
        batch.into_iter().filter(|event| wanted_types.is_empty() || wanted_types.contains(&event.event_type.as_str())).collect();
    let mut transaction = log.pool().begin().await?;
    // The checkpoint first: a second process on the same batch waits here and then finds it taken.
    let moved = sqlx::query(
        "UPDATE projection SET txid = $2, position = $3, status = 'running', error = NULL, updated_at = clock_timestamp()
          WHERE name = $1 AND txid = $4 AND position = $5",
    )
    .bind(name)
    .bind(last.txid)
    .bind(last.position)
    .bind(from.txid)
    .bind(from.position)
    .execute(&mut *transaction)
    .await?;
    if moved.rows_affected() == 0 {
        // Another process was faster: its tables and checkpoint stand, ours are rolled back.
        transaction.rollback().await?;
        return Ok(true);
    }
    if !wanted.is_empty() {
        projection.project(&wanted, &mut transaction).await?;
    }
    transaction.commit().await?;
    log.progress().moved(name, last);
    if !wanted.is_empty() {
        // A reactor may have added work.
        log.ring();
    }
    Ok(true)
}

async fn mark_stopped(log: &EventLog, name: &str, error: &str) {
    let stopped =
        sqlx::query("UPDATE projection SET status = 'stopped', error = $2, updated_at = clock_timestamp() WHERE name = $1")
            .bind(name)
            .bind(error)
            .execute(log.pool())
            .await;
    if let Err(error) = stopped {
        tracing::warn!(projection = name, %error, "could not record that the projection stopped");
    }
}
