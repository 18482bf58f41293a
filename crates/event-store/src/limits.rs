//! Time limits of our own on every connection, whoever configured the server: a statement that hangs ends, a transaction that idles is cut
//! (it would hold every reader of the cluster back), a lock that is not had is given up.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool};

use crate::StoreError;

/// How long things may take; zero means for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One statement.
    pub statement: Duration,
    /// A transaction that does nothing.
    pub idle_in_transaction: Duration,
    /// Waiting for one lock.
    pub lock: Duration,
}

/// Requests, projections, workers.
pub const EVERYDAY: Limits =
    Limits { statement: Duration::from_secs(30), idle_in_transaction: Duration::from_secs(30), lock: Duration::from_secs(15) };

/// What reads or writes the whole log on purpose: archiving, repairing, migrating. In a session of its own ([`session`]) or within one
/// transaction ([`within`]), never on a connection that goes back to the pool changed.
pub const LONG: Limits = Limits {
    statement: Duration::from_secs(4 * 3_600),
    idle_in_transaction: Duration::from_secs(60),
    lock: Duration::from_secs(15),
};

/// Sets the limits for the rest of the session. For a pool's `after_connect`: unlike start-up options it also works through a pooler
/// (one that keeps a session per client: session mode).
///
/// # Errors
/// The database.
pub async fn for_session(db: &mut PgConnection, limits: Limits) -> Result<(), sqlx::Error> {
    set(db, limits, false).await
}

/// Sets the limits until the end of the transaction that is open on `db`.
///
/// # Errors
/// The database.
pub async fn within(db: &mut PgConnection, limits: Limits) -> Result<(), sqlx::Error> {
    set(db, limits, true).await
}

/// A connection beside the pool with limits of its own; close it when done.
///
/// # Errors
/// The database.
pub async fn session(pool: &PgPool, limits: Limits) -> Result<PgConnection, StoreError> {
    let mut db = PgConnection::connect_with(&pool.connect_options()).await?;
    for_session(&mut db, limits).await?;
    Ok(db)
}

/// The limits that hold on this connection.
///
/// # Errors
/// The database.
pub async fn in_force(db: &mut PgConnection) -> Result<Limits, StoreError> {
    let (statement, idle_in_transaction, lock): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'),
                (SELECT setting::bigint FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'),
                (SELECT setting::bigint FROM pg_settings WHERE name = 'lock_timeout')",
    )
    .fetch_one(db)
    .await?;
    let millis = |value: i64| Duration::from_millis(u64::try_from(value).unwrap_or_default());
    Ok(Limits { statement: millis(statement), idle_in_transaction: millis(idle_in_transaction), lock: millis(lock) })
}

async fn set(db: &mut PgConnection, limits: Limits, local: bool) -> Result<(), sqlx::Error> {
    let millis = |limit: Duration| limit.as_millis().to_string();
    sqlx::query(
        "SELECT set_config('statement_timeout', $1, $4), set_config('idle_in_transaction_session_timeout', $2, $4),
                set_config('lock_timeout', $3, $4)",
    )
    .bind(millis(limits.statement))
    .bind(millis(limits.idle_in_transaction))
    .bind(millis(limits.lock))
    .bind(local)
    .execute(db)
    .await?;
    Ok(())
}
