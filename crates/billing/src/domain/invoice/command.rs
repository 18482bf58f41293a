//! What may be asked of an invoice.

use chrono::NaiveDate;
use recado_kernel::Money;
use uuid::Uuid;

use super::{InvoiceIssued, PaymentMethod, PaymentRef};

/// A command.
#[derive(Debug, Clone)]
pub enum InvoiceCommand {
    /// Issue it.
    Issue(Box<InvoiceIssued>),
    /// Money came in. The same payment twice is once.
    RecordPayment(NewPayment),
    /// Lower it by agreement. The same note twice is once.
    Credit(NewCreditNote),
    /// Take it back: only while nothing is paid. What was registered at a gateway is cancelled there first.
    RequestVoid {
        /// Why, for the customer and the auditor.
        reason: String,
    },
    /// Nothing can be paid any more at the gateway.
    ConfirmVoid,
    /// Give up what is open (`incobrável`).
    WriteOff {
        /// Why.
        reason: String,
    },
}

/// A payment as a person or a bank tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// What tells it from every other payment.
    pub reference: PaymentRef,
    /// How it came.
    pub method: PaymentMethod,
    /// The payer's date, local.
    pub paid_on: NaiveDate,
    /// All of it, with fine and interest; more than zero.
    pub amount: Money,
}

/// A credit note as finance writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCreditNote {
    /// Its id.
    pub id: Uuid,
    /// Given on, local.
    pub on: NaiveDate,
    /// More than zero; all notes of an invoice together never more than its total.
    pub amount: Money,
    /// Why, for the customer.
    pub reason: String,
}
