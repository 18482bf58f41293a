//! What may be forgotten: command ids that nobody will repeat any more; and how anything is forgotten, in small statements.

use chrono::Duration;
use recado_kernel::Timestamp;
use sqlx::PgPool;
use sqlx::postgres::PgQueryResult;

use crate::StoreError;

/// Days a command id is remembered. The longest a command is repeated: our own writer and clients' retries, minutes to hours; an engine's
/// report that WhatsApp tells again after the phone was off, at most 30 days. After that only the aggregate's own state recognises a repeat.
pub const COMMAND_LOG_DAYS: i64 = 30;
/// Fewer days than this would forget commands that are still being retried (webhook receivers and clients try for up to a day, a server
/// may be off over a long weekend).
pub const FEWEST_COMMAND_LOG_DAYS: i64 = 7;

/// Rows per statement: short, so that neither appends nor readers notice.
const BATCH: i64 = 1_000;
/// Batches per call: the sweeper comes again.
const BATCHES: usize = 20;

/// Forgets command ids older than `days`, in small statements, at most twenty thousand per call. Returns how many.
///
/// # Errors
/// The database.
pub async fn command_log(pool: &PgPool, now: Timestamp, days: i64) -> Result<u64, StoreError> {
    let before = now - Duration::days(days.max(FEWEST_COMMAND_LOG_DAYS));
    in_batches(BATCH, |limit| {
        sqlx::query(
            "DELETE FROM command_log c USING (SELECT account_id, command_id FROM command_log WHERE at < $1 ORDER BY at LIMIT $2
                                              FOR UPDATE SKIP LOCKED) old
              WHERE c.account_id = old.account_id AND c.command_id = old.command_id",
        )
        .bind(before)
        .bind(limit)
        .execute(pool)
    })
    .await
}

/// Runs a statement that removes at most so many rows, `rows`, until it finds fewer, at most twenty times: the sweeper comes again. Returns
/// how many rows are gone.
///
/// # Errors
/// The database; what was removed before stays removed.
pub async fn in_batches<F>(rows: i64, mut remove: impl FnMut(i64) -> F) -> Result<u64, StoreError>
where
    F: Future<Output = Result<PgQueryResult, sqlx::Error>>,
{
    let mut gone = 0;
    for _ in 0..BATCHES {
        let removed = remove(rows).await?.rows_affected();
        gone += removed;
        if removed < rows.unsigned_abs() {
            break;
        }
    }
    Ok(gone)
}
