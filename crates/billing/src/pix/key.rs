//! Pix keys (billing.md 2.1, field 26-01).

use std::fmt;
use std::str::FromStr;

use recado_kernel::{Document, Email};
use uuid::Uuid;

use super::PixError;

/// Longest key a code can carry.
const LONGEST: usize = 77;

/// A key, in the form that goes into a code: documents without mask, e-mail and random keys in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum PixKey {
    /// 11 digits.
    Cpf(String),
    /// 14 characters; letters are possible since 2026.
    Cnpj(String),
    /// At most 77 characters.
    Email(String),
    /// `+` and digits; `+55`, area code and number in Brazil.
    Phone(String),
    /// A UUID given by the central bank.
    Random(Uuid),
}

impl PixKey {
    /// As it stands in a code.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Cpf(key) | Self::Cnpj(key) | Self::Email(key) | Self::Phone(key) => key.clone(),
            Self::Random(key) => key.to_string(),
        }
    }

    /// `cpf`, `cnpj`, `email`, `phone` or `random`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Cpf(_) => "cpf",
            Self::Cnpj(_) => "cnpj",
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
            Self::Random(_) => "random",
        }
    }
}

impl fmt::Debug for PixKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PixKey({}, …)", self.kind())
    }
}

impl FromStr for PixKey {
    type Err = PixError;
    fn from_str(text: &str) -> Result<Self, PixError> {
        let text = text.trim();
        if let Some(digits) = text.strip_prefix('+') {
            return phone(digits).then(|| Self::Phone(text.to_owned())).ok_or(PixError::Key);
        }
        if text.contains('@') {
            let email: Email = text.parse().map_err(|_| PixError::Key)?;
            return if email.as_str().len() <= LONGEST { Ok(Self::Email(email.into())) } else { Err(PixError::Key) };
        }
        if text.len() == 36 {
            return Uuid::try_parse(text).map(Self::Random).map_err(|_| PixError::Key);
        }
        match text.parse::<Document>() {
            Ok(Document::Cpf(digits)) => Ok(Self::Cpf(digits)),
            Ok(Document::Cnpj(characters)) => Ok(Self::Cnpj(characters)),
            Err(_) => Err(PixError::Key),
        }
    }
}

/// In Brazil two digits of area and eight or nine of number; abroad what E.164 allows.
fn phone(digits: &str) -> bool {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    plain && if digits.starts_with("55") { matches!(digits.len(), 12 | 13) } else { (8..=15).contains(&digits.len()) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_five_kinds_of_key() {
        for (typed, kind, text) in [
            ("529.982.247-25", "cpf", "52998224725"),
            ("12.abc.345/01DE-35", "cnpj", "12ABC34501DE35"),
            ("Finance@Example.COM", "email", "finance@example.com"),
            ("+5511912345678", "phone", "+5511912345678"),
            ("7D9F0335-8dcc-4054-9bf9-0dbd61d36906", "random", "7d9f0335-8dcc-4054-9bf9-0dbd61d36906"),
        ] {
            let key: PixKey = typed.parse().unwrap();
            assert_eq!((key.kind(), key.text().as_str()), (kind, text));
        }
        for wrong in
            ["", "11912345678", "12345678900", "+55119", "a@b", "+55 11 91234-5678", "7d9f0335-8dcc-4054-9bf9-0dbd61d3690g"]
        {
            assert_eq!(wrong.parse::<PixKey>(), Err(PixError::Key), "{wrong}");
        }
    }
}
