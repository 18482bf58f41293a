//! How far the sealing has come.

use recado_kernel::{AccountId, Timestamp};
use sqlx::{PgPool, Row};

use super::{AUDIT_SEAL, Digest};
use crate::{Position, StoreError, reader};

/// Everything up to here is sealed. Ask before moving events out of the log.
///
/// # Errors
/// The database does not answer.
pub async fn sealed_up_to(pool: &PgPool) -> Result<Position, StoreError> {
    Ok(reader::checkpoint(pool, AUDIT_SEAL).await?.unwrap_or_default())
}

/// Where an account's chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealState {
    /// How many events are sealed; the number of the last one.
    pub last_ordinal: i64,
    /// The head after it.
    pub head: Digest,
    /// When the log learnt of it.
    pub recorded_at: Timestamp,
    /// When it was sealed (database clock).
    pub sealed_at: Timestamp,
}

/// The end of an account's chain; `None` while nothing of it is sealed.
///
/// # Errors
/// The database does not answer.
pub async fn seal_state(pool: &PgPool, account: AccountId) -> Result<Option<SealState>, StoreError> {
    let row = sqlx::query(
        "SELECT first_ordinal + count - 1 AS last_ordinal, head, recorded_to, sealed_at FROM audit_seal
          WHERE account_id = $1 ORDER BY first_ordinal DESC LIMIT 1",
    )
    .bind(account.as_uuid())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(SealState {
            last_ordinal: row.try_get("last_ordinal")?,
            head: Digest::from_bytes(row.try_get("head")?).ok_or_else(|| StoreError::Unreadable("audit_seal.head".into()))?,
            recorded_at: row.try_get("recorded_to")?,
            sealed_at: row.try_get("sealed_at")?,
        })
    })
    .transpose()
}
