//! When reminders go out and what follows non-payment (billing.md 1.12). Issuing the invoice is the first step and belongs to the
//! closing; the steps here are skipped when the invoice is paid.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone as _, Timelike as _, Weekday};
use chrono_tz::Tz;
use recado_kernel::Timestamp;
use serde::Serialize;

use super::BillingSettings;
use super::calendar::first_instant;
use super::holidays::{following_business_day, is_business_day};
use super::settings::{DunningAction, DunningStep};

/// Local hour of every step but the cancellation.
const HOUR: u32 = 9;
/// Local hour from which a Friday is too late for a suspension.
const FRIDAY_ENDS: u32 = 12;
/// Longest promise of payment, in bank business days.
pub const PROMISE_BUSINESS_DAYS: u32 = 5;

/// A step with its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DunningDate {
    /// What is done.
    pub action: DunningAction,
    /// Calendar days from the due date, as the settings say it.
    pub day: i32,
    /// When; a suspension may have been moved to a later business day.
    pub at: Timestamp,
}

/// Every step for an invoice due on `due`, by time. Suspension and cancellation follow `suspend_after_days` and
/// `cancel_after_days`; the cancellation takes effect at the end of its day.
#[must_use]
pub fn dunning_calendar(due: NaiveDate, settings: &BillingSettings) -> Vec<DunningDate> {
    let mut dates: Vec<DunningDate> = settings
        .dunning
        .iter()
        .map(|step| {
            let day = day_of(step, settings);
            let date = due + Duration::days(i64::from(day));
            let at = match step.action {
                DunningAction::Suspend => suspension_moment(local_hour(date, HOUR, settings.tz), settings),
                DunningAction::Cancel => first_instant(date + Days::new(1), settings.tz),
                _ => local_hour(date, HOUR, settings.tz),
            };
            DunningDate { action: step.action, day, at }
        })
        .collect();
    dates.sort_by_key(|date| date.at);
    dates
}

/// The moment itself, or 09:00 of the next business day: nobody is suspended on a Friday from 12:00, on a weekend or on a bank
/// holiday.
#[must_use]
pub fn suspension_moment(wanted: Timestamp, settings: &BillingSettings) -> Timestamp {
    let local = wanted.with_timezone(&settings.tz);
    let date = local.date_naive();
    let friday_is_over = date.weekday() == Weekday::Fri && local.hour() >= FRIDAY_ENDS;
    if is_business_day(date, &settings.extra_closures) && !friday_is_over {
        return wanted;
    }
    local_hour(following_business_day(date + Days::new(1), &settings.extra_closures), HOUR, settings.tz)
}

/// The last day to which a promise of payment given on `today` may reach.
#[must_use]
pub fn last_promise_day(today: NaiveDate, extra_closures: &BTreeSet<NaiveDate>) -> NaiveDate {
    (0..PROMISE_BUSINESS_DAYS).fold(today, |day, _| following_business_day(day + Days::new(1), extra_closures))
}

fn day_of(step: &DunningStep, settings: &BillingSettings) -> i32 {
    let set = match step.action {
        DunningAction::Suspend => settings.suspend_after_days,
        DunningAction::Cancel => settings.cancel_after_days,
        _ => return step.day,
    };
    i32::try_from(set).unwrap_or(i32::MAX)
}

/// `hour` o'clock local, or the first moment after it where the clocks jump over it.
fn local_hour(date: NaiveDate, hour: u32, zone: Tz) -> Timestamp {
    let wanted = date.and_time(NaiveTime::MIN) + Duration::hours(i64::from(hour));
    for quarter in 0..96 {
        match zone.from_local_datetime(&(wanted + Duration::minutes(15 * quarter))) {
            LocalResult::Single(at) => return at.to_utc(),
            LocalResult::Ambiguous(first, second) => return first.min(second).to_utc(),
            LocalResult::None => {}
        }
    }
    wanted.and_utc()
}
