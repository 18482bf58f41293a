//! The dunning calendar of billing.md 1.12.

use super::*;
use crate::rules::BillingSettings;
use crate::rules::dunning::{dunning_calendar, last_promise_day, suspension_moment};
use crate::rules::settings::DunningAction::{
    self, Cancel, CancellationWarning, Due, Overdue, Reminder, Suspend, SuspensionWarning,
};

fn steps(due: &str) -> Vec<(DunningAction, String)> {
    dunning_calendar(due.parse().unwrap(), &BillingSettings::default())
        .into_iter()
        .map(|step| (step.action, step.at.with_timezone(&Sao_Paulo).format("%Y-%m-%d %H:%M").to_string()))
        .collect()
}

#[test]
fn every_step_has_its_moment() {
    // Tuesday 10 November 2026.
    let expected = [
        (Reminder, "2026-11-07 09:00"),
        (Due, "2026-11-10 09:00"),
        (Overdue, "2026-11-11 09:00"),
        (Overdue, "2026-11-15 09:00"),
        (SuspensionWarning, "2026-11-20 09:00"),
        (Suspend, "2026-11-25 09:00"),
        (CancellationWarning, "2026-12-10 09:00"),
        // At the end of 9 January.
        (Cancel, "2027-01-10 00:00"),
    ];
    assert_eq!(steps("2026-11-10"), expected.map(|(action, at)| (action, at.to_owned())));
}

#[test]
fn a_suspension_waits_for_a_business_day() {
    for (due, suspended) in [
        // D+15 is Saturday 26 September.
        ("2026-09-11", "2026-09-28 09:00"),
        // D+15 is the holiday of Monday 12 October.
        ("2026-09-27", "2026-10-13 09:00"),
        // D+15 is Friday 25 September at 09:00: still in time.
        ("2026-09-10", "2026-09-25 09:00"),
    ] {
        let suspend = steps(due).into_iter().find(|(action, _)| *action == Suspend).unwrap();
        assert_eq!(suspend.1, suspended, "due {due}");
    }
    let settings = BillingSettings::default();
    for (wanted, moment) in [
        ("2026-09-25 11:59", "2026-09-25 11:59"),
        ("2026-09-25 12:00", "2026-09-28 09:00"),
        ("2026-09-24 18:00", "2026-09-24 18:00"),
        // A Friday before Carnival: Ash Wednesday is the next business day.
        ("2026-02-13 15:00", "2026-02-18 09:00"),
    ] {
        assert_eq!(suspension_moment(local(wanted), &settings), local(moment), "{wanted}");
    }
}

#[test]
fn the_settings_move_suspension_and_cancellation() {
    let settings = BillingSettings { suspend_after_days: 20, cancel_after_days: 90, ..BillingSettings::default() };
    let days: Vec<i32> = dunning_calendar("2026-11-10".parse().unwrap(), &settings).iter().map(|step| step.day).collect();
    assert_eq!(days, [-3, 0, 1, 5, 10, 20, 30, 90]);
}

#[test]
fn a_promise_reaches_five_business_days() {
    let last = last_promise_day("2026-10-08".parse().unwrap(), &BillingSettings::default().extra_closures);
    assert_eq!(last.to_string(), "2026-10-16", "the weekend and 12 October do not count");
}
