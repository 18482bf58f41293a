//! Name, document and language of the account. The e-mail is permanent.

use recado_event_store::StoreError;
use recado_kernel::name::InvalidName;
use recado_kernel::{Document, Locale, Name, document::InvalidDocument};

use super::store_code;
use crate::domain::account::AccountCommand;
use crate::people::{PersonId, store_error};
use crate::{Accounts, Forbidden, Permission, Principal};

/// A filled-in form.
#[derive(Debug, Clone)]
pub struct ChangeProfile {
    /// Name of the person or company.
    pub name: String,
    /// CPF or CNPJ with or without mask; empty is none.
    pub document: Option<String>,
    /// Language of the panel and of mails.
    pub locale: Locale,
}

/// Why nothing changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ChangeProfileError {
    /// Another role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The name.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The document.
    #[error(transparent)]
    Document(#[from] InvalidDocument),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ChangeProfileError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::Name(InvalidName::Empty) => "name_empty",
            Self::Name(InvalidName::TooLong) => "name_too_long",
            Self::Name(InvalidName::ControlCharacters) => "name_control_characters",
            Self::Document(InvalidDocument::Shape) => "document_shape",
            Self::Document(InvalidDocument::CheckDigits) => "document_check_digits",
            Self::Store(error) => store_code(error),
        }
    }
}

impl Accounts {
    /// Changes the account's name, document and language.
    ///
    /// # Errors
    /// Not allowed, a wrong field, or the database.
    pub async fn change_profile(&self, principal: &Principal, form: ChangeProfile) -> Result<(), ChangeProfileError> {
        let account = principal.require(Permission::ManageAccount)?;
        let PersonId::User(_, user) = PersonId::of(principal) else { return Err(Forbidden.into()) };
        let name: Name = form.name.parse()?;
        let document = match form.document.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(text.parse::<Document>()?),
        };
        let (vault, subject) = (&self.platform.vault, PersonId::of(principal).subject());
        let document = match document {
            None => None,
            Some(document) => Some(vault.seal(account, &subject, document.as_str()).await?),
        };
        let name = vault.seal(account, &subject, name.as_str()).await?;
        let command = AccountCommand::ChangeProfile { user, name, document, locale: form.locale };
        let meta = self.meta_of(PersonId::of(principal));
        let outcome = self.accounts.execute(&account.to_string(), command, meta).await.map_err(store_error)?;
        self.seen(outcome.position).await;
        Ok(())
    }
}
