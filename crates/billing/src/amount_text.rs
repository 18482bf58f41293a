//! Amounts as people and files write them: `99.90`. Strict, so that nothing is guessed.

use recado_kernel::Money;

/// Digits before the point an amount may have: what a Pix code and a boleto can carry at most.
const WHOLE_DIGITS: usize = 10;

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAmount {
    /// Not digits with at most two decimals after a point.
    #[error("an amount is written with a point and at most two decimals, for example \"99.90\"")]
    Shape,
    /// Below zero.
    #[error("an amount must not be negative")]
    Negative,
    /// More than 9,999,999,999.99.
    #[error("an amount is at most 9999999999.99")]
    TooLarge,
}

/// Reads `99.90`, `99.9` or `99`: zero or more, at most 9,999,999,999.99.
///
/// # Errors
/// [`InvalidAmount`].
pub fn parse_amount(text: &str) -> Result<Money, InvalidAmount> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() > 2 {
        return Err(InvalidAmount::Shape);
    }
    if whole.trim_start_matches('0').len() > WHOLE_DIGITS {
        return Err(InvalidAmount::TooLarge);
    }
    let amount: Money = text.parse().map_err(|_| InvalidAmount::Shape)?;
    if negative && !amount.is_zero() { Err(InvalidAmount::Negative) } else { Ok(amount) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_amounts_pass() {
        for (text, cents) in [("99.90", 9_990), ("99.9", 9_990), ("99", 9_900), ("0", 0), (" 1.05 ", 105), ("-0.00", 0)] {
            assert_eq!(parse_amount(text), Ok(Money::from_cents(cents)), "{text}");
        }
        assert_eq!(parse_amount("9999999999.99"), Ok(Money::from_cents(999_999_999_999)));
        for text in ["", "1,50", "1_000", "1e3", "+5", ".5", "5.", "1.999", "R$ 5", "NaN", "--1", "٣"] {
            assert_eq!(parse_amount(text), Err(InvalidAmount::Shape), "{text}");
        }
        assert_eq!(parse_amount("-0.01"), Err(InvalidAmount::Negative));
        assert_eq!(parse_amount("10000000000.00"), Err(InvalidAmount::TooLarge));
    }
}
