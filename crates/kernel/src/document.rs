//! CPF and CNPJ with their check digits, the alphanumeric CNPJ of 2026 included (billing.md 5.5).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A Brazilian tax document, stored without mask, letters in upper case. Check digits prove typing, never identity.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Document {
    /// A person: 11 digits.
    Cpf(String),
    /// A company: 12 letters or digits and two check digits.
    Cnpj(String),
}

/// Why a text is not a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// Neither 11 nor 14 characters once the mask is removed, or characters that do not belong.
    #[error("a CPF has 11 digits and a CNPJ 14 characters")]
    Shape,
    /// The check digits do not match.
    #[error("the check digits do not match")]
    CheckDigits,
}

fn weighted_digit(values: impl DoubleEndedIterator<Item = u32>, max_weight: u32) -> u32 {
    let mut weight = 2;
    let mut sum = 0;
    for value in values.rev() {
        sum += value * weight;
        weight = if weight == max_weight { 2 } else { weight + 1 };
    }
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

fn values(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.bytes().map(|byte| u32::from(byte) - 48)
}

fn check_digits_match(text: &str, body_len: usize, max_weight: u32) -> bool {
    let first = weighted_digit(values(&text[..body_len]), max_weight);
    let second = weighted_digit(values(&text[..body_len]).chain(std::iter::once(first)), max_weight);
    text[body_len..] == format!("{first}{second}")
}

/// Each separator of the mask is optional, but stands only where the mask has it.
fn separators_in_place(text: &str, bare_len: usize) -> bool {
    let mask: &[(usize, char)] =
        if bare_len == 11 { &[(3, '.'), (6, '.'), (9, '-')] } else { &[(2, '.'), (5, '.'), (8, '/'), (12, '-')] };
    let mut seen = 0;
    let mut previous_was_separator = false;
    text.chars().all(|c| {
        let separator = matches!(c, '.' | '-' | '/');
        let ok = !separator || (!previous_was_separator && mask.contains(&(seen, c)));
        seen += usize::from(!separator);
        previous_was_separator = separator;
        ok
    })
}

impl FromStr for Document {
    type Err = InvalidDocument;
    fn from_str(text: &str) -> Result<Self, InvalidDocument> {
        let text = text.trim();
        let bare: String = text.chars().filter(|c| !matches!(c, '.' | '-' | '/')).collect::<String>().to_ascii_uppercase();
        if !separators_in_place(text, bare.len()) {
            return Err(InvalidDocument::Shape);
        }
        if !bare.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Err(InvalidDocument::Shape);
        }
        let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let (valid, document): (bool, fn(String) -> Self) = match bare.len() {
            11 if digits_only(&bare) => (check_digits_match(&bare, 9, 11), Self::Cpf),
            14 if digits_only(&bare[12..]) => (check_digits_match(&bare, 12, 9), Self::Cnpj),
            _ => return Err(InvalidDocument::Shape),
        };
        let all_equal = bare.bytes().all(|b| Some(b) == bare.bytes().next());
        if !valid || all_equal {
            return Err(InvalidDocument::CheckDigits);
        }
        Ok(document(bare))
    }
}

impl Document {
    /// Without mask.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cpf(text) | Self::Cnpj(text) => text,
        }
    }

    /// `529.982.247-25` or `12.ABC.345/01DE-35`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Cpf(d) => format!("{}.{}.{}-{}", &d[..3], &d[3..6], &d[6..9], &d[9..]),
            Self::Cnpj(d) => format!("{}.{}.{}/{}-{}", &d[..2], &d[2..5], &d[5..8], &d[8..12], &d[12..]),
        }
    }
}

impl TryFrom<String> for Document {
    type Error = InvalidDocument;
    fn try_from(text: String) -> Result<Self, InvalidDocument> {
        text.parse()
    }
}

impl From<Document> for String {
    fn from(document: Document) -> Self {
        document.as_str().to_owned()
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpf(_) => "Cpf(…)",
            Self::Cnpj(_) => "Cnpj(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_reference() {
        for good in [
            "12ABC34501DE35",
            "12.ABC.345/01DE-35",
            "12abc34501de35",
            "11222333000181",
            "11.444.777/0001-61",
            "RECAD0ABC00197",
            "B7F2K9T4000293",
            "52998224725",
            "12345678909",
            "11144477735",
        ] {
            assert!(good.parse::<Document>().is_ok(), "{good}");
        }
        for bad in ["12ABC34501DE36", "12ABC34501D-E35", "00000000000000", "12345678900", "11111111111", "", "çççççççççççç12"]
        {
            assert!(bad.parse::<Document>().is_err(), "{bad}");
        }
    }
}
