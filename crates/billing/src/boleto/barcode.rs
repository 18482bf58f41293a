//! The 44 digits of the barcode (billing.md 3.1), from which everything else follows.

use std::fmt;

use chrono::NaiveDate;
use recado_kernel::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::digits::{low_digit, modulo_11, read, write};
use super::{BoletoError, DueDate, decode_factor, factor};

/// Place of the general check digit.
const CHECK: usize = 4;

/// A barcode whose check digits are right.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Barcode([u8; 44]);

impl Barcode {
    /// Puts a boleto together. Without `due` it has no due date, without `value` the payer types it. `free_field` has 25 digits, as the
    /// bank prescribes.
    ///
    /// # Errors
    /// [`BoletoError::Bank`], [`BoletoError::Value`], [`BoletoError::FreeField`], [`BoletoError::TooEarly`].
    pub fn assemble(bank: &str, due: Option<NaiveDate>, value: Option<Money>, free_field: &str) -> Result<Self, BoletoError> {
        let bank = read(bank).filter(|digits| digits.len() == 3 && digits[0] != 8).ok_or(BoletoError::Bank)?;
        let free_field = read(free_field).filter(|digits| digits.len() == 25).ok_or(BoletoError::FreeField)?;
        let factor = due.map(factor).transpose()?.unwrap_or_default();
        let cents = match value {
            None => 0,
            Some(value) if value <= Money::ZERO => return Err(BoletoError::Value),
            Some(value) => (value.as_decimal() * Decimal::ONE_HUNDRED).to_u64().ok_or(BoletoError::Value)?,
        };
        let middle = read(&format!("{factor:04}{cents:010}")).filter(|digits| digits.len() == 14).ok_or(BoletoError::Value)?;
        let mut digits = [0; 44];
        let all = bank.into_iter().chain([9, 0]).chain(middle).chain(free_field);
        digits.iter_mut().zip(all).for_each(|(place, digit)| *place = digit);
        digits[CHECK] = general_check(&digits);
        Ok(Self(digits))
    }

    /// Reads a barcode (44 digits) or a linha digitável (47), with or without dots, hyphens and spaces, and checks all check digits.
    ///
    /// # Errors
    /// [`BoletoError`], the first thing that is wrong.
    pub fn read(text: &str) -> Result<Self, BoletoError> {
        let bare: String = text.chars().filter(|c| !(c.is_whitespace() || matches!(c, '.' | '-'))).collect();
        let digits = read(&bare).ok_or(BoletoError::NotDigits)?;
        if matches!(digits.len(), 44 | 47 | 48) && digits[0] == 8 {
            return Err(BoletoError::Utility);
        }
        match <[u8; 44]>::try_from(digits) {
            Ok(digits) => Self::checked(digits),
            Err(digits) => Self::from_linha(&digits),
        }
    }

    /// Checks the currency and the general check digit.
    pub(super) fn checked(digits: [u8; 44]) -> Result<Self, BoletoError> {
        if digits[3] != 9 {
            return Err(BoletoError::Currency(digits[3]));
        }
        let (expected, found) = (general_check(&digits), digits[CHECK]);
        if expected == found { Ok(Self(digits)) } else { Err(BoletoError::GeneralCheck { expected, found }) }
    }

    /// Says the invoice the same? The check digits cannot notice everything (billing.md 3.5).
    ///
    /// # Errors
    /// [`BoletoError::OtherValue`], [`BoletoError::OtherDueDate`].
    pub fn agrees_with(&self, value: Option<Money>, due: Option<NaiveDate>) -> Result<(), BoletoError> {
        if let Some(expected) = value {
            let found = self.value().unwrap_or_default();
            if found != expected {
                return Err(BoletoError::OtherValue { expected, found });
            }
        }
        if let Some(expected) = due {
            // Read near the day it should say: the round of the count cannot be mistaken.
            match self.due(expected) {
                DueDate::On(found) if found == expected => {}
                DueDate::On(found) => return Err(BoletoError::OtherDueDate { expected, found: found.to_string() }),
                DueDate::None | DueDate::Undefined => {
                    return Err(BoletoError::OtherDueDate { expected, found: "no known day".to_owned() });
                }
            }
        }
        Ok(())
    }

    /// The bank's code.
    #[must_use]
    pub fn bank(&self) -> String {
        write(&self.0[..3])
    }

    /// The general check digit.
    #[must_use]
    pub const fn check_digit(&self) -> u8 {
        self.0[CHECK]
    }

    /// The due date as four digits.
    #[must_use]
    pub fn factor(&self) -> u16 {
        self.0[5..9].iter().fold(0, |factor, digit| factor * 10 + u16::from(*digit))
    }

    /// The due date as it is understood on `read_on`.
    #[must_use]
    pub fn due(&self, read_on: NaiveDate) -> DueDate {
        decode_factor(self.factor(), read_on)
    }

    /// The value; `None` when the payer types it.
    #[must_use]
    pub fn value(&self) -> Option<Money> {
        let cents = self.0[9..19].iter().fold(0, |cents, digit| cents * 10 + i64::from(*digit));
        (cents > 0).then(|| Money::from_cents(cents))
    }

    /// The bank's own 25 digits.
    #[must_use]
    pub fn free_field(&self) -> String {
        write(&self.0[19..])
    }

    pub(super) const fn digits(&self) -> &[u8; 44] {
        &self.0
    }
}

/// Over all digits but itself.
fn general_check(digits: &[u8; 44]) -> u8 {
    low_digit(modulo_11(digits[..CHECK].iter().chain(&digits[CHECK + 1..])).into())
}

impl fmt::Display for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write(&self.0))
    }
}

impl fmt::Debug for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Barcode({self})")
    }
}
