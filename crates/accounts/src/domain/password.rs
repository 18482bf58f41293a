//! What a password must be. Length is what helps; composition rules only breed "Senha123!".

use recado_kernel::Email;

/// The shortest password, in characters.
pub const MIN_CHARS: usize = 10;
/// The longest password, in characters: hashing is work, so its input has a bound.
pub const MAX_CHARS: usize = 200;

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer than [`MIN_CHARS`].
    #[error("the password needs at least 10 characters")]
    TooShort,
    /// More than [`MAX_CHARS`].
    #[error("the password has more than 200 characters")]
    TooLong,
    /// It is the e-mail address.
    #[error("the password must not be the e-mail address")]
    IsEmail,
}

impl PasswordProblem {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::IsEmail => "password_is_email",
        }
    }
}

/// May `password` protect the person with this `email`?
///
/// # Errors
/// The first rule it breaks.
pub fn check(password: &str, email: &Email) -> Result<(), PasswordProblem> {
    if password.trim().eq_ignore_ascii_case(email.as_str()) {
        return Err(PasswordProblem::IsEmail);
    }
    match password.chars().count() {
        ..MIN_CHARS => Err(PasswordProblem::TooShort),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        _ => Err(PasswordProblem::TooLong),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn length_counts_characters_and_the_address_is_no_secret() {
        let email: Email = "ana.maria@exemplo.com.br".parse().unwrap();
        assert_eq!(check("123456789", &email), Err(PasswordProblem::TooShort));
        assert_eq!(check("çãéíõúâêôü", &email), Ok(()), "ten characters, twenty bytes");
        assert_eq!(check(&"x".repeat(200), &email), Ok(()));
        assert_eq!(check(&"x".repeat(201), &email), Err(PasswordProblem::TooLong));
        assert_eq!(check(" Ana.Maria@exemplo.com.br", &email), Err(PasswordProblem::IsEmail));
    }
}
