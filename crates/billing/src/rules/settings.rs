//! The settings of billing.md 1.2 with their defaults. Every invoice keeps a copy: a later change never alters an old invoice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use recado_kernel::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{PlanCatalog, PlanCode, PriceBook, Rounding};

/// Settings of the installation (scope S) and its plans (scope P).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BillingSettings {
    /// Plans, prices, proration.
    pub plans: PlanCatalog,
    /// Exact hours from an instance's creation.
    pub trial_hours: u32,
    /// IANA zone in which months and days are counted.
    #[serde(with = "zone_name")]
    pub tz: Tz,
    /// The way to cents.
    pub rounding: Rounding,
    /// Due day of the month after the billing month, 1..=31, clamped to the month's length.
    pub due_day: u32,
    /// Least calendar days between issue and due date, 0..=30.
    pub due_lead_days: u32,
    /// What happens to a due date on a bank holiday.
    pub due_roll: DueRoll,
    /// Bank closures beyond the national calendar.
    pub extra_closures: BTreeSet<NaiveDate>,
    /// When months are closed by the clock.
    pub close_at: CloseAt,
    /// Below it an invoice's amount is carried to the next month.
    pub min_charge: Money,
    /// Multa: percent, once; at most 2 in consumer contracts.
    pub fine_percent: Decimal,
    /// Juros: percent a month, simple, by day.
    pub interest_percent_month: Decimal,
    /// Under-payment that is written off.
    pub tolerance: Money,
    /// Are months charged in which the instance was suspended from end to end?
    pub bill_while_suspended: bool,
    /// Reminders and consequences, by days from the due date.
    pub dunning: Vec<DunningStep>,
    /// Days after the due date until sending is refused, 1..=90.
    pub suspend_after_days: u32,
    /// Days after the due date until the contract ends; more than [`Self::suspend_after_days`].
    pub cancel_after_days: u32,
}

impl Default for BillingSettings {
    fn default() -> Self {
        Self {
            plans: PlanCatalog::default(),
            trial_hours: 48,
            tz: chrono_tz::America::Sao_Paulo,
            rounding: Rounding::default(),
            due_day: 10,
            due_lead_days: 5,
            due_roll: DueRoll::default(),
            extra_closures: BTreeSet::new(),
            close_at: CloseAt::default(),
            min_charge: Money::from_cents(500),
            fine_percent: Decimal::TWO,
            interest_percent_month: Decimal::ONE,
            tolerance: Money::from_cents(100),
            bill_while_suspended: false,
            dunning: DunningStep::defaults(),
            suspend_after_days: 15,
            cancel_after_days: 60,
        }
    }
}

/// A due date on a day without banks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DueRoll {
    /// Moves to the next business day.
    #[default]
    Following,
    /// Stays.
    None,
}

/// Local day of the month and time at which the month before is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseAt {
    /// 1..=28.
    pub day: u32,
    /// 0..=23.
    pub hour: u32,
}

impl Default for CloseAt {
    fn default() -> Self {
        Self { day: 1, hour: 3 }
    }
}

/// One step of the dunning calendar (billing.md 1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DunningStep {
    /// Calendar days from the due date; negative is before.
    pub day: i32,
    /// What is done.
    pub action: DunningAction,
}

/// What a dunning step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DunningAction {
    /// Short reminder before the due date.
    Reminder,
    /// On the due date.
    Due,
    /// Overdue notice with the updated amount.
    Overdue,
    /// Names the suspension date.
    SuspensionWarning,
    /// Sending is refused.
    Suspend,
    /// Names the cancellation date.
    CancellationWarning,
    /// The contract ends.
    Cancel,
}

impl DunningStep {
    fn defaults() -> Vec<Self> {
        use DunningAction::{Cancel, CancellationWarning, Due, Overdue, Reminder, Suspend, SuspensionWarning};
        [
            (-3, Reminder),
            (0, Due),
            (1, Overdue),
            (5, Overdue),
            (10, SuspensionWarning),
            (15, Suspend),
            (30, CancellationWarning),
            (60, Cancel),
        ]
        .into_iter()
        .map(|(day, action)| Self { day, action })
        .collect()
    }
}

/// Settings of one account (scope A).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountTerms {
    /// 0..=100, at most four decimals, on the sum of the instance lines.
    pub discount_percent: Decimal,
    /// Instead of [`BillingSettings::due_day`].
    pub due_day: Option<u32>,
    /// The account's own prices, by plan.
    pub price_overrides: BTreeMap<PlanCode, Money>,
}

/// The settings that produced a closing, kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FrozenSettings {
    /// Of the installation.
    pub system: BillingSettings,
    /// Of the account.
    pub account: AccountTerms,
}

impl FrozenSettings {
    /// What the account pays.
    #[must_use]
    pub const fn prices(&self) -> PriceBook<'_> {
        PriceBook { catalog: &self.system.plans, overrides: &self.account.price_overrides }
    }
}

/// A setting outside its range; the text names the setting and the range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("billing setting {0}")]
pub struct InvalidSettings(&'static str);

impl BillingSettings {
    /// Checks the ranges of billing.md 1.2; call when settings come from outside.
    ///
    /// # Errors
    /// The first setting that is out of range.
    pub fn validate(&self) -> Result<(), InvalidSettings> {
        let percent = |value: Decimal, most: i64| value >= Decimal::ZERO && value <= Decimal::from(most);
        let rules = [
            (self.trial_hours <= 720, "trial_hours must be 0 to 720"),
            ((1..=31).contains(&self.due_day), "due_day must be 1 to 31"),
            (self.due_lead_days <= 30, "due_lead_days must be 0 to 30"),
            ((1..=28).contains(&self.close_at.day), "close_at.day must be 1 to 28"),
            (self.close_at.hour <= 23, "close_at.hour must be 0 to 23"),
            (!self.min_charge.is_negative(), "min_charge must not be negative"),
            (percent(self.fine_percent, 2), "fine_percent must be 0 to 2"),
            (percent(self.interest_percent_month, 1), "interest_percent_month must be 0 to 1"),
            (!self.tolerance.is_negative(), "tolerance must not be negative"),
            ((1..=90).contains(&self.suspend_after_days), "suspend_after_days must be 1 to 90"),
            (self.cancel_after_days > self.suspend_after_days, "cancel_after_days must be more than suspend_after_days"),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, sentence)| Err(InvalidSettings(sentence)))
    }
}

/// A zone as its IANA name.
mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(|_| serde::de::Error::custom(format!("{name} is not an IANA time zone")))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_storage_and_have_the_defaults_of_the_reference() {
        let settings = FrozenSettings::default();
        let stored = serde_json::to_value(&settings).unwrap();
        assert_eq!(stored["system"]["tz"], "America/Sao_Paulo");
        assert_eq!(stored["system"]["plans"]["PRO"][0]["price"], "99.90");
        assert_eq!(serde_json::from_value::<FrozenSettings>(stored).unwrap(), settings);
        assert_eq!(serde_json::from_str::<FrozenSettings>("{}").unwrap(), settings, "what is absent has its default");
        settings.system.validate().unwrap();
        assert!(BillingSettings { due_day: 32, ..BillingSettings::default() }.validate().is_err());
    }
}
