//! Signing up.

use recado_event_store::StoreError;
use recado_kernel::name::InvalidName;
use recado_kernel::{Document, Email, Locale, Name, Secret, document::InvalidDocument};

use super::registration::Applicant;
use super::store_code;
use crate::domain::password::{self, PasswordProblem};
use crate::mail::templates::{self, Receiver, Template};
use crate::reactors::requests::Request;
use crate::store::links::Purpose;
use crate::{Accounts, VERIFY_PATH};

/// A filled-in form.
#[derive(Debug, Clone)]
pub struct Register {
    /// Name of the person or company.
    pub name: String,
    /// E-mail: permanent.
    pub email: String,
    /// Password in clear.
    pub password: Secret<String>,
    /// CPF or CNPJ with or without mask; empty is none.
    pub document: Option<String>,
    /// Language of the page: also of the mails.
    pub locale: Locale,
}

/// One thing wrong with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegisterProblem {
    /// The name.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The document.
    #[error(transparent)]
    Document(#[from] InvalidDocument),
}

impl RegisterProblem {
    /// The form's field: "name", "email", "password" or "document".
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Name(_) => "name",
            Self::Email => "email",
            Self::Password(_) => "password",
            Self::Document(_) => "document",
        }
    }

    /// Stable name for translations.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name(InvalidName::Empty) => "name_empty",
            Self::Name(InvalidName::TooLong) => "name_too_long",
            Self::Name(InvalidName::ControlCharacters) => "name_control_characters",
            Self::Email => "email_invalid",
            Self::Password(problem) => problem.code(),
            Self::Document(InvalidDocument::Shape) => "document_shape",
            Self::Document(InvalidDocument::CheckDigits) => "document_check_digits",
        }
    }
}

/// Why nothing was registered.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RegisterError {
    /// The form; every problem at once, in the order of its fields.
    #[error("the form has {} problem(s)", .0.len())]
    Invalid(Vec<RegisterProblem>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegisterError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Store(error) => store_code(error),
        }
    }
}

impl Register {
    /// Every field checked.
    pub(super) fn check(self) -> Result<Applicant, RegisterError> {
        let name = self.name.parse::<Name>().map_err(RegisterProblem::Name);
        let email = self.email.parse::<Email>().map_err(|_| RegisterProblem::Email);
        let password = match &email {
            Ok(email) => password::check(self.password.expose(), email).map_err(RegisterProblem::Password),
            Err(_) => Ok(()),
        };
        let document = match self.document.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse::<Document>().map(Some).map_err(RegisterProblem::Document),
        };
        match (name, email, password, document) {
            (Ok(name), Ok(email), Ok(()), Ok(document)) => {
                Ok(Applicant { name, email, password: self.password, document, locale: self.locale })
            }
            (name, email, password, document) => Err(RegisterError::Invalid(
                [name.err(), email.err(), password.err(), document.err()].into_iter().flatten().collect(),
            )),
        }
    }
}

impl Accounts {
    /// Signs somebody up and mails them a link. The answer is the same whether or not the address is in use; if it is, its owner gets a
    /// mail saying that somebody tried (or, while unverified, a new link).
    ///
    /// # Errors
    /// [`RegisterError::Invalid`] with every wrong field, or the database.
    pub async fn register(&self, form: Register) -> Result<(), RegisterError> {
        let applicant = form.check()?;
        let prepared = self.prepare(&applicant, false).await?;
        let person = prepared.person();
        let link = self.new_link(Purpose::Verify, person, VERIFY_PATH).await?;
        let receiver = Receiver { to: applicant.email.to_string(), name: applicant.name.to_string(), locale: applicant.locale };
        let (id, now) = (self.platform.new_uuid(), self.platform.now());
        let mail = templates::write(Template::Verify { link }, receiver, id, now);
        let alongside = crate::mail::outgoing(&self.platform.vault, prepared.account, &mail)?;
        let meta = self.meta_of(person);
        if self.store_registration(prepared, meta, alongside).await?.is_none() {
            self.ask(Request::RepeatedRegistration, &applicant.email).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_at_once() {
        let form = Register {
            name: "x".repeat(300),
            email: "ana@".into(),
            password: Secret::new("curta".into()),
            document: Some("11.222.333/0001-82".into()),
            locale: Locale::PtBr,
        };
        let Err(RegisterError::Invalid(problems)) = form.check() else { unreachable!("the form is wrong") };
        let codes: Vec<_> = problems.iter().map(|problem| (problem.field(), problem.code())).collect();
        assert_eq!(codes, [("name", "name_too_long"), ("email", "email_invalid"), ("document", "document_check_digits")]);
    }

    #[test]
    fn an_empty_document_is_none() {
        let form = Register {
            name: "Padaria Ipê".into(),
            email: "ana@exemplo.com".into(),
            password: Secret::new("uma senha longa".into()),
            document: Some("  ".into()),
            locale: Locale::PtBr,
        };
        assert!(form.check().is_ok_and(|applicant| applicant.document.is_none()));
    }
}
