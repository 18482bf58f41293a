//! The schema, forward only, from the top-level `migrations` folder.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection as _, PgPool};

use crate::StoreError;
use crate::limits::{self, Limits};

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Whoever starts while another process migrates waits for it as long as it takes.
const WAIT: Limits = Limits { lock: Duration::ZERO, ..limits::LONG };
const MIGRATION_LOCK: i64 = 0x7265_6361_646f_0000;

/// Brings the database to this version. Safe to call from several processes at once. Files are applied in the order of their numbers; one
/// that is new but has a lower number than those applied before is applied all the same.
///
/// # Errors
/// A migration failed, or the database holds one this version does not know.
pub async fn run(pool: &PgPool) -> Result<(), StoreError> {
    // In a session of its own: a file that builds an index on a large table may take longer than any everyday statement, but it must
    // not queue for a lock, with all appends behind it, longer than they would wait.
    let mut db = limits::session(pool, WAIT).await?;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(MIGRATION_LOCK).execute(&mut db).await?;
    limits::for_session(&mut db, limits::LONG).await?;
    let ran = MIGRATOR.run(&mut db).await;
    // Also gives the lock back.
    db.close().await?;
    ran.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Database(other.to_string()),
    })
}

/// Is every migration of this version applied?
///
/// # Errors
/// The database does not answer.
pub async fn is_current(pool: &PgPool) -> Result<bool, StoreError> {
    Ok(missing(pool).await?.is_empty())
}

/// The numbers of this version's migrations that are not applied, lowest first.
///
/// # Errors
/// The database does not answer.
pub async fn missing(pool: &PgPool) -> Result<Vec<i64>, StoreError> {
    let known: Option<bool> = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    let applied: Vec<i64> = if known == Some(true) {
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(pool).await?
    } else {
        vec![]
    };
    Ok(MIGRATOR.iter().map(|migration| migration.version).filter(|version| !applied.contains(version)).collect())
}
/// Changes whenever a migration is added: names the tests' template database.
#[must_use]
pub fn fingerprint() -> u64 {
    MIGRATOR.iter().fold(0xcbf2_9ce4_8422_2325, |hash, migration| {
        migration.checksum.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
    })
}
