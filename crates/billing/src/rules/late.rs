//! Fine and interest (billing.md 1.12). They are rounded separately, each once.

use chrono::NaiveDate;
use recado_kernel::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{BillingSettings, Rounding};

/// What the contract says about late payment, as frozen on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateTerms {
    /// Multa: percent of the principal open at the end of the due date, once.
    pub fine_percent: Decimal,
    /// Juros: percent a month of 30 days, simple.
    pub interest_percent_month: Decimal,
    /// The way to cents.
    pub rounding: Rounding,
}

impl From<&BillingSettings> for LateTerms {
    fn from(settings: &BillingSettings) -> Self {
        Self {
            fine_percent: settings.fine_percent,
            interest_percent_month: settings.interest_percent_month,
            rounding: settings.rounding,
        }
    }
}

impl LateTerms {
    /// The fine on `principal`.
    #[must_use]
    pub fn fine(&self, principal: Money) -> Money {
        self.rounding.round(principal.as_decimal() * self.fine_percent / Decimal::ONE_HUNDRED)
    }

    /// The interest on `principal` for `days` calendar days; none for zero or fewer.
    #[must_use]
    pub fn interest(&self, principal: Money, days: i64) -> Money {
        // Percent, month of 30 days: one division at the end.
        let numerator = principal.as_decimal() * self.interest_percent_month * Decimal::from(days.max(0));
        self.rounding.round(numerator / Decimal::from(3_000))
    }
}

/// Calendar days of delay: zero up to and including the due date.
#[must_use]
pub fn days_late(due: NaiveDate, on: NaiveDate) -> i64 {
    (on - due).num_days().max(0)
}
