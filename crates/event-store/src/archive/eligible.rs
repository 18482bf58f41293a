//! May a month leave the log?

use recado_kernel::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::ArchiveError;
use crate::audit::AUDIT_SEAL;
use crate::partitions::{Month, first_moment, months, table_of};
use crate::{Position, StoreError, reader};

/// Refuses a month that goes on, that somebody has not read, or that is not sealed.
pub(super) async fn require(pool: &PgPool, month: Month, now: Timestamp) -> Result<(), ArchiveError> {
    if first_moment(month.next()) > now {
        return Err(ArchiveError::NotOver(month));
    }
    if !months(pool).await?.contains(&month) {
        return Err(ArchiveError::NoSuchMonth(month));
    }
    let mut db = pool.acquire().await?;
    let last = newest(&mut db, &table_of(month)).await?.ok_or(ArchiveError::Nothing(month))?;
    let sealed = reader::checkpoint(pool, AUDIT_SEAL).await?;
    if sealed.is_none_or(|sealed| sealed < last) {
        return Err(ArchiveError::NotSealed(month));
    }
    require_read(&mut db, month, last).await
}

/// Refuses a month whose newest event, `last`, somebody has not read: a running rebuild and tables kept for a rollback included.
pub(super) async fn require_read(db: &mut PgConnection, month: Month, last: Position) -> Result<(), ArchiveError> {
    let behind: Option<(String, String)> =
        sqlx::query_as("SELECT name, status FROM projection WHERE (txid, position) < ($1, $2) ORDER BY name LIMIT 1")
            .bind(last.txid)
            .bind(last.position)
            .fetch_optional(db)
            .await?;
    match behind {
        None => Ok(()),
        Some((name, status)) => {
            let hint = match (name.ends_with("/retired"), status.as_str()) {
                (true, _) => "; these are tables kept for a rollback: drop them with `recado projections forget`",
                (false, "stopped") => "; it has stopped, `recado doctor` says why",
                (false, _) => "",
            };
            Err(ArchiveError::NotRead { month, name, hint })
        }
    }
}

/// Where the newest event of a partition stands; `None` when it is empty.
pub(super) async fn newest(db: &mut PgConnection, table: &str) -> Result<Option<Position>, StoreError> {
    let statement = format!("SELECT txid, global_position FROM {table} ORDER BY txid DESC, global_position DESC LIMIT 1");
    let row: Option<(i64, i64)> = sqlx::query_as(&statement).fetch_optional(db).await?;
    Ok(row.map(|(txid, position)| Position { txid, position }))
}
