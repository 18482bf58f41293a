//! Single-use links. A link opens as long as it is neither used nor expired; that it works only once is decided by the command it
//! causes, whose id is made from the link, so two clicks at the same moment cannot both win.

use recado_event_store::StoreError;
use recado_kernel::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use crate::people::PersonId;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Proves the address.
    Verify,
    /// Sets a new password.
    Reset,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
        }
    }

    /// How long it opens.
    pub const fn lasts(self) -> chrono::Duration {
        match self {
            Self::Verify => chrono::Duration::hours(48),
            Self::Reset => chrono::Duration::hours(2),
        }
    }
}

/// A link that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub person: PersonId,
    pub expires_at: Timestamp,
    pub used: bool,
}

type Row = (String, Uuid, Uuid, Timestamp, Option<Timestamp>);

/// Stores a new link.
pub async fn add(pool: &PgPool, hash: &str, purpose: Purpose, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO link_token (token_hash, purpose, kind, account_id, person_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(hash)
    .bind(purpose.as_str())
    .bind(person.kind())
    .bind(person.account().as_uuid())
    .bind(person.uuid())
    .bind(now)
    .bind(now + purpose.lasts())
    .execute(pool)
    .await?;
    Ok(())
}

/// The link behind a token's digest.
pub async fn find(pool: &PgPool, hash: &str, purpose: Purpose) -> Result<Option<Link>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT kind, account_id, person_id, expires_at, used_at FROM link_token WHERE token_hash = $1 AND purpose = $2",
    )
    .bind(hash)
    .bind(purpose.as_str())
    .fetch_optional(pool)
    .await?;
    row.map(|(kind, account, person, expires_at, used_at)| {
        Ok(Link { person: PersonId::from_parts(&kind, account, person)?, expires_at, used: used_at.is_some() })
    })
    .transpose()
}

/// The link has done its work: it and every other of the same purpose and person are over.
pub async fn use_up(pool: &PgPool, purpose: Purpose, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE link_token SET used_at = $4 WHERE account_id = $1 AND person_id = $2 AND purpose = $3 AND used_at IS NULL AND created_at <= $4",
    )
    .bind(person.account().as_uuid())
    .bind(person.uuid())
    .bind(purpose.as_str())
    .bind(now)
    .execute(pool)
    .await?;
    Ok(())
}

/// Removes links that expired before `before`. Returns how many.
pub async fn sweep(pool: &PgPool, before: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query("DELETE FROM link_token WHERE expires_at < $1").bind(before).execute(pool).await?.rows_affected())
}
