//! Months in which an instance was suspended from end to end (billing.md 1.12): charged only if the settings say so.

use super::calendar::LocalMonth;
use super::{Charge, FrozenSettings, RulesError, Subscription, charge};

impl Subscription {
    /// Was the instance subscribed and not suspended for any positive length of time in `month`?
    #[must_use]
    pub fn is_active_in(&self, month: &LocalMonth) -> bool {
        self.segments.iter().any(|segment| {
            let end = segment.end.map_or(month.end, |end| end.min(month.end));
            let mut free_from = segment.start.max(month.start);
            for (from, to) in &self.suspensions {
                if *from > free_from {
                    break;
                }
                free_from = free_from.max(to.unwrap_or(end));
            }
            free_from < end
        })
    }
}

/// What `subscription` owes for `month` with these settings; `None` also for a month without an active instant, unless
/// `bill_while_suspended` is set. A month touched by an active instant is charged as any other.
///
/// # Errors
/// [`RulesError::NoPrice`].
pub fn charge_active(
    subscription: &Subscription,
    month: &LocalMonth,
    settings: &FrozenSettings,
) -> Result<Option<Charge>, RulesError> {
    if !settings.system.bill_while_suspended && !subscription.is_active_in(month) {
        return Ok(None);
    }
    charge(subscription, month, &settings.prices(), settings.system.rounding)
}
