//! The log's clock after a logical restore.
//!
//! Readers order by PostgreSQL's transaction ids. A dump that is restored into another cluster brings ids that this cluster has not reached:
//! whatever is appended now would come before what is there, and readers would wait for years. Instead of writing every stored id anew
//! (events, checkpoints, and places in the log inside events that must never change) new ids get an offset: the SQL functions `log_txid()`
//! and `log_horizon()` add it. Every stored place stays what it was, so closings, seals and checkpoints go on as if nothing had
//! happened; repairing takes milliseconds however long the log is.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use crate::{StoreError, limits};

/// Where the log stands and what the cluster counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogClock {
    /// The largest id stored anywhere; `i64::MIN` in an empty log.
    pub newest: i64,
    /// The oldest transaction id that is still open, or the next one, as the cluster counts.
    pub cluster: i64,
    /// What is added to the cluster's ids.
    pub offset: i64,
}

impl LogClock {
    /// The smallest id a new event may get.
    #[must_use]
    pub const fn horizon(&self) -> i64 {
        self.cluster.saturating_add(self.offset)
    }

    /// Will everything new come after everything stored?
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.newest < self.horizon()
    }
}

/// What a repair did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repaired {
    /// Nothing was wrong, nothing was changed.
    NotNeeded(LogClock),
    /// The log's clock was put forward.
    Forward(LogClock),
}

/// Why nothing was repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// Servers or other commands are connected.
    #[error("{0} other connections of recado are open on this database: stop every server and command first")]
    InUse(i64),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for RepairError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Reads the log's clock.
///
/// # Errors
/// The database.
pub async fn clock(db: &mut PgConnection) -> Result<LogClock, StoreError> {
    // The largest id is that of an event; when the newest month was archived, that of a checkpoint.
    let (newest, cluster, horizon): (Option<i64>, i64, i64) = sqlx::query_as(
        "SELECT GREATEST((SELECT max(txid) FROM events), (SELECT max(txid) FROM projection)),
                pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                log_horizon() - pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    )
    .fetch_one(db)
    .await?;
    Ok(LogClock { newest: newest.unwrap_or(i64::MIN), cluster, offset: horizon })
}

/// Puts the log's clock behind its newest event, and the next position after the last one. `db` must be the only connection.
///
/// # Errors
/// [`RepairError::InUse`]; the database.
pub async fn repair(db: &mut PgConnection) -> Result<Repaired, RepairError> {
    let mut transaction = db.begin().await?;
    limits::within(&mut transaction, limits::Limits { lock: Duration::from_secs(5), ..limits::LONG }).await?;
    let others: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'recado%'",
    )
    .fetch_one(&mut *transaction)
    .await?;
    if others > 0 {
        return Err(RepairError::InUse(others));
    }
    sqlx::query("LOCK TABLE events, projection IN ACCESS EXCLUSIVE MODE").execute(&mut *transaction).await?;
    sqlx::query(
        "SELECT setval('event_position', GREATEST((SELECT last_value FROM event_position), (SELECT max(global_position) FROM events),
                                                  (SELECT max(position) FROM projection)))",
    )
    .execute(&mut *transaction)
    .await?;
    let found = clock(&mut transaction).await?;
    if found.is_sound() {
        transaction.commit().await?;
        return Ok(Repaired::NotNeeded(found));
    }
    // Counted from the oldest transaction that may still write: whatever id an event gets from now on is larger than the newest.
    let oldest: i64 =
        sqlx::query_scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetch_one(&mut *transaction).await?;
    let offset = found.newest.saturating_add(1).saturating_sub(oldest);
    for statement in [
        format!(
            "CREATE OR REPLACE FUNCTION log_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
             AS 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + {offset}'"
        ),
        format!(
            "CREATE OR REPLACE FUNCTION log_txid() RETURNS bigint LANGUAGE sql STABLE
             AS 'SELECT pg_current_xact_id()::text::bigint + {offset}'"
        ),
    ] {
        sqlx::query(&statement).execute(&mut *transaction).await?;
    }
    sqlx::query("INSERT INTO log_repair (newest_txid, cluster_txid, txid_offset) VALUES ($1, $2, $3)")
        .bind(found.newest)
        .bind(found.cluster)
        .bind(offset)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Repaired::Forward(LogClock { offset, ..found }))
}
