//! What a month costs and why (billing.md 1). Pure: facts, settings and dates go in, lines and totals come out. No I/O, no clock,
//! no floats; the preview, the closing, the forecast and the tests run exactly this code.
#![deny(clippy::float_arithmetic, reason = "money is decimal (billing.md 1.9)")]

pub mod adjustments;
pub mod amount;
pub mod calendar;
pub mod due_date;
pub mod dunning;
pub mod facts;
pub mod final_month;
pub mod holidays;
pub mod ids;
pub mod late;
pub mod plans;
pub mod receivable;
pub mod rounding;
pub mod segments;
pub mod settings;
pub mod statement;
pub mod suspension;
#[cfg(test)]
mod tests;

pub use adjustments::{ClosedMonth, Ledger};
pub use amount::{Charge, Part, charge};
pub use calendar::LocalMonth;
pub use dunning::{DunningDate, dunning_calendar};
pub use facts::{Fact, FactKind, InstanceFacts, Source};
pub use late::LateTerms;
pub use plans::{PlanCatalog, PlanCode, PlanTerms, PlanVersion, PriceBook};
pub use receivable::{CreditTooLarge, Quote, Receipt, Receivable, Standing};
pub use rounding::Rounding;
pub use segments::{Segment, Subscription};
pub use settings::{AccountTerms, BillingSettings, FrozenSettings};
pub use statement::{Line, LineKind, MonthInput, Statement, StatementState, compute};

use recado_kernel::Competencia;

/// Why a month cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// An instance is on a plan that has no price in that month: the catalogue must be completed first.
    #[error("plan {plan} has no price in {competencia}")]
    NoPrice {
        /// The plan's code.
        plan: PlanCode,
        /// The month without a price.
        competencia: Competencia,
    },
}
