//! Brazilian reais with exactly two decimals (billing.md 1.9).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount in BRL, scale 2. There is no way in from a float. Serialised as a JSON string ("99.90").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Money(Decimal);

/// An amount that is not money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoney {
    /// Not a decimal number.
    #[error("not a decimal amount")]
    NotANumber,
    /// More than two decimals: round explicitly first.
    #[error("an amount has at most two decimals")]
    TooPrecise,
}

impl Money {
    /// R$ 0,00.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// From whole cents.
    #[must_use]
    pub fn from_cents(cents: i64) -> Self {
        Self(Decimal::new(cents, 2))
    }

    /// From a decimal that already has at most two decimals.
    ///
    /// # Errors
    /// [`InvalidMoney::TooPrecise`] when cents would be lost.
    pub fn try_from_decimal(amount: Decimal) -> Result<Self, InvalidMoney> {
        if amount.normalize().scale() > 2 {
            return Err(InvalidMoney::TooPrecise);
        }
        let mut amount = amount;
        amount.rescale(2);
        Ok(Self(amount))
    }

    /// Rounds half to even at the second decimal: ABNT NBR 5891, the default rule (billing.md 1.9).
    #[must_use]
    pub fn round_nbr5891(amount: Decimal) -> Self {
        let mut rounded = amount.round_dp(2);
        rounded.rescale(2);
        Self(rounded)
    }

    /// The amount as a decimal of scale 2.
    #[must_use]
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// Below zero?
    #[must_use]
    pub fn is_negative(self) -> bool {
        self < Self::ZERO
    }

    /// Exactly zero?
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Brazilian notation with a no-break space: `R$ 1.234,56`, `-R$ 12,00` (billing.md 5.1).
    #[must_use]
    pub fn to_brl(self) -> String {
        let text = format!("{:.2}", self.0.abs());
        let (whole, cents) = text.split_once('.').unwrap_or((text.as_str(), "00"));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        let sign = if self.is_negative() { "-" } else { "" };
        format!("{sign}R$\u{a0}{grouped},{cents}")
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl FromStr for Money {
    type Err = InvalidMoney;
    fn from_str(text: &str) -> Result<Self, InvalidMoney> {
        Self::try_from_decimal(text.trim().parse().map_err(|_| InvalidMoney::NotANumber)?)
    }
}

impl TryFrom<Decimal> for Money {
    type Error = InvalidMoney;
    fn try_from(amount: Decimal) -> Result<Self, InvalidMoney> {
        Self::try_from_decimal(amount)
    }
}

impl From<Money> for Decimal {
    /// Always at scale 2, and zero without a sign: what is stored and sent reads "0.00".
    fn from(money: Money) -> Self {
        let mut amount = money.0;
        amount.rescale(2);
        if amount.is_zero() {
            amount.set_sign_positive(true);
        }
        amount
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn prints_brazilian_notation() {
        assert_eq!(Money::from_cents(123_456).to_brl(), "R$\u{a0}1.234,56");
        assert_eq!(Money::from_cents(-1_200).to_brl(), "-R$\u{a0}12,00");
        assert_eq!(Money::from_cents(100_000_000).to_brl(), "R$\u{a0}1.000.000,00");
        assert_eq!(Money::ZERO.to_brl(), "R$\u{a0}0,00");
    }

    #[test]
    fn is_a_string_in_json_and_keeps_its_scale() {
        assert_eq!(serde_json::to_string(&Money::from_cents(9_990)).unwrap(), "\"99.90\"");
        assert_eq!(serde_json::to_string(&-Money::ZERO).unwrap(), "\"0.00\"");
        assert_eq!(serde_json::from_str::<Money>("\"99.9\"").unwrap(), Money::from_cents(9_990));
        assert!(serde_json::from_str::<Money>("\"99.999\"").is_err());
    }

    #[test]
    fn rounds_half_to_even() {
        assert_eq!(Money::round_nbr5891("49.985".parse().unwrap()).to_string(), "49.98");
        assert_eq!(Money::round_nbr5891("49.975".parse().unwrap()).to_string(), "49.98");
    }
}
