//! The warm-up of a number ("chip"): how many *new* contacts it may write to on each of its first days.

use chrono::NaiveDate;
use recado_kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::instance::ZONE;

/// Longest plan, in days.
const MOST_DAYS: usize = 90;
/// Largest allowance of a day.
const MOST_CONTACTS: u32 = 100_000;

/// New contacts allowed on day 1, 2, 3 … of the link; afterwards without limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WarmUpPlan(Vec<u32>);

/// A text that is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a plan is 1 to 90 whole numbers, one per day")]
pub struct InvalidPlan;

impl Default for WarmUpPlan {
    /// Two weeks, slowly at first. Ours: nobody publishes WhatsApp's limits; the order of magnitude is what operators of many numbers advise.
    fn default() -> Self {
        Self(vec![20, 30, 50, 70, 100, 130, 170, 220, 280, 350, 430, 520, 620, 750])
    }
}

impl WarmUpPlan {
    /// A plan from its days.
    ///
    /// # Errors
    /// No day, more than 90, or an allowance above 100,000.
    pub fn new(days: Vec<u32>) -> Result<Self, InvalidPlan> {
        let fits = (1..=MOST_DAYS).contains(&days.len()) && days.iter().all(|allowed| *allowed <= MOST_CONTACTS);
        if fits { Ok(Self(days)) } else { Err(InvalidPlan) }
    }

    /// Reads `20, 30 50;70`.
    ///
    /// # Errors
    /// Not a list of whole numbers, or as [`Self::new`].
    pub fn parse(text: &str) -> Result<Self, InvalidPlan> {
        let parts = text.split([',', ';', ' ', '\n', '\r', '\t']).filter(|part| !part.is_empty());
        Self::new(parts.map(|part| part.parse().map_err(|_| InvalidPlan)).collect::<Result<_, _>>()?)
    }

    /// The days.
    #[must_use]
    pub fn days(&self) -> &[u32] {
        &self.0
    }

    /// How many new contacts are allowed on the `age`-th day (1 is the day of the link); `None`: as many as you like.
    #[must_use]
    pub fn allowance(&self, age: u32) -> Option<u32> {
        let index = usize::try_from(age.max(1) - 1).unwrap_or(usize::MAX);
        self.0.get(index).copied()
    }
}

impl std::fmt::Display for WarmUpPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// The calendar day of a moment in the account's zone.
#[must_use]
pub fn local_day(at: Timestamp) -> NaiveDate {
    at.with_timezone(&ZONE).date_naive()
}

/// Which day of the link `today` is: 1 on the day itself, and for a link that is not there yet.
#[must_use]
pub fn age_in_days(linked_at: Option<Timestamp>, today: NaiveDate) -> u32 {
    let days = linked_at.map_or(0, |at| (today - local_day(at)).num_days());
    u32::try_from(days.max(0)).unwrap_or(u32::MAX).saturating_add(1)
}

/// Where a number stands in its warm-up today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarmUp {
    /// Which day of the link it is.
    pub age: u32,
    /// New contacts written to today.
    pub used: u32,
    /// New contacts allowed today; `None` once the plan is over.
    pub allowed: Option<u32>,
}

impl WarmUp {
    /// By `plan`, for a number first linked at `linked_at`, with `used` new contacts today.
    #[must_use]
    pub fn of(plan: &WarmUpPlan, linked_at: Option<Timestamp>, now: Timestamp, used: u32) -> Self {
        let age = age_in_days(linked_at, local_day(now));
        Self { age, used, allowed: plan.allowance(age) }
    }

    /// May it write to one more today?
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.allowed.is_none_or(|allowed| self.used < allowed)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_those_of_sao_paulo() {
        // 23:30 on the 5th there, 02:30 on the 6th in UTC.
        let linked: Timestamp = "2026-10-06T02:30:00Z".parse().unwrap();
        assert_eq!(local_day(linked).to_string(), "2026-10-05");
        assert_eq!(age_in_days(Some(linked), local_day("2026-10-06T02:59:59Z".parse().unwrap())), 1);
        assert_eq!(age_in_days(Some(linked), local_day("2026-10-06T03:00:00Z".parse().unwrap())), 2);
        assert_eq!(age_in_days(None, local_day(linked)), 1);
    }

    #[test]
    fn a_plan_is_read_as_people_write_it() {
        assert_eq!(WarmUpPlan::parse("20, 30;50\n70").unwrap().days(), [20, 30, 50, 70]);
        assert_eq!(WarmUpPlan::default().allowance(1), Some(20));
        for bad in ["", "a", "-1", "1.5", "100001", &"1,".repeat(91)] {
            assert!(WarmUpPlan::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        /// On any day exactly the allowance fits, and after the plan everything does.
        #[test]
        fn exactly_the_allowance_fits(days in prop::collection::vec(0_u32..50, 1..20), day in 0_i64..40) {
            let plan = WarmUpPlan::new(days.clone()).unwrap();
            let linked: Timestamp = "2026-10-05T15:00:00Z".parse().unwrap();
            let now = linked + chrono::Duration::days(day);
            let sent = (0..1_000).take_while(|used| WarmUp::of(&plan, Some(linked), now, *used).has_room()).count();
            let wanted = usize::try_from(day).ok().and_then(|day| days.get(day)).map_or(1_000, |allowed| *allowed as usize);
            prop_assert_eq!(sent, wanted);
        }

        #[test]
        fn what_is_shown_is_read_again(days in prop::collection::vec(0_u32..=100_000, 1..=90)) {
            let plan = WarmUpPlan::new(days).unwrap();
            prop_assert_eq!(WarmUpPlan::parse(&plan.to_string()).unwrap(), plan);
        }
    }
}
