//! `view_partner_token`: the integrator tokens of an account, and when each was last shown (`partner_token_use`).

use async_trait::async_trait;
use recado_event_store::{Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, Timestamp};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::account::AccountEvent;

/// Name of the projection.
pub const PARTNER_TOKENS: &str = "partner_tokens@1";
/// A token's use is written down at most this often, in seconds.
const USE_SECONDS: i64 = 60;

/// One token as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PartnerTokenRow {
    /// Its id.
    pub token_id: Uuid,
    /// What it is called.
    pub name: String,
    /// Its last four characters.
    pub tail: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was made void.
    pub revoked_at: Option<Timestamp>,
    /// When it was last shown, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// The projection.
pub struct PartnerTokenList;

#[async_trait]
impl Projection for PartnerTokenList {
    fn name(&self) -> &'static str {
        PARTNER_TOKENS
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["account.partner_token_created", "account.partner_token_revoked"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_partner_token"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for record in batch {
            match record.decode::<AccountEvent>()? {
                AccountEvent::PartnerTokenCreated { token, name, tail, .. } => {
                    sqlx::query(
                        "INSERT INTO view_partner_token (token_id, account_id, name, tail, created_at) VALUES ($1, $2, $3, $4, $5)
                         ON CONFLICT (token_id) DO NOTHING",
                    )
                    .bind(token)
                    .bind(record.account_id.as_uuid())
                    .bind(name)
                    .bind(tail)
                    .bind(record.occurred_at)
                    .execute(&mut *db)
                    .await?;
                }
                AccountEvent::PartnerTokenRevoked { token } => {
                    sqlx::query("UPDATE view_partner_token SET revoked_at = $2 WHERE token_id = $1")
                        .bind(token)
                        .bind(record.occurred_at)
                        .execute(&mut *db)
                        .await?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The tokens of an account, newest first.
pub async fn of_account(pool: &PgPool, account: AccountId) -> Result<Vec<PartnerTokenRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT t.token_id, t.name, t.tail, t.created_at, t.revoked_at, u.last_used_at
           FROM view_partner_token t LEFT JOIN partner_token_use u ON u.token_id = t.token_id AND u.account_id = t.account_id
          WHERE t.account_id = $1 ORDER BY t.created_at DESC, t.token_id",
    )
    .bind(account.as_uuid())
    .fetch_all(pool)
    .await?)
}

/// Writes down that a token was shown; a use less than a minute after the last one is not worth a row.
pub async fn note_use(pool: &PgPool, account: AccountId, token: Uuid, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO partner_token_use AS u (token_id, account_id, last_used_at) VALUES ($1, $2, $3)
         ON CONFLICT (token_id) DO UPDATE SET last_used_at = excluded.last_used_at WHERE u.last_used_at < $4",
    )
    .bind(token)
    .bind(account.as_uuid())
    .bind(now)
    .bind(now - chrono::Duration::seconds(USE_SECONDS))
    .execute(pool)
    .await?;
    Ok(())
}
