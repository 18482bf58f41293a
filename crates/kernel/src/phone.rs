//! Phone numbers and the other things a `phone` field may hold (plugzapi-api.md 1.4).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An international number, digits only: country code, area code, number (8 to 15 digits, E.164). `Debug` shows only the last
/// four digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// A text that is not a phone number (or chat id).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Invalid phone")]
pub struct InvalidPhone;

impl PhoneNumber {
    /// Digits only, without `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `…1234`, for logs.
    #[must_use]
    pub fn redacted(&self) -> String {
        format!("…{}", &self.0[self.0.len().saturating_sub(4)..])
    }

    /// For people: `+55 62 90000-0001` for Brazilian numbers, `+<digits>` otherwise.
    #[must_use]
    pub fn to_display(&self) -> String {
        let digits = &self.0;
        match (digits.strip_prefix("55"), digits.len()) {
            (Some(rest), 13) => format!("+55 {} {}-{}", &rest[..2], &rest[2..7], &rest[7..]),
            (Some(rest), 12) => format!("+55 {} {}-{}", &rest[..2], &rest[2..6], &rest[6..]),
            _ => format!("+{digits}"),
        }
    }
}

impl FromStr for PhoneNumber {
    type Err = InvalidPhone;
    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '+' | '-' | '(' | ')' | '\u{a0}')).collect();
        let plausible =
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if plausible { Ok(Self(digits)) } else { Err(InvalidPhone) }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidPhone;
    fn try_from(text: String) -> Result<Self, InvalidPhone> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.redacted())
    }
}

/// The other side of a conversation as the `phone` field of the REST API names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ChatAddress {
    /// One person.
    Phone(PhoneNumber),
    /// `…-group`, or the old `{phone}-{unix seconds}` form.
    Group(String),
    /// `…-broadcast`.
    Broadcast(String),
    /// `…@lid`.
    HiddenContact(String),
    /// `…@newsletter`.
    Channel(String),
}

impl ChatAddress {
    /// As it goes over the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Group(id) | Self::Broadcast(id) | Self::HiddenContact(id) | Self::Channel(id) => id,
        }
    }

    /// A group of either form?
    #[must_use]
    pub const fn is_group(&self) -> bool {
        matches!(self, Self::Group(_))
    }

    /// The number, when this is one person.
    #[must_use]
    pub const fn phone(&self) -> Option<&PhoneNumber> {
        if let Self::Phone(phone) = self { Some(phone) } else { None }
    }
}

fn all_digits(text: &str, min: usize) -> bool {
    text.len() >= min && text.len() <= 25 && text.bytes().all(|b| b.is_ascii_digit())
}

impl FromStr for ChatAddress {
    type Err = InvalidPhone;
    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        let text = text.trim();
        let owned = || text.to_owned();
        if let Some(id) = text.strip_suffix("-group") {
            let ok = id.split('-').all(|part| all_digits(part, 5));
            return if ok { Ok(Self::Group(owned())) } else { Err(InvalidPhone) };
        }
        if let Some(id) = text.strip_suffix("-broadcast") {
            return if all_digits(id, 5) { Ok(Self::Broadcast(owned())) } else { Err(InvalidPhone) };
        }
        if let Some(id) = text.strip_suffix("@lid") {
            return if all_digits(id, 5) { Ok(Self::HiddenContact(owned())) } else { Err(InvalidPhone) };
        }
        if let Some(id) = text.strip_suffix("@newsletter") {
            return if all_digits(id, 5) { Ok(Self::Channel(owned())) } else { Err(InvalidPhone) };
        }
        if let Some((creator, seconds)) = text.split_once('-')
            && all_digits(creator, 10)
            && seconds.len() == 10
            && all_digits(seconds, 10)
        {
            return Ok(Self::Group(owned()));
        }
        text.parse().map(Self::Phone)
    }
}

impl TryFrom<String> for ChatAddress {
    type Error = InvalidPhone;
    fn try_from(text: String) -> Result<Self, InvalidPhone> {
        text.parse()
    }
}

impl From<ChatAddress> for String {
    fn from(address: ChatAddress) -> Self {
        address.as_str().to_owned()
    }
}

impl fmt::Display for ChatAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ChatAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        let tail: String = text.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        write!(f, "ChatAddress(…{tail})")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strips_what_people_type() {
        assert_eq!("+55 (62) 90000-0001".parse::<PhoneNumber>().unwrap().as_str(), "5562900000001");
        for bad in ["12345", "", "abc", "55629000000011111", "5562 9000a0001", "0800123456"] {
            assert!(bad.parse::<PhoneNumber>().is_err(), "{bad}");
        }
    }

    #[test]
    fn knows_every_kind_of_chat() {
        let kind = |text: &str| text.parse::<ChatAddress>().unwrap();
        assert!(matches!(kind("5511999990000"), ChatAddress::Phone(_)));
        assert!(matches!(kind("120363025486970112-group"), ChatAddress::Group(_)));
        assert!(matches!(kind("5511999990000-1623281429"), ChatAddress::Group(_)));
        assert!(matches!(kind("1623281429-broadcast"), ChatAddress::Broadcast(_)));
        assert!(matches!(kind("20456789012345@lid"), ChatAddress::HiddenContact(_)));
        assert!(matches!(kind("120363025486970112@newsletter"), ChatAddress::Channel(_)));
        assert!("x-group".parse::<ChatAddress>().is_err());
    }

    #[test]
    fn debug_hides_the_number() {
        let phone: PhoneNumber = "5562900000001".parse().unwrap();
        assert_eq!(format!("{phone:?}"), "PhoneNumber(…0001)");
        assert_eq!(phone.to_display(), "+55 62 90000-0001");
    }

    /// Anything, and what is nearly a number or an id. `cargo xtask fuzz` tries a million of them.
    fn near_a_phone() -> impl Strategy<Value = String> {
        prop_oneof![
            ".{0,40}",
            "[0-9+() \\-\u{a0}]{0,24}",
            "[ ]?[0-9]{3,27}(-[0-9]{0,12})?(-group|-broadcast|@lid|@newsletter|-|@)?[ ]?",
            "(-group|@lid|@newsletter|-broadcast){1,2}",
        ]
    }

    proptest! {
        #[test]
        fn fuzz_phones(text in near_a_phone()) {
            if let Ok(address) = text.parse::<ChatAddress>() {
                prop_assert_eq!(&address.as_str().parse::<ChatAddress>().unwrap(), &address, "what was understood is understood again");
                prop_assert!(address.as_str().len() <= 60 && !address.as_str().contains(char::is_whitespace));
            }
            if let Ok(phone) = text.parse::<PhoneNumber>() {
                prop_assert!((8..=15).contains(&phone.as_str().len()) && phone.as_str().bytes().all(|b| b.is_ascii_digit()));
                let shown = format!("{phone:?}");
                prop_assert!(!phone.to_display().is_empty() && !shown.contains(phone.as_str()));
            }
        }
    }
}
