//! Taking a month's partition out of the log and putting one in: under a lock of milliseconds, asked for again when it is not had.

use sqlx::{PgConnection, PgPool};

use super::eligible::{newest, require_read};
use super::run::only_this;
use super::write::Written;
use super::{ArchiveError, ArchiveState};
use crate::partitions::{LOCK_FOR, Month, STRUCTURE_LOCK, first_id, table_of};
use crate::{StoreError, limits};

const ATTEMPTS: u32 = 20;

/// Moves the month to the schema `archive` and leaves an empty partition in its place. `false`: something was stored since the file was
/// written, so that it is not complete any more. Refused when somebody has begun to read the month since ([`ArchiveError::NotRead`]).
pub(super) async fn detach(pool: &PgPool, month: Month, written: &Written) -> Result<bool, ArchiveError> {
    patiently(|| try_detach(pool, month, written)).await
}

/// Puts the month's table from the schema `archive` back in its place, together with what was stored there meanwhile.
pub(super) async fn attach(pool: &PgPool, month: Month) -> Result<(), ArchiveError> {
    prove_range(pool, month).await?;
    patiently(|| try_attach(pool, month)).await
}

async fn patiently<T, F: Future<Output = Result<T, ArchiveError>>>(attempt: impl Fn() -> F) -> Result<T, ArchiveError> {
    let mut attempts = 1;
    loop {
        match attempt().await {
            Err(ArchiveError::Store(error)) if error.is_unavailable() && attempts < ATTEMPTS => {
                tracing::debug!(attempts, %error, "the month's partition is in use");
                attempts += 1;
                tokio::time::sleep(LOCK_FOR).await;
            }
            outcome => return outcome,
        }
    }
}

async fn begin(pool: &PgPool) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, StoreError> {
    let mut transaction = pool.begin().await?;
    limits::within(&mut transaction, limits::Limits { lock: LOCK_FOR, ..limits::EVERYDAY }).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(STRUCTURE_LOCK).execute(&mut *transaction).await?;
    sqlx::query("LOCK TABLE events_message IN ACCESS EXCLUSIVE MODE").execute(&mut *transaction).await?;
    Ok(transaction)
}

async fn all(db: &mut PgConnection, statements: &[String]) -> Result<(), StoreError> {
    for statement in statements {
        sqlx::query(statement).execute(&mut *db).await?;
    }
    Ok(())
}

async fn try_detach(pool: &PgPool, month: Month, written: &Written) -> Result<bool, ArchiveError> {
    let mut transaction = begin(pool).await?;
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM message_archive WHERE month = $1 AND sha256 = $2")
        .bind(month.to_string())
        .bind(&written.sha256)
        .fetch_optional(&mut *transaction)
        .await?;
    match state {
        Some(state) if state == ArchiveState::Written.as_str() => {}
        // An attempt before this one was committed, and the connection was lost before we heard of it.
        Some(state) if state == ArchiveState::Detached.as_str() => return Ok(true),
        _ => return Err(ArchiveError::Interfered(month)),
    }
    let table = table_of(month);
    if newest(&mut transaction, &table).await? != Some(written.last) {
        return Ok(false);
    }
    // Writing the file took long: a rebuild may have begun since. Who begins one from now on sees the month gone, see `STRUCTURE_LOCK`.
    require_read(&mut transaction, month, written.last).await?;
    let (from, to) = (first_id(month), first_id(month.next()));
    all(
        &mut transaction,
        &[
            format!("ALTER TABLE events_message DETACH PARTITION {table}"),
            format!("ALTER TABLE {table} SET SCHEMA archive"),
            format!("CREATE TABLE {table} PARTITION OF events_message FOR VALUES FROM ('{from}') TO ('{to}')"),
        ],
    )
    .await?;
    sqlx::query("UPDATE message_archive SET state = 'detached', detached_at = clock_timestamp() WHERE month = $1")
        .bind(month.to_string())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// Proves beforehand, without any lock on the log, that the table holds nothing but its month: attaching need not read it.
async fn prove_range(pool: &PgPool, month: Month) -> Result<(), ArchiveError> {
    let mut db = limits::session(pool, limits::LONG).await?;
    let (table, from, to) = (table_of(month), first_id(month), first_id(month.next()));
    all(
        &mut db,
        &[
            format!("ALTER TABLE archive.{table} DROP CONSTRAINT IF EXISTS events_message_range"),
            format!(
                "ALTER TABLE archive.{table} ADD CONSTRAINT events_message_range CHECK (aggregate_id >= '{from}' AND aggregate_id < '{to}')"
            ),
        ],
    )
    .await?;
    Ok(())
}

async fn try_attach(pool: &PgPool, month: Month) -> Result<(), ArchiveError> {
    let mut transaction = begin(pool).await?;
    let (table, from, to) = (table_of(month), first_id(month), first_id(month.next()));
    all(
        &mut transaction,
        &[
            format!("INSERT INTO archive.{table} SELECT * FROM {table}"),
            format!("ALTER TABLE events_message DETACH PARTITION {table}"),
            format!("DROP TABLE {table}"),
            format!("ALTER TABLE archive.{table} SET SCHEMA public"),
            format!("ALTER TABLE events_message ATTACH PARTITION {table} FOR VALUES FROM ('{from}') TO ('{to}')"),
            format!("ALTER TABLE {table} DROP CONSTRAINT events_message_range"),
        ],
    )
    .await?;
    // The row stays until the marks in the sealed chain are gone; without the moment of detaching it says that the log is complete.
    let noted = sqlx::query(
        "UPDATE message_archive SET state = 'restoring', detached_at = NULL WHERE month = $1 AND state IN ('detached', 'restoring')",
    )
    .bind(month.to_string())
    .execute(&mut *transaction)
    .await?;
    only_this(month, &noted)?;
    // A rebuild on its way took the month's rows over; reading the events as well it would count them twice. It begins anew.
    sqlx::query(
        "DELETE FROM projection p USING message_archive m
          WHERE m.month = $1 AND p.role = 'rebuild' AND (p.txid, p.position) < (m.last_txid, m.last_position)",
    )
    .bind(month.to_string())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}
