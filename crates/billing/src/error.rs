//! Why a billing use case answered nothing.

use recado_event_store::{CommandError, ProjectionError, StoreError};
use recado_kernel::{Competencia, InvoiceId};

use crate::domain::account_month::AccountMonthError;
use crate::domain::invoice::InvoiceError;
use crate::rules::RulesError;

/// What can go wrong; every text is a sentence for operators, `code` is for translation.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BillingError {
    /// The month still runs (or has not begun): only a month that is over can be closed.
    #[error("{0} is not over: a month can be closed from the first instant of the next one")]
    MonthNotOver(Competencia),
    /// The month has not begun: there is nothing to preview.
    #[error("{0} has not begun")]
    MonthNotBegun(Competencia),
    /// No price for a plan that is in use.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// No such invoice in this account.
    #[error("there is no invoice {0}")]
    InvoiceNotFound(InvoiceId),
    /// An invoice of that id exists with other contents: a defect.
    #[error("invoice {0} was issued with other contents")]
    InvoiceDiffers(InvoiceId),
    /// The invoice does not allow it.
    #[error(transparent)]
    Invoice(InvoiceError),
    /// A payment from tomorrow.
    #[error("the payment date must not be after today")]
    PaidInFuture,
    /// A credit note, a void or a write-off says why.
    #[error("say why, in one line of at most 300 characters")]
    Reason,
    /// The same payment was recorded on another invoice.
    #[error("this payment was recorded on another invoice already")]
    PaymentElsewhere,
    /// Others closed the same account's months at the same moment: run it again.
    #[error("the account's months are being closed by somebody else, try again")]
    Busy,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A projection stopped at an event it cannot digest.
    #[error("{0}")]
    ProjectionStopped(String),
}

impl BillingError {
    /// Stable code for translations and the command line.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MonthNotOver(_) => "billing.month_not_over",
            Self::MonthNotBegun(_) => "billing.month_not_begun",
            Self::Rules(_) => "billing.no_price",
            Self::InvoiceNotFound(_) => "billing.invoice_not_found",
            Self::InvoiceDiffers(_) => "billing.invoice_differs",
            Self::Invoice(refusal) => refusal.code(),
            Self::PaidInFuture => "billing.paid_in_future",
            Self::Reason => "billing.reason",
            Self::PaymentElsewhere => "billing.payment_elsewhere",
            Self::Busy => "billing.busy",
            Self::Store(_) => "billing.store",
            Self::ProjectionStopped(_) => "billing.projection_stopped",
        }
    }

    /// Will the same call work once the database is back?
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_unavailable())
    }
}

impl From<sqlx::Error> for BillingError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<ProjectionError> for BillingError {
    fn from(error: ProjectionError) -> Self {
        match error {
            ProjectionError::Store(error) => Self::Store(error),
            poison @ ProjectionError::Poison { .. } => Self::ProjectionStopped(poison.to_string()),
        }
    }
}

impl From<CommandError<AccountMonthError>> for BillingError {
    fn from(error: CommandError<AccountMonthError>) -> Self {
        match error {
            CommandError::Refused(AccountMonthError::NotOver(month)) => Self::MonthNotOver(month),
            CommandError::Refused(AccountMonthError::Rules(error)) => Self::Rules(error),
            CommandError::Store(error) => Self::Store(error),
            CommandError::ClaimTaken { .. } | CommandError::Contention | CommandError::CommandReused(_) => Self::Busy,
        }
    }
}

impl From<CommandError<InvoiceError>> for BillingError {
    fn from(error: CommandError<InvoiceError>) -> Self {
        match error {
            CommandError::Refused(InvoiceError::Differs(id)) => Self::InvoiceDiffers(id),
            CommandError::Refused(refusal) => Self::Invoice(refusal),
            CommandError::ClaimTaken { .. } => Self::PaymentElsewhere,
            CommandError::Store(error) => Self::Store(error),
            CommandError::Contention | CommandError::CommandReused(_) => Self::Busy,
        }
    }
}
