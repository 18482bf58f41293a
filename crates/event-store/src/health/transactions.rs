//! Writing transactions that are still open: readers of the whole cluster stop in front of the oldest one (event-sourcing.md 5).

use serde::Serialize;
use sqlx::PgPool;

use crate::StoreError;

/// What holds readers back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transactions {
    /// The oldest that has written, in any database of the cluster, prepared ones included. `None`: nobody is writing, or this role may not
    /// see other roles' sessions (grant it `pg_monitor`).
    pub oldest: Option<OldestTransaction>,
    /// Transaction ids between the oldest open one and the newest: seen without any right.
    pub open_span: i64,
}

/// One transaction.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct OldestTransaction {
    /// Since when it is open, in seconds.
    pub age_seconds: f64,
    /// In which database.
    pub database: String,
    /// Of which program, or the name of a prepared transaction.
    pub who: String,
    /// What it is doing, e.g. "idle in transaction", "prepared".
    pub state: String,
}

pub(super) async fn read(pool: &PgPool) -> Result<Transactions, StoreError> {
    // Only those with a transaction id hold readers back; a transaction that only reads (it has a backend_xmin) does not.
    let oldest = sqlx::query_as(
        "SELECT * FROM (
             SELECT EXTRACT(EPOCH FROM clock_timestamp() - xact_start)::float8 AS age_seconds, COALESCE(datname, '')::text AS database,
                    COALESCE(NULLIF(application_name, ''), usename::text, 'unknown') AS who, COALESCE(state, '') AS state
               FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
             UNION ALL
             SELECT EXTRACT(EPOCH FROM clock_timestamp() - prepared)::float8, database::text, gid, 'prepared' FROM pg_prepared_xacts
         ) t ORDER BY age_seconds DESC LIMIT 1",
    )
    .fetch_optional(pool)
    .await?;
    let open_span = sqlx::query_scalar(
        "SELECT pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() AS s",
    )
    .fetch_one(pool)
    .await?;
    Ok(Transactions { oldest, open_span })
}
