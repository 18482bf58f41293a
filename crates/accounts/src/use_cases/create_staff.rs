//! A new person of the operator, by the command line.

use recado_event_store::{Alongside, Claim, CommandError, StoreError};
use recado_kernel::{Actor, Door, Email, Locale, Secret, StaffId};

use super::store_code;
use crate::credentials::{EMAIL, PASSWORD};
use crate::domain::password::{self, PasswordProblem};
use crate::domain::staff::{StaffCommand, StaffRole};
use crate::people::{PersonId, claim_owner, store_error};
use crate::{Accounts, OPERATOR};

/// Who.
#[derive(Debug, Clone)]
pub struct CreateStaff {
    /// E-mail; must belong to nobody yet.
    pub email: String,
    /// Password in clear; the same rules as for customers.
    pub password: Secret<String>,
    /// Role.
    pub role: StaffRole,
}

/// Why nobody was created.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CreateStaffError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// In use by a customer or by staff.
    #[error("the e-mail address is already in use")]
    EmailTaken,
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CreateStaffError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Email => "email_invalid",
            Self::EmailTaken => "email_taken",
            Self::Password(problem) => problem.code(),
            Self::Store(error) => store_code(error),
        }
    }
}

impl Accounts {
    /// Creates a staff member, who can sign in at once.
    ///
    /// # Errors
    /// See [`CreateStaffError`]; nothing is stored then.
    pub async fn create_staff(&self, form: CreateStaff) -> Result<StaffId, CreateStaffError> {
        let email: Email = form.email.parse().map_err(|_| CreateStaffError::Email)?;
        password::check(form.password.expose(), &email)?;
        let platform = &self.platform;
        let staff = StaffId::from_uuid(platform.new_uuid());
        let person = PersonId::Staff(staff);
        let hash = self.passwords.hash(form.password).await?;
        let email_digest = self.email_digest(&email);
        let claim = Claim { scope: EMAIL.to_owned(), key: email_digest.clone(), owner: claim_owner(person) };
        let command = StaffCommand::Create {
            email: platform.vault.seal(OPERATOR, &person.subject(), email.as_str()).await?,
            email_digest,
            role: form.role,
            locale: Locale::PtBr,
            password_protected: platform.vault.protect(PASSWORD, &hash)?,
        };
        let meta = platform.meta(OPERATOR, Actor::System("cli".to_owned()), Door::Job);
        let alongside = Alongside { claims: vec![claim], ..Alongside::default() };
        match self.staff.create_with(&staff.to_string(), command, meta, move |_, _| alongside.clone()).await {
            Ok(_) => Ok(staff),
            Err(CommandError::ClaimTaken { .. }) => Err(CreateStaffError::EmailTaken),
            Err(other) => Err(store_error(other).into()),
        }
    }
}
