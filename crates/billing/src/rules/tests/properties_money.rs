//! Properties 13 and 14 of billing.md 7: rounding and due dates.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::rules::due_date::due_date;
use crate::rules::holidays::{following_business_day, is_business_day};

/// Half to even on whole numbers: `n / 10^(scale-2)` in cents.
fn reference_half_even(mantissa: i64, scale: u32) -> i64 {
    let unit = 10_i64.pow(scale - 2);
    let (floor, rest) = (mantissa.div_euclid(unit), mantissa.rem_euclid(unit));
    match (2 * rest).cmp(&unit) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Property 13.
    #[test]
    fn rounding_is_near_symmetric_and_half_even(mantissa in -10_000_000_000_i64..10_000_000_000, scale in 2..8_u32) {
        let exact = Decimal::new(mantissa, scale);
        for rounding in [Rounding::Nbr5891, Rounding::Comercial] {
            let rounded = rounding.round(exact);
            prop_assert!((rounded.as_decimal() - exact).abs() <= Decimal::new(5, 3));
            prop_assert_eq!(rounding.round(-exact), -rounded);
        }
        prop_assert_eq!(Rounding::Nbr5891.round(exact), Money::from_cents(reference_half_even(mantissa, scale)));
    }

    /// Property 14.
    #[test]
    fn due_dates_are_business_days_after_the_lead_time(
        months in 0..120_usize, late in 0..60_u64, due_day in 1..=31_u32, lead in 0..=30_u32
    ) {
        let competencia = std::iter::successors(Some(month("2025-01")), |month| Some(month.next())).nth(months).unwrap();
        let issued_on: NaiveDate = competencia.next().first_day() + Days::new(late);
        let mut settings = whole_months();
        settings.system.due_day = due_day;
        settings.system.due_lead_days = lead;
        let due = due_date(competencia, issued_on, &settings);
        let none = std::collections::BTreeSet::new();
        prop_assert!(is_business_day(due, &none));
        prop_assert!(due >= issued_on + Days::new(u64::from(lead)));
        prop_assert_eq!(following_business_day(due, &none), due);
        prop_assert!(due <= competencia.next().first_day() + Days::new(60 + 30 + 31 + 6));
    }
}
