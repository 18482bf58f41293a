//! An account made by the operator, whose word stands for the address: command line, demo data.

use recado_event_store::{Alongside, Position, StoreError};
use recado_kernel::{AccountId, Actor, Door, Locale, Secret, UserId};

use super::register::{Register, RegisterError, RegisterProblem};
use super::store_code;
use crate::{Accounts, Principal, PrincipalKind, Role};

/// What the operator gives.
#[derive(Debug, Clone)]
pub struct CreateAccount {
    /// E-mail; must belong to nobody yet.
    pub email: String,
    /// Password in clear; the same rules as for everybody.
    pub password: Secret<String>,
    /// Name.
    pub name: String,
}

/// What the operator gets.
#[derive(Debug, Clone)]
pub struct CreatedAccount {
    /// The tenant.
    pub account_id: AccountId,
    /// Its owner.
    pub user_id: UserId,
    /// Not active yet.
    pub client_token: Secret<String>,
    /// For the partner routes.
    pub partner_token: Secret<String>,
    /// Where the creation stands in the log.
    pub position: Position,
    /// The owner, for acting in their name.
    pub principal: Principal,
}

/// Why there is no new account.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CreateAccountError {
    /// Wrong fields.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<RegisterProblem>),
    /// In use by a customer or by staff.
    #[error("the e-mail address is already in use")]
    EmailTaken,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CreateAccountError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::EmailTaken => "email_taken",
            Self::Store(error) => store_code(error),
        }
    }
}

impl Accounts {
    /// Creates an account whose owner can sign in at once. No mail is sent.
    ///
    /// # Errors
    /// See [`CreateAccountError`]; nothing is stored then.
    pub async fn create_verified_account(&self, given: CreateAccount) -> Result<CreatedAccount, CreateAccountError> {
        let CreateAccount { email, password, name } = given;
        let form = Register { name, email, password, document: None, locale: Locale::PtBr };
        let applicant = form.check().map_err(|error| match error {
            RegisterError::Invalid(problems) => CreateAccountError::Invalid(problems),
            RegisterError::Store(error) => error.into(),
        })?;
        let prepared = self.prepare(&applicant, true).await?;
        let (account_id, user_id) = (prepared.account, prepared.owner);
        let (client_token, partner_token) = (prepared.client_token.clone(), prepared.partner_token.clone());
        let meta = self.platform.meta(account_id, Actor::System("cli".to_owned()), Door::Job);
        let stored = self.store_registration(prepared, meta, Alongside::default()).await?;
        let position = stored.ok_or(CreateAccountError::EmailTaken)?;
        let principal = Principal {
            kind: PrincipalKind::User { account_id, user_id, role: Role::Owner },
            name: applicant.name.to_string(),
            email: applicant.email.to_string(),
            locale: applicant.locale,
            verified: true,
            session_id: None,
        };
        let (client_token, partner_token) = (Secret::new(client_token), Secret::new(partner_token));
        Ok(CreatedAccount { account_id, user_id, client_token, partner_token, position, principal })
    }
}
