//! A new password, knowing the old one.

use recado_event_store::{Alongside, StoreError};
use recado_kernel::{Email, Secret, Timestamp};

use super::sign_in::SignInError;
use super::store_code;
use crate::credentials::PASSWORD;
use crate::domain::account::PasswordChange;
use crate::domain::password::{self, PasswordProblem};
use crate::mail::templates::Template;
use crate::people::{PersonCommand, PersonId};
use crate::settings::FORGOTTEN_PATH;
use crate::store::links::{self, Purpose};
use crate::store::sessions;
use crate::{Accounts, Principal};

/// Why the password stays.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ChangePasswordError {
    /// The old one is not right.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Too many wrong attempts.
    #[error("too many attempts, closed until {until}")]
    Locked {
        /// When to try again.
        until: Timestamp,
    },
    /// The new one breaks a rule.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ChangePasswordError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::Locked { .. } => "locked",
            Self::Password(problem) => problem.code(),
            Self::Store(error) => store_code(error),
        }
    }
}

impl Accounts {
    /// Changes the password of whoever is signed in. Their other sessions end, this one stays; a mail tells them.
    ///
    /// # Errors
    /// The old password, the new password, too many attempts, or the database.
    pub async fn change_password(
        &self,
        principal: &Principal,
        old: Secret<String>,
        new: Secret<String>,
    ) -> Result<(), ChangePasswordError> {
        let email: Email = principal.email.parse().map_err(|_| StoreError::Unreadable("a stored e-mail".into()))?;
        password::check(new.expose(), &email)?;
        // The same counter as at the door: a stolen session must not guess either.
        let person = self.authenticate(&email, old, None).await.map_err(|error| match error {
            SignInError::Locked { until } => ChangePasswordError::Locked { until },
            SignInError::Store(error) => error.into(),
            SignInError::WrongCredentials | SignInError::Unverified => ChangePasswordError::WrongPassword,
        })?;
        if person.id != PersonId::of(principal) {
            return Err(ChangePasswordError::WrongPassword);
        }
        let kept_session = principal.session_id;
        let password_protected = self.platform.vault.protect(PASSWORD, &self.passwords.hash(new).await?)?;
        let template = Template::PasswordChanged { forgotten: self.settings.page(FORGOTTEN_PATH) };
        let notice = self.mail_to(&person, template, self.platform.new_uuid()).await?.unwrap_or_else(Alongside::default);
        let command = PersonCommand::ChangePassword { password_protected, how: PasswordChange::Changed, kept_session };
        let meta = self.meta_of(person.id);
        let now = meta.occurred_at;
        self.command(person.id, command, meta, notice).await?.ok_or(ChangePasswordError::WrongPassword)?;
        let pool = self.platform.pool();
        links::use_up(pool, Purpose::Reset, person.id, now).await?;
        let mut db = pool.acquire().await.map_err(StoreError::from)?;
        sessions::end_all(&mut db, person.id.account(), person.id.uuid(), now, kept_session).await?;
        Ok(())
    }
}
