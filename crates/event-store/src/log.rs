//! One process's access to the event log.

use std::sync::Arc;

use recado_kernel::{AccountId, CommandId};
use sqlx::PgPool;
use tokio::sync::watch;

use crate::append::{Append, Appended};
use crate::projection::Progress;
use crate::wake::{self, AppendCounts, Wake};
use crate::work::Desk;
use crate::writer::Writer;
use crate::{AppendError, Position, StoreError, reader};

const WRITERS: usize = 2;

/// Appends events and wakes the readers of this process. Cheap to clone; must be created inside a tokio runtime.
#[derive(Debug, Clone)]
pub struct EventLog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    pool: PgPool,
    writer: Writer,
    wake: Wake,
    progress: Progress,
    desk: Desk,
}

impl EventLog {
    /// Starts the writer tasks on `pool`. The schema must be in place ([`crate::migrations::run`]).
    #[must_use]
    pub fn start(pool: PgPool) -> Self {
        let wake = Wake::new();
        let writer = Writer::start(pool.clone(), wake.clone(), WRITERS);
        let desk = Desk::beside(&pool);
        Self { inner: Arc::new(Inner { pool, writer, wake, progress: Progress::default(), desk }) }
    }

    /// The connection pool, for projections' queries.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    /// Stores what a command decided; answers after the commit.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when the aggregate moved on, [`AppendError::ClaimTaken`], or the database's own troubles.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.inner.writer.append(append).await
    }

    /// Resolves whenever something was stored or done, by this process or (with [`Self::connect_processes`]) by another; poll as well,
    /// a notification may be missed.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.inner.wake.listen()
    }

    /// Like [`Self::listen`], but only for events.
    #[must_use]
    pub(crate) fn listen_appended(&self) -> watch::Receiver<u64> {
        self.inner.wake.listen_appended()
    }

    /// Tells other processes of what is stored here and wakes this one's readers for what is stored there, until `stop` turns true.
    /// `own_name` must differ between processes.
    pub async fn connect_processes(&self, own_name: &str, stop: watch::Receiver<bool>) {
        wake::connect_processes(self.pool().clone(), self.inner.wake.clone(), own_name.to_owned(), stop).await;
    }

    /// Tells running servers at once if this process stored anything: for programs that end before a loop would tell.
    ///
    /// # Errors
    /// The database; nothing is lost then, servers poll.
    pub async fn announce(&self) -> Result<(), StoreError> {
        wake::announce(self.pool(), &self.inner.wake).await
    }

    /// What this process has appended since it started.
    #[must_use]
    pub fn append_counts(&self) -> AppendCounts {
        self.inner.wake.counts()
    }

    /// Wakes this process's readers, e.g. after work was added outside an append. Say which with [`Self::ring_topics`] where it is known.
    pub fn ring(&self) {
        self.inner.wake.ring();
    }

    /// Wakes those who do work of these topics, here and in other processes.
    pub fn ring_topics(&self, topics: &[&str]) {
        self.inner.wake.ring_topics(topics.iter().copied());
    }

    /// The same for this process alone.
    pub(crate) fn ring_here(&self, topic: &str) {
        self.inner.wake.ring_here(topic);
    }

    /// Resolves whenever there may be something to do of `topic`.
    pub(crate) fn listen_topic(&self, topic: &str) -> watch::Receiver<u64> {
        self.inner.wake.listen_topic(topic)
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.inner.desk
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.inner.progress
    }

    /// Waits until the projection `name` has read up to `position`, at most `at_most`. `false` when it did not get there in time:
    /// show what there is with a "still processing" mark.
    pub async fn wait_for(&self, name: &str, position: Position, at_most: std::time::Duration) -> bool {
        let deadline = tokio::time::Instant::now() + at_most;
        let mut progress = self.inner.progress.listen();
        loop {
            if self.inner.progress.reached(name, position)
                || reader::checkpoint(self.pool(), name).await.is_ok_and(|c| c.is_some_and(|c| c >= position))
            {
                return true;
            }
            let tick = tokio::time::Instant::now() + std::time::Duration::from_millis(50);
            if tokio::time::Instant::now() >= deadline {
                return false;
            }
            drop(tokio::time::timeout_at(tick.min(deadline), progress.changed()).await);
        }
    }

    /// Which aggregate a command of the account was carried out on; `None` when it was not, or is forgotten ([`crate::prune`]).
    ///
    /// # Errors
    /// The database.
    pub async fn aggregate_of(&self, account: AccountId, command: CommandId) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT aggregate_id FROM command_log WHERE account_id = $1 AND command_id = $2")
            .bind(account.as_uuid())
            .bind(command.as_uuid())
            .fetch_optional(self.pool())
            .await?)
    }

    /// Refuses a restored dump whose transaction ids lie in the future of this cluster: readers would see nothing
    /// (event-sourcing.md 5). Call at start-up.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with what to do.
    pub async fn check_not_from_the_future(&self) -> Result<(), StoreError> {
        let clock = crate::repair::clock(&mut *self.pool().acquire().await?).await?;
        if clock.is_sound() {
            return Ok(());
        }
        Err(StoreError::Unreadable(format!(
            "the log holds transaction {}, but this cluster is only at {}: it was restored from a dump, and nothing new would ever be \
             seen. Stop every server, then run `recado log repair --yes`",
            clock.newest,
            clock.horizon()
        )))
    }
}
