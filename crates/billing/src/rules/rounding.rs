//! The only two ways to cents (billing.md 1.9) and the split that always adds up.

use recado_kernel::Money;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// How an exact amount becomes cents. Both are symmetric for negative amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rounding {
    /// ABNT NBR 5891: half to even.
    #[default]
    Nbr5891,
    /// Half away from zero, as spreadsheets do (`ARRED`).
    Comercial,
}

impl Rounding {
    /// Rounds once, to two decimals.
    #[must_use]
    pub fn round(self, exact: Decimal) -> Money {
        let rounded = match self {
            Self::Nbr5891 => exact,
            Self::Comercial => exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero),
        };
        // Already on cents in the second case: nothing is rounded twice.
        Money::round_nbr5891(rounded)
    }
}

/// Splits `total` over exact `shares` (which add up to it before rounding) by largest remainder: every share is floored to cents, the
/// missing cents go to the largest fractional parts, ties to the earliest (billing.md 1.5, step 7). The result always adds up.
#[must_use]
pub fn largest_remainder(total: Money, shares: &[Decimal]) -> Vec<Money> {
    let cent = Decimal::new(1, 2);
    let floors: Vec<Decimal> =
        shares.iter().map(|share| share.round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity)).collect();
    let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
    by_remainder.sort_by_key(|&i| (std::cmp::Reverse((shares[i] - floors[i]).normalize()), i));
    let mut missing = total.as_decimal() - floors.iter().sum::<Decimal>();
    let mut split = floors;
    for index in by_remainder {
        if missing < cent {
            break;
        }
        split[index] += cent;
        missing -= cent;
    }
    split.into_iter().map(Money::round_nbr5891).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_two_rules_differ_only_on_exact_half_cents() {
        for (exact, even, away) in [
            ("49.985", "49.98", "49.99"),
            ("49.975", "49.98", "49.98"),
            ("-12.345", "-12.34", "-12.35"),
            ("1.2349", "1.23", "1.23"),
        ] {
            let exact: Decimal = exact.parse().unwrap();
            assert_eq!(Rounding::Nbr5891.round(exact).to_string(), even);
            assert_eq!(Rounding::Comercial.round(exact).to_string(), away);
        }
    }

    #[test]
    fn missing_cents_go_to_the_largest_remainders_and_ties_to_the_earliest() {
        let third: Decimal = Decimal::from(10) / Decimal::from(3);
        let split = largest_remainder(Money::from_cents(1_000), &[third, third, third]);
        assert_eq!(split.iter().map(ToString::to_string).collect::<Vec<_>>(), ["3.34", "3.33", "3.33"]);
    }
}
