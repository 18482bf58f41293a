//! Why an invoice does not do what it is asked.

use recado_kernel::{InvoiceId, Money};

/// Each says what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// It was issued before with other contents.
    #[error("invoice {0} was issued with other contents")]
    Differs(InvoiceId),
    /// It was never issued.
    #[error("there is no such invoice")]
    NotIssued,
    /// A payment or credit note of nothing, or of less.
    #[error("the amount must be more than 0.00")]
    Amount,
    /// The same payment was recorded with another amount or date.
    #[error("this payment was recorded before with another amount or date")]
    PaymentDiffers,
    /// The date is before the month charged began: a slip of the pen.
    #[error("the payment date must not be before the month charged")]
    PaidTooEarly,
    /// Credit notes of an invoice never exceed its total.
    #[error("credit notes of this invoice may add up to {left} more at most")]
    CreditTooLarge {
        /// What may still be credited.
        left: Money,
    },
    /// Nothing is open: carried, settled, void or written off.
    #[error("there is nothing open on this invoice")]
    NothingOpen,
    /// Something was paid: a credit note corrects it instead.
    #[error("something was paid on this invoice: correct it with a credit note")]
    AlreadyPaid,
    /// Its amount is part of the next invoice.
    #[error("the amount of this invoice was carried to the next one: void that one instead")]
    Carried,
    /// Nobody asked for it.
    #[error("nobody asked to void this invoice")]
    NotRequested,
}

impl InvoiceError {
    /// Stable code for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Differs(_) => "billing.invoice_differs",
            Self::NotIssued => "billing.invoice_not_found",
            Self::Amount => "billing.amount",
            Self::PaymentDiffers => "billing.payment_differs",
            Self::PaidTooEarly => "billing.paid_too_early",
            Self::CreditTooLarge { .. } => "billing.credit_too_large",
            Self::NothingOpen => "billing.nothing_open",
            Self::AlreadyPaid => "billing.already_paid",
            Self::Carried => "billing.carried",
            Self::NotRequested => "billing.void_not_requested",
        }
    }
}
