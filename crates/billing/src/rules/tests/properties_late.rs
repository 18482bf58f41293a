//! Properties 10 and 15 of billing.md 7: the ledger of an invoice, and late charges.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::rules::{BillingSettings, Receivable};

fn due() -> NaiveDate {
    "2026-05-11".parse().unwrap()
}

fn invoice(cents: i64) -> Receivable {
    Receivable::new(Money::from_cents(cents), due(), &BillingSettings::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Property 10.
    #[test]
    fn the_ledger_of_an_invoice_balances(
        issued in 1..1_000_000_i64,
        mut happenings in prop::collection::vec((0..120_u64, 1..400_000_i64, any::<bool>()), 0..12),
    ) {
        happenings.sort_by_key(|(day, ..)| *day);
        let mut open = invoice(issued);
        let (mut credit, mut given) = (Money::ZERO, Money::ZERO);
        for (day, cents, pays) in happenings {
            let on = due() - Days::new(30) + Days::new(day);
            let amount = Money::from_cents(cents);
            if pays {
                let receipt = open.pay(on, amount);
                prop_assert_eq!(receipt.fine + receipt.interest + receipt.principal + receipt.excess, amount);
                credit += receipt.excess;
            } else if let Ok(credited) = open.credit(on, amount) {
                prop_assert_eq!(credited.principal + credited.to_balance, amount);
                credit += credited.to_balance;
                given += credited.to_balance;
            }
            // Issued - credit notes (as far as they met an open amount) - payments (principal) - write-offs = open balance.
            let noted = open.credit_notes() - given;
            prop_assert_eq!(Money::from_cents(issued) - noted - open.paid_principal() - open.written_off(), open.principal());
            prop_assert!(!open.principal().is_negative() && !credit.is_negative());
            let quote = open.quote(on);
            prop_assert_eq!(quote.principal + quote.fine + quote.interest, quote.total);
            prop_assert!(!quote.fine.is_negative() && !quote.interest.is_negative());
        }
    }

    /// Property 15.
    #[test]
    fn late_charges_grow_by_day_and_are_additive(cents in 2..10_000_000_i64, cut in 1..10_000_000_i64, day in 0..400_u64) {
        let cut = 1 + cut % (cents - 1);
        let on = due() + Days::new(day);
        let charges = |cents: i64, on: NaiveDate| {
            let quote = invoice(cents).quote(on);
            quote.fine + quote.interest
        };
        prop_assert!(charges(cents, on) <= charges(cents, on + Days::new(1)));
        prop_assert!(charges(cents, due() - Days::new(day)).is_zero());
        for part in [|q: crate::rules::Quote| q.fine, |q: crate::rules::Quote| q.interest] {
            let of = |cents: i64| part(invoice(cents).quote(on)).as_decimal();
            let apart = of(cut) + of(cents - cut) - of(cents);
            prop_assert!(apart.abs() <= rust_decimal::Decimal::new(2, 2), "{apart}");
        }
    }
}
