//! G14, G15 (late part) and G18 of billing.md 8, and the payments of 1.12.

use chrono::NaiveDate;

use super::*;
use crate::rules::{BillingSettings, Quote, Receipt, Receivable};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn invoice(amount: &str, due: &str) -> Receivable {
    Receivable::new(money(amount), date(due), &BillingSettings::default())
}

fn quote(principal: &str, fine: &str, interest: &str, total: &str) -> Quote {
    Quote { principal: money(principal), fine: money(fine), interest: money(interest), total: money(total) }
}

#[test]
fn g14_and_g15_quotes() {
    for (amount, due, on, expected) in [
        ("99.90", "2026-12-10", "2026-12-20", quote("99.90", "2.00", "0.33", "102.23")),
        ("99.90", "2026-10-13", "2026-10-13", quote("99.90", "0.00", "0.00", "99.90")),
        ("99.90", "2026-10-13", "2026-10-14", quote("99.90", "2.00", "0.03", "101.93")),
        // The published example of 1.12: 0.1666 is 0.17 with us.
        ("100.00", "2026-10-13", "2026-10-18", quote("100.00", "2.00", "0.17", "102.17")),
        ("99.90", "2026-12-10", "2026-11-01", quote("99.90", "0.00", "0.00", "99.90")),
    ] {
        assert_eq!(invoice(amount, due).quote(date(on)), expected, "{amount} due {due} on {on}");
    }
}

#[test]
fn g14_paid_in_full() {
    let mut open = invoice("99.90", "2026-12-10");
    let receipt = open.pay(date("2026-12-20"), money("102.23"));
    let expected = Receipt { fine: money("2.00"), interest: money("0.33"), principal: money("99.90"), ..Receipt::default() };
    assert_eq!(receipt, expected);
    assert!(open.is_settled() && open.late_fees() == money("2.33"));
}

#[test]
fn g18_partial_late_payments() {
    let mut open = invoice("300.00", "2026-05-11");
    let first = open.pay(date("2026-05-21"), money("100.00"));
    let expected = Receipt { fine: money("6.00"), interest: money("1.00"), principal: money("93.00"), ..Receipt::default() };
    assert_eq!(first, expected);
    assert_eq!(open.quote(date("2026-05-21")), quote("207.00", "0.00", "0.00", "207.00"));
    assert_eq!(open.quote(date("2026-05-31")), quote("207.00", "0.00", "0.69", "207.69"));
    assert!(open.keeps_suspended(date("2026-05-31")));
    let second = open.pay(date("2026-05-31"), money("207.69"));
    assert_eq!((second.fine, second.interest, second.principal), (Money::ZERO, money("0.69"), money("207.00")));
    assert!(open.is_settled() && !open.is_overdue(date("2026-06-30")));
}

#[test]
fn the_fine_falls_on_what_is_open_at_the_end_of_the_due_date() {
    let mut open = invoice("100.00", "2026-05-11");
    open.pay(date("2026-05-11"), money("60.00"));
    assert_eq!(open.quote(date("2026-05-12")), quote("40.00", "0.80", "0.01", "40.81"));
}

#[test]
fn a_payment_too_small_for_the_fine_leaves_the_rest_of_it() {
    let mut open = invoice("300.00", "2026-05-11");
    open.pay(date("2026-05-21"), money("3.00"));
    assert_eq!(open.quote(date("2026-05-21")), quote("300.00", "3.00", "1.00", "304.00"));
    assert_eq!(open.quote(date("2026-05-31")), quote("300.00", "3.00", "2.00", "305.00"));
}

#[test]
fn a_rest_within_the_tolerance_is_given_up_and_more_is_not() {
    let mut close_enough = invoice("99.90", "2026-05-11");
    assert_eq!(close_enough.pay(date("2026-05-11"), money("98.90")).written_off, money("1.00"));
    assert!(close_enough.is_settled());
    let mut short = invoice("99.90", "2026-05-11");
    assert_eq!(short.pay(date("2026-05-11"), money("98.89")).written_off, Money::ZERO);
    assert!(!short.is_settled());
    assert_eq!(short.write_off(), money("1.01"));
}

#[test]
fn more_than_owed_becomes_credit_and_so_does_a_second_payment() {
    let mut open = invoice("99.90", "2026-05-11");
    assert_eq!(open.pay(date("2026-05-10"), money("120.00")).excess, money("20.10"));
    assert_eq!(open.pay(date("2026-05-20"), money("99.90")).excess, money("99.90"));
}

#[test]
fn credit_notes_lower_the_open_amount_then_become_credit_and_never_exceed_the_invoice() {
    let mut open = invoice("100.00", "2026-05-11");
    open.pay(date("2026-05-10"), money("70.00"));
    let credited = open.credit(date("2026-05-11"), money("50.00")).unwrap();
    assert_eq!((credited.principal, credited.to_balance), (money("30.00"), money("20.00")));
    assert!(open.is_settled());
    assert_eq!(open.credit(date("2026-05-12"), money("50.01")).unwrap_err().left, money("50.00"));
}
