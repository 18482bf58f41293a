//! Display names typed by people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Trimmed, 1 to 100 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but spaces.
    #[error("the name is empty")]
    Empty,
    /// More than [`Name::MAX_CHARS`] characters.
    #[error("the name has more than 100 characters")]
    TooLong,
    /// Control or invisible direction characters.
    #[error("the name contains control characters")]
    ControlCharacters,
}

impl Name {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 100;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidName::Empty);
        }
        if text.chars().count() > Self::MAX_CHARS {
            return Err(InvalidName::TooLong);
        }
        let is_bidi_control = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
        if text.chars().any(|c| c.is_control() || is_bidi_control(c)) {
            return Err(InvalidName::ControlCharacters);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Name {
    type Error = InvalidName;
    fn try_from(text: String) -> Result<Self, InvalidName> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_long_and_hidden() {
        assert_eq!("  ".parse::<Name>(), Err(InvalidName::Empty));
        assert_eq!("x".repeat(300).parse::<Name>(), Err(InvalidName::TooLong));
        assert_eq!("a\u{0}b".parse::<Name>(), Err(InvalidName::ControlCharacters));
        assert!("Padaria Ipê 🥖".parse::<Name>().is_ok());
    }
}
