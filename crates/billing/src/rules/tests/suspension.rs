//! Months of suspension (billing.md 1.12) and the last month of a contract (1.8).

use super::*;
use crate::rules::StatementState;

fn suspended(story: Story, from: &str, to: Option<&str>) -> Story {
    let story = story.told('a', local(from), FactKind::Suspended);
    match to {
        Some(to) => story.told('a', local(to), FactKind::Reactivated),
        None => story,
    }
}

#[test]
fn a_month_suspended_from_end_to_end_is_free_and_one_active_instant_makes_it_whole() {
    let started = || Story::new(whole_months()).subscribed('a', "PRO", "2026-01-10 09:00");
    let none: Vec<String> = vec![];
    let whole = vec!["99.90".to_owned()];
    let story = suspended(started(), "2026-03-16 09:00", Some("2026-05-01 00:00:00"));
    assert_eq!(story.amounts("2026-03"), whole, "active until the 16th");
    assert_eq!(story.amounts("2026-04"), none);
    assert_eq!(story.amounts("2026-05"), whole);
    let story = suspended(started(), "2026-03-16 09:00", Some("2026-04-30 23:59:59"));
    assert_eq!(story.amounts("2026-04"), whole, "one second was active");
    let story = suspended(started(), "2026-04-01 00:00:00", None);
    assert_eq!(story.amounts("2026-04"), none, "suspended from the first instant");
    let story = suspended(started(), "2026-03-16 09:00", None).cancelled('a', "2026-04-20 12:00");
    assert_eq!(story.amounts("2026-04"), none, "cancelled while suspended: no active instant");
}

#[test]
fn the_setting_bills_suspended_months() {
    let mut settings = whole_months();
    settings.system.bill_while_suspended = true;
    let story = Story::new(settings).subscribed('a', "PRO", "2026-01-10 09:00");
    assert_eq!(suspended(story, "2026-03-16 09:00", None).amounts("2026-04"), ["99.90"]);
}

#[test]
fn two_suspensions_that_meet_leave_no_active_instant() {
    let story = Story::new(whole_months()).subscribed('a', "PRO", "2026-01-10 09:00");
    let story = suspended(story, "2026-03-16 09:00", Some("2026-04-10 09:00"));
    let story = suspended(story, "2026-04-10 09:00", Some("2026-05-02 09:00"));
    assert!(story.amounts("2026-04").is_empty());
}

#[test]
fn a_suspension_recorded_late_is_given_back() {
    let mut story = Story::new(whole_months()).subscribed('a', "PRO", "2026-01-10 09:00");
    story.close("2026-03");
    let mut story = suspended(story, "2026-02-20 09:00", Some("2026-04-02 09:00"));
    let april = story.close("2026-04");
    assert_eq!((april.subtotal, april.adjustments, april.state), (money("99.90"), money("-99.90"), StatementState::SettledZero));
}

#[test]
fn the_last_month_is_issued_whatever_its_size() {
    let mut settings = whole_months();
    settings.system.plans = settings.system.plans.with("MINI", PlanTerms::monthly(money("3.00")));
    let story = Story::new(settings).subscribed('a', "MINI", "2026-03-05 09:00").cancelled('a', "2026-03-20 09:00");
    let carried = story.month("2026-03");
    assert_eq!((carried.state, carried.carried_out), (StatementState::Carried, money("3.00")));
    let last = carried.of_last_month(&story.settings);
    assert_eq!((last.state, last.carried_out, last.total), (StatementState::Issued, Money::ZERO, money("3.00")));
    assert_eq!(last.due.unwrap().to_string(), "2026-04-10");
    assert!(last.makes_invoice());
}

#[test]
fn credit_given_between_closings_is_used_once() {
    let mut story = Story::new(whole_months()).subscribed('a', "PRO", "2026-01-10 09:00");
    story.close("2026-01");
    story.ledger.grant(money("120.00"));
    let february = story.close("2026-02");
    assert_eq!((february.credit_used, february.total, february.credit_balance), (money("99.90"), Money::ZERO, money("20.10")));
    let march = story.close("2026-03");
    assert_eq!((march.credit_used, march.total, march.credit_balance), (money("20.10"), money("79.80"), Money::ZERO));
}
