//! One archiving or restoring run at a time, over all processes: two at once would write over each other's file.

use sqlx::{Connection as _, PgConnection, PgPool};

use super::ArchiveError;
use crate::{StoreError, limits};

const LOCK: i64 = 0x7265_6361_646f_0002;

/// Does `work` while nobody else archives or restores. The lock lives in a session of its own: it ends with the process, however that ends.
///
/// # Errors
/// [`ArchiveError::Busy`]; what `work` says.
pub(super) async fn alone<T>(pool: &PgPool, work: impl Future<Output = Result<T, ArchiveError>>) -> Result<T, ArchiveError> {
    let mut session = limits::session(pool, limits::EVERYDAY).await?;
    let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut session).await?;
    if !taken {
        return Err(ArchiveError::Busy);
    }
    let outcome = work.await;
    if let Err(error) = let_go(session).await {
        tracing::debug!(%error, "the lock of the archive ended with its connection");
    }
    outcome
}

/// Said, not left to the closing: the next run may ask at once.
async fn let_go(mut session: PgConnection) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(&mut session).await?;
    session.close().await?;
    Ok(())
}
