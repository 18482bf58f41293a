//! When an invoice is due (billing.md 1.12).

use chrono::{Datelike, Days, NaiveDate};
use recado_kernel::Competencia;

use super::holidays::following_business_day;
use super::settings::{DueRoll, FrozenSettings};

/// The due day of the month after `competencia`, not before the lead time after `issued_on`, rolled to a bank business day.
#[must_use]
pub fn due_date(competencia: Competencia, issued_on: NaiveDate, settings: &FrozenSettings) -> NaiveDate {
    let month = competencia.next();
    let day = settings.account.due_day.unwrap_or(settings.system.due_day).clamp(1, month.last_day().day());
    let wanted = month.first_day().with_day(day).unwrap_or_else(|| month.last_day());
    let earliest = issued_on.checked_add_days(Days::new(u64::from(settings.system.due_lead_days))).unwrap_or(issued_on);
    let candidate = wanted.max(earliest);
    match settings.system.due_roll {
        DueRoll::Following => following_business_day(candidate, &settings.system.extra_closures),
        DueRoll::None => candidate,
    }
}
