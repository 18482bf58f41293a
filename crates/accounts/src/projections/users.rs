//! `view_user`: the people of the accounts, for sessions.

use async_trait::async_trait;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent};
use sqlx::PgConnection;

use super::{tag, unsealed};
use crate::domain::account::{AccountEvent, Role};

/// Name of the projection.
pub const USER_LIST: &str = "user_list@1";

/// The projection.
pub struct UserList {
    platform: Platform,
}

impl UserList {
    /// Unseals with `platform`'s vault.
    #[must_use]
    pub const fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

#[async_trait]
impl Projection for UserList {
    fn name(&self) -> &'static str {
        USER_LIST
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["account.registered", "account.verified", "account.profile_changed", "account.subject_erased"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_user"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for record in batch {
            let account = record.account_id.as_uuid();
            match record.decode::<AccountEvent>()? {
                AccountEvent::Registered { owner, name, email, locale, .. } => {
                    sqlx::query(
                        "INSERT INTO view_user (user_id, account_id, name, email, role, locale, verified, created_at)
                         VALUES ($1, $2, $3, $4, $5, $6, false, $7) ON CONFLICT (user_id) DO NOTHING",
                    )
                    .bind(owner.as_uuid())
                    .bind(account)
                    .bind(unsealed(&self.platform, &name).await?)
                    .bind(unsealed(&self.platform, &email).await?)
                    .bind(Role::Owner.as_str())
                    .bind(tag(locale))
                    .bind(record.occurred_at)
                    .execute(&mut *db)
                    .await?;
                }
                AccountEvent::Verified { user } => {
                    sqlx::query("UPDATE view_user SET verified = true WHERE user_id = $1 AND account_id = $2")
                        .bind(user.as_uuid())
                        .bind(account)
                        .execute(&mut *db)
                        .await?;
                }
                AccountEvent::ProfileChanged { user, name, locale, .. } => {
                    sqlx::query("UPDATE view_user SET name = $3, locale = $4 WHERE user_id = $1 AND account_id = $2")
                        .bind(user.as_uuid())
                        .bind(account)
                        .bind(unsealed(&self.platform, &name).await?)
                        .bind(tag(locale))
                        .execute(&mut *db)
                        .await?;
                }
                AccountEvent::SubjectErased(erased) => {
                    if let Some(user) = erased.user {
                        sqlx::query("UPDATE view_user SET name = '', email = '' WHERE user_id = $1 AND account_id = $2")
                            .bind(user.as_uuid())
                            .bind(account)
                            .execute(&mut *db)
                            .await?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}
