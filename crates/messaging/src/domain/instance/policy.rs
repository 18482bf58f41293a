//! Trial, subscription and what follows from them (plugzapi-api.md 2.12 and 4; billing.md 1).

use chrono::{Datelike as _, NaiveDate, TimeZone as _};
use recado_kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// Billing months are months of this zone (issue 2, section 3).
pub const ZONE: chrono_tz::Tz = chrono_tz::America::Sao_Paulo;

/// The paid side of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Subscription {
    /// Never subscribed.
    #[default]
    None,
    /// Paid.
    Active {
        /// Plan name.
        plan: String,
    },
    /// Cancelled but usable until `ends_at`.
    Cancelling {
        /// Plan name.
        plan: String,
        /// End of service.
        ends_at: Timestamp,
    },
    /// Was subscribed, is over.
    Ended {
        /// When service ended.
        ended_at: Timestamp,
    },
}

/// `paymentStatus` of the REST API (plugzapi-api.md 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentStatus {
    /// The trial runs.
    Trial,
    /// Subscribed.
    Paid,
    /// The trial is over, not subscribed; or suspended until an invoice is paid.
    Pending,
    /// Cancelled, still usable.
    Canceling,
    /// Cancelled and over.
    Canceled,
}

impl PaymentStatus {
    /// The wire form, e.g. `TRIAL`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trial => "TRIAL",
            Self::Paid => "PAID",
            Self::Pending => "PENDING",
            Self::Canceling => "CANCELING",
            Self::Canceled => "CANCELED",
        }
    }
}

/// On which terms an instance may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTerms {
    /// End of the trial.
    pub trial_ends_at: Timestamp,
    /// The trial's end was recorded.
    pub trial_expired: bool,
    /// The paid side.
    pub subscription: Subscription,
    /// Stopped until an invoice is paid (plugzapi-api.md 2.12: day 10).
    #[serde(default)]
    pub suspended: bool,
}

impl Default for ServiceTerms {
    fn default() -> Self {
        Self { trial_ends_at: Timestamp::UNIX_EPOCH, trial_expired: false, subscription: Subscription::None, suspended: false }
    }
}

impl ServiceTerms {
    /// May it connect and send at `now`? By the clock, even before the timer has rung.
    #[must_use]
    pub fn may_send(&self, now: Timestamp) -> bool {
        if self.suspended {
            return false;
        }
        match &self.subscription {
            Subscription::None => !self.trial_expired && now < self.trial_ends_at,
            Subscription::Active { .. } => true,
            Subscription::Cancelling { ends_at, .. } => now < *ends_at,
            Subscription::Ended { .. } => false,
        }
    }

    /// Is it inside its trial (not subscribed, not over)?
    #[must_use]
    pub fn on_trial(&self, now: Timestamp) -> bool {
        self.payment_status(now) == PaymentStatus::Trial
    }

    /// Since when nobody pays for it any more: the end of the trial, or of the service. `None` while it may be used.
    #[must_use]
    pub fn unpaid_since(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.subscription {
            Subscription::None => Some(self.trial_ends_at),
            Subscription::Active { .. } => None,
            Subscription::Cancelling { ends_at, .. } => Some(*ends_at),
            Subscription::Ended { ended_at } => Some(*ended_at),
        }
        .filter(|end| now >= *end)
    }

    /// Is the subscription running (not cancelled)?
    #[must_use]
    pub const fn is_subscribed(&self) -> bool {
        matches!(self.subscription, Subscription::Active { .. })
    }

    /// The `paymentStatus` at `now`.
    #[must_use]
    pub fn payment_status(&self, now: Timestamp) -> PaymentStatus {
        match &self.subscription {
            Subscription::None if self.may_send(now) => PaymentStatus::Trial,
            Subscription::None => PaymentStatus::Pending,
            Subscription::Active { .. } | Subscription::Cancelling { .. } if self.suspended => PaymentStatus::Pending,
            Subscription::Active { .. } => PaymentStatus::Paid,
            Subscription::Cancelling { ends_at, .. } if now < *ends_at => PaymentStatus::Canceling,
            Subscription::Cancelling { .. } | Subscription::Ended { .. } => PaymentStatus::Canceled,
        }
    }

    /// `due` of the REST API: end of the trial, of the running paid month (first instant of the next month in São Paulo), or of service.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Timestamp {
        match &self.subscription {
            Subscription::None => self.trial_ends_at,
            Subscription::Active { .. } => first_of_next_month(now),
            Subscription::Cancelling { ends_at, .. } => *ends_at,
            Subscription::Ended { ended_at } => *ended_at,
        }
    }
}

fn first_of_next_month(now: Timestamp) -> Timestamp {
    let local = now.with_timezone(&ZONE);
    let (year, month) = if local.month() == 12 { (local.year() + 1, 1) } else { (local.year(), local.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .and_then(|midnight| ZONE.from_local_datetime(&midnight).earliest())
        .map_or(now, |moment| moment.to_utc())
}
