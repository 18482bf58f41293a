//! What the links in mails do, and how to get another.

use recado_event_store::{Alongside, CommandError, StoreError};
use recado_kernel::{AccountId, CommandId, Email, Secret};
use uuid::Uuid;

use super::store_code;
use crate::Accounts;
use crate::credentials::{EMAIL, PASSWORD};
use crate::domain::account::{AccountCommand, PasswordChange};
use crate::domain::password::{self, PasswordProblem};
use crate::mail::templates::Template;
use crate::people::{PersonCommand, PersonId, store_error};
use crate::reactors::requests::Request;
use crate::settings::FORGOTTEN_PATH;
use crate::store::links::{self, Link, Purpose};
use crate::store::{attempts, sessions};

/// Why a link does not open.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LinkError {
    /// Nobody knows it.
    #[error("the link is not valid")]
    Unknown,
    /// Its time is over: ask for another.
    #[error("the link has expired")]
    Expired,
    /// It has done its work.
    #[error("the link was already used")]
    Used,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LinkError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "link_unknown",
            Self::Expired => "link_expired",
            Self::Used => "link_used",
            Self::Store(error) => store_code(error),
        }
    }
}

/// Why no request was taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RequestError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RequestError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Email => "email_invalid",
            Self::Store(error) => store_code(error),
        }
    }
}

/// Why no new password was set.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ResetPasswordError {
    /// The link.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The new password; the link still works.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
}

impl From<StoreError> for ResetPasswordError {
    fn from(error: StoreError) -> Self {
        Self::Link(error.into())
    }
}

impl ResetPasswordError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Link(error) => error.code(),
            Self::Password(problem) => problem.code(),
        }
    }
}

/// The command a link causes: made from it, so a link causes it once.
fn command_of(hash: &str) -> CommandId {
    CommandId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("recado/link/{hash}").as_bytes()))
}

impl Accounts {
    async fn open_link(&self, token: &str, purpose: Purpose) -> Result<(String, Link), LinkError> {
        let hash = self.link_hash(token.trim());
        let link = links::find(self.platform.pool(), &hash, purpose).await?.ok_or(LinkError::Unknown)?;
        match link {
            Link { used: true, .. } => Err(LinkError::Used),
            Link { expires_at, .. } if expires_at <= self.platform.now() => Err(LinkError::Expired),
            link => Ok((hash, link)),
        }
    }

    /// The link of the sign-up mail: the address is proved, the account may be used. Call it on a button press, not on the mere visit:
    /// mail scanners visit links.
    ///
    /// # Errors
    /// The link does not open, or the database.
    pub async fn verify(&self, token: &str) -> Result<AccountId, LinkError> {
        let (hash, link) = self.open_link(token, Purpose::Verify).await?;
        let PersonId::User(account, user) = link.person else { return Err(LinkError::Unknown) };
        let mut meta = self.meta_of(link.person);
        meta.command_id = command_of(&hash);
        let repeated = match self.accounts.execute(&account.to_string(), AccountCommand::Verify { user }, meta).await {
            Ok(outcome) => outcome.replayed,
            // A registration that lost against another of the same address left its link behind.
            Err(CommandError::Refused(_)) => return Err(LinkError::Unknown),
            Err(error) => return Err(store_error(error).into()),
        };
        // What follows is done again after a repeat: the first run may have died before it.
        links::use_up(self.platform.pool(), Purpose::Verify, link.person, self.platform.now()).await?;
        // A second click at the same moment.
        if repeated { Err(LinkError::Used) } else { Ok(account) }
    }

    /// Another link to prove the address. The answer never tells whether the address is known.
    ///
    /// # Errors
    /// Not an e-mail address, or the database.
    pub async fn resend_verification(&self, email: &str) -> Result<(), RequestError> {
        let email: Email = email.parse().map_err(|_| RequestError::Email)?;
        Ok(self.ask(Request::Verification, &email).await?)
    }

    /// A link to set a new password. The answer never tells whether the address is known.
    ///
    /// # Errors
    /// Not an e-mail address, or the database.
    pub async fn forgotten_password(&self, email: &str) -> Result<(), RequestError> {
        let email: Email = email.parse().map_err(|_| RequestError::Email)?;
        Ok(self.ask(Request::PasswordReset, &email).await?)
    }

    /// The link of the new-password mail. Works once; ends every session; opens the door again after too many wrong passwords; proves
    /// the address if that was still to do.
    ///
    /// # Errors
    /// The link does not open, the password is refused (then the link still works), or the database.
    pub async fn reset_password(&self, token: &str, new: Secret<String>) -> Result<(), ResetPasswordError> {
        let (hash, link) = self.open_link(token, Purpose::Reset).await?;
        let person = self.person(link.person).await?.ok_or(LinkError::Unknown)?;
        let principal = self.principal(&person, None).await?.ok_or(LinkError::Unknown)?;
        let email: Email = principal.email.parse().map_err(|_| StoreError::Unreadable("a stored e-mail".into()))?;
        password::check(new.expose(), &email)?;
        let password_protected = self.platform.vault.protect(PASSWORD, &self.passwords.hash(new).await?)?;
        let template = Template::PasswordChanged { forgotten: self.settings.page(FORGOTTEN_PATH) };
        let notice = self.mail_to(&person, template, self.platform.new_uuid()).await?.unwrap_or_else(Alongside::default);
        let command = PersonCommand::ChangePassword { password_protected, how: PasswordChange::Reset, kept_session: None };
        let mut meta = self.meta_of(person.id);
        meta.command_id = command_of(&hash);
        let now = meta.occurred_at;
        let done = self.command(person.id, command, meta, notice).await?.ok_or(LinkError::Unknown)?;
        // What follows is done again after a repeat: the first run may have died before it, and old sessions must not live on.
        let pool = self.platform.pool();
        links::use_up(pool, Purpose::Reset, person.id, now).await?;
        let mut db = pool.acquire().await.map_err(StoreError::from)?;
        sessions::end_all(&mut db, person.id.account(), person.id.uuid(), now, None).await?;
        attempts::reopen(pool, EMAIL, &self.email_digest(&email)).await?;
        if done.replayed { Err(LinkError::Used.into()) } else { Ok(()) }
    }
}
