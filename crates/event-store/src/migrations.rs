//! The schema, forward only, from the top-level `migrations` folder.

use sqlx::PgPool;

use crate::StoreError;

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// Brings the database to this version. Safe to call from several processes at once.
///
/// # Errors
/// A migration failed, or the database holds one this version does not know.
pub async fn run(pool: &PgPool) -> Result<(), StoreError> {
    MIGRATOR.run(pool).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Database(other.to_string()),
    })
}

/// Is every migration of this version applied?
///
/// # Errors
/// The database does not answer.
pub async fn is_current(pool: &PgPool) -> Result<bool, StoreError> {
    let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
    let known: Option<bool> = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    if known != Some(true) {
        return Ok(false);
    }
    let applied: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(pool).await?;
    Ok(applied >= Some(newest))
}

/// Changes whenever a migration is added: names the tests' template database.
#[must_use]
pub fn fingerprint() -> u64 {
    MIGRATOR.iter().fold(0xcbf2_9ce4_8422_2325, |hash, migration| {
        migration.checksum.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
    })
}
