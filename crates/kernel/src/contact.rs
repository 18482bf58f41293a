//! One contact under all the ways its number is written.
//!
//! Brazilian mobile numbers got a ninth digit between 2012 and 2016, and WhatsApp still knows many of them without it: the same person is
//! `55 62 8888-7777` in one place and `55 62 98888-7777` in another. Digests of chats in stored events stay as the number was written (they
//! cannot change); whoever compares contacts compares with every form.

use crate::{ChatAddress, PhoneNumber};

/// Country code of Brazil.
const BRAZIL: &str = "55";

impl PhoneNumber {
    /// The form with the ninth digit, for a Brazilian mobile number that lacks it; every other number as it is. Landlines (which begin
    /// with 2 to 5) never had one.
    #[must_use]
    pub fn canonical(&self) -> Self {
        match (brazilian(self.as_str()), self.as_str().len()) {
            (Some((area, number)), 12) if is_old_mobile(number) => written(&format!("{BRAZIL}{area}9{number}"), self),
            _ => self.clone(),
        }
    }

    /// Every form in which this number may stand somewhere, the canonical one first.
    #[must_use]
    pub fn written_forms(&self) -> Vec<Self> {
        let canonical = self.canonical();
        let short = match brazilian(canonical.as_str()) {
            Some((area, number)) if number.len() == 9 && number.starts_with('9') && is_old_mobile(&number[1..]) => {
                Some(written(&format!("{BRAZIL}{area}{}", &number[1..]), &canonical))
            }
            _ => None,
        };
        std::iter::once(canonical).chain(short).collect()
    }
}

impl ChatAddress {
    /// Every way this one is written, the canonical one first. Only phone numbers have more than one.
    #[must_use]
    pub fn written_forms(&self) -> Vec<Self> {
        match self {
            Self::Phone(phone) => phone.written_forms().into_iter().map(Self::Phone).collect(),
            other => vec![other.clone()],
        }
    }

    /// Is it one person (a number, or one that hides it)?
    #[must_use]
    pub const fn is_person(&self) -> bool {
        matches!(self, Self::Phone(_) | Self::HiddenContact(_))
    }
}

/// Area code and the rest of a number of Brazil.
fn brazilian(digits: &str) -> Option<(&str, &str)> {
    let national = digits.strip_prefix(BRAZIL)?;
    let (area, number) = national.split_at_checked(2)?;
    (!area.contains('0')).then_some((area, number))
}

/// Eight digits of a mobile telephone as they were before the ninth.
fn is_old_mobile(number: &str) -> bool {
    number.len() == 8 && number.starts_with(['6', '7', '8', '9'])
}

fn written(digits: &str, otherwise: &PhoneNumber) -> PhoneNumber {
    digits.parse().unwrap_or_else(|_| otherwise.clone())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str) -> PhoneNumber {
        text.parse().unwrap()
    }

    fn forms(text: &str) -> Vec<String> {
        phone(text).written_forms().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_mobile_number_is_one_with_and_without_its_ninth_digit() {
        for text in ["556288887777", "5562988887777"] {
            assert_eq!(phone(text).canonical().as_str(), "5562988887777");
            assert_eq!(forms(text), ["5562988887777", "556288887777"], "{text}");
        }
    }

    #[test]
    fn landlines_and_other_countries_have_one_form() {
        for text in ["556233334444", "5562233334444", "14155550100", "4479460958123", "5500988887777", "351912345678"] {
            assert_eq!(forms(text), [text], "{text}");
        }
    }

    #[test]
    fn only_people_are_people() {
        let chat = |text: &str| text.parse::<ChatAddress>().unwrap();
        assert!(chat("5562988887777").is_person() && chat("20456789012345@lid").is_person());
        assert!(!chat("120363025486970112-group").is_person());
        assert_eq!(chat("20456789012345@lid").written_forms(), [chat("20456789012345@lid")]);
    }

    proptest! {
        /// Whichever form one begins with, the same forms come out.
        #[test]
        fn every_form_has_the_same_forms(digits in "(55[1-9][1-9][0-9]{8,9}|[1-9][0-9]{7,14})") {
            let number = phone(&digits);
            let all = number.written_forms();
            prop_assert!(all.contains(&number));
            for form in &all {
                prop_assert_eq!(form.canonical(), number.canonical());
                prop_assert_eq!(&form.written_forms(), &all);
            }
        }
    }
}
