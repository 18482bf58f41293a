//! `view_account`: one row per account.

use async_trait::async_trait;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, Locale, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, PgPool, Row};
use uuid::Uuid;

use super::{tag, unsealed, unsealed_option};
use crate::domain::account::{AccountEvent, SubjectKind};

/// Name of the projection, for waiting until it has read a position.
pub const ACCOUNT_LIST: &str = "account_list@1";

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// The address is not proved yet.
    Unverified,
    /// In use.
    Active,
}

/// An account as lists and pages show it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Name given at sign-up; empty once erased.
    pub name: String,
    /// E-mail; empty once erased.
    pub email: String,
    /// CPF or CNPJ without mask.
    pub document: Option<String>,
    /// Language of the owner.
    pub locale: Locale,
    /// Where it stands.
    pub status: AccountStatus,
    /// Do REST calls need the Client-Token?
    pub client_token_active: bool,
    /// Sign-up.
    pub created_at: Timestamp,
    /// When the address was proved.
    pub verified_at: Option<Timestamp>,
    /// The latest sign-in.
    pub last_sign_in_at: Option<Timestamp>,
}

impl std::fmt::Debug for AccountRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountRow").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

impl FromRow<'_, PgRow> for AccountRow {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let status: String = row.try_get("status")?;
        Ok(Self {
            id: AccountId::from_uuid(row.try_get("account_id")?),
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            document: row.try_get("document")?,
            locale: Locale::from_tag(row.try_get("locale")?),
            status: if status == "active" { AccountStatus::Active } else { AccountStatus::Unverified },
            client_token_active: row.try_get("client_token_active")?,
            created_at: row.try_get("created_at")?,
            verified_at: row.try_get("verified_at")?,
            last_sign_in_at: row.try_get("last_sign_in_at")?,
        })
    }
}

/// The projection.
pub struct AccountList {
    platform: Platform,
}

impl AccountList {
    /// Unseals with `platform`'s vault.
    #[must_use]
    pub const fn new(platform: Platform) -> Self {
        Self { platform }
    }

    async fn registered(
        &self,
        id: Uuid,
        at: Timestamp,
        event: &AccountEvent,
        db: &mut PgConnection,
    ) -> Result<(), ProjectionError> {
        let AccountEvent::Registered { name, email, email_digest, document, locale, client_token_digest, .. } = event else {
            return Ok(());
        };
        let name = unsealed(&self.platform, name).await?;
        sqlx::query(
            "INSERT INTO view_account (account_id, name, name_folded, email, email_digest, document, locale, status, client_token_digest, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'unverified', $8, $9) ON CONFLICT (account_id) DO NOTHING",
        )
        .bind(id)
        .bind(&name)
        .bind(folded(&name))
        .bind(unsealed(&self.platform, email).await?)
        .bind(email_digest)
        .bind(unsealed_option(&self.platform, document.as_ref()).await?)
        .bind(tag(*locale))
        .bind(client_token_digest)
        .bind(at)
        .execute(db)
        .await?;
        Ok(())
    }
}

#[async_trait]
impl Projection for AccountList {
    fn name(&self) -> &'static str {
        ACCOUNT_LIST
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "account.registered",
            "account.verified",
            "account.signed_in",
            "account.client_token_activated",
            "account.client_token_rotated",
            "account.profile_changed",
            "account.subject_erased",
        ]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_account"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for record in batch {
            let (id, at) = (record.account_id.as_uuid(), record.occurred_at);
            match record.decode::<AccountEvent>()? {
                event @ AccountEvent::Registered { .. } => self.registered(id, at, &event, db).await?,
                AccountEvent::Verified { .. } => {
                    sqlx::query(
                        "UPDATE view_account SET status = 'active', verified_at = COALESCE(verified_at, $2) WHERE account_id = $1",
                    )
                    .bind(id)
                    .bind(at)
                    .execute(&mut *db)
                    .await?;
                }
                AccountEvent::SignedIn { .. } => {
                    sqlx::query("UPDATE view_account SET last_sign_in_at = $2 WHERE account_id = $1")
                        .bind(id)
                        .bind(at)
                        .execute(&mut *db)
                        .await?;
                }
                AccountEvent::ClientTokenActivated {} => {
                    sqlx::query("UPDATE view_account SET client_token_active = true WHERE account_id = $1")
                        .bind(id)
                        .execute(&mut *db)
                        .await?;
                }
                AccountEvent::ClientTokenRotated { token_digest, .. } => {
                    sqlx::query("UPDATE view_account SET client_token_digest = $2 WHERE account_id = $1")
                        .bind(id)
                        .bind(token_digest)
                        .execute(&mut *db)
                        .await?;
                }
                AccountEvent::ProfileChanged { name, document, locale, .. } => {
                    let name = unsealed(&self.platform, &name).await?;
                    sqlx::query(
                        "UPDATE view_account SET name = $2, name_folded = $3, document = $4, locale = $5 WHERE account_id = $1",
                    )
                    .bind(id)
                    .bind(&name)
                    .bind(folded(&name))
                    .bind(unsealed_option(&self.platform, document.as_ref()).await?)
                    .bind(tag(locale))
                    .execute(&mut *db)
                    .await?;
                }
                AccountEvent::SubjectErased(erased) if erased.kind == SubjectKind::Owner => {
                    sqlx::query(
                        "UPDATE view_account SET name = '', name_folded = '', email = '', email_digest = '', document = NULL WHERE account_id = $1",
                    )
                    .bind(id)
                    .execute(&mut *db)
                    .await?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// One account.
pub async fn find(pool: &PgPool, id: AccountId) -> Result<Option<AccountRow>, StoreError> {
    Ok(sqlx::query_as("SELECT * FROM view_account WHERE account_id = $1").bind(id.as_uuid()).fetch_optional(pool).await?)
}

/// Several accounts, in no particular order.
pub async fn find_many(pool: &PgPool, ids: &[AccountId]) -> Result<Vec<AccountRow>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(AccountId::as_uuid).collect();
    Ok(sqlx::query_as("SELECT * FROM view_account WHERE account_id = ANY ($1)").bind(ids).fetch_all(pool).await?)
}

/// Lower case, without the accents of Portuguese: "PADARIA IPÊ" is found by "padaria ipe".
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Accounts whose name (accents and case aside) or e-mail contains `text`, or whose id it is; exact e-mails first, then the newest.
pub async fn search(pool: &PgPool, text: &str, limit: i64) -> Result<Vec<AccountRow>, StoreError> {
    let text = text.trim().to_lowercase();
    Ok(sqlx::query_as(
        "SELECT * FROM view_account
          WHERE name_folded LIKE $1 OR email LIKE $2 OR account_id = $3
          ORDER BY (email = $4) DESC, created_at DESC LIMIT $5",
    )
    .bind(containing(&folded(&text)))
    .bind(containing(&text))
    .bind(Uuid::parse_str(&text).ok())
    .bind(&text)
    .bind(limit)
    .fetch_all(pool)
    .await?)
}

/// What the REST API must ask for: (active, digest of the Client-Token).
pub async fn client_token(pool: &PgPool, id: AccountId) -> Result<Option<(bool, String)>, StoreError> {
    Ok(sqlx::query_as("SELECT client_token_active, client_token_digest FROM view_account WHERE account_id = $1")
        .bind(id.as_uuid())
        .fetch_optional(pool)
        .await?)
}
