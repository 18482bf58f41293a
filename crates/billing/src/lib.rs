//! Billing: what each month costs, closed once, explainable line by line (billing.md).
//!
//! * [`rules`]: pure arithmetic; preview, closing and forecast run the same code.
//! * [`simulate`]: the same rules on a scenario written as JSON ("quanto vou pagar?").
//! * [`pix`] and [`boleto`]: the texts that are paid, built and checked.
//! * [`domain`]: the month of an account, which closes once, and the invoice it gives.
//! * [`Billing`]: what the outside may ask. Methods that take an [`AccountId`](recado_kernel::AccountId) are for the customer and show
//!   that account only; the finance desk's are called `staff_…` or work on whole months.

pub mod amount_text;
pub mod boleto;
pub mod domain;
mod error;
mod facade;
mod numbers;
pub mod pix;
mod projections;
pub mod rules;
pub mod simulate;
mod use_cases;

pub use domain::invoice::{InvalidPaymentRef, InvoiceError, InvoiceState, PaymentMethod, PaymentRef};
pub use error::BillingError;
pub use facade::Billing;
pub use projections::invoices::{InvoiceDetail, InvoiceSummary, Lowering, LoweringKind};
pub use projections::months::{MonthOverview, MonthState};
pub use rules::settings::InvalidSettings;
pub use rules::{BillingSettings, Line, LineKind, Part, PlanCatalog, PlanCode, PlanTerms, Source, Statement, StatementState};
pub use use_cases::account_month::{AccountMonth, InvoiceRef};
pub use use_cases::costs::SubscriptionCost;
pub use use_cases::pay_by_pix::PixReceiver;
pub use use_cases::settle_invoice::By;

/// What the log keeps of this context.
#[must_use]
pub fn stored_events() -> Vec<recado_event_store::stored::AggregateEvents> {
    use recado_event_store::stored::AggregateEvents;
    vec![AggregateEvents::of::<domain::account_month::AccountMonth>(), AggregateEvents::of::<domain::invoice::Invoice>()]
}
