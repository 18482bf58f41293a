//! The invoice: a month's lines as they were decided, with a number and a due date. Issued once; its contents never change. What changes
//! is what is still owed on it: payments, credit notes, voiding, writing off (billing.md 1.11 to 1.13).

mod command;
mod decide;
mod error;
mod event;
mod payment;
mod state;
#[cfg(test)]
mod tests;

pub use command::{InvoiceCommand, NewCreditNote, NewPayment};
pub use error::InvoiceError;
pub use event::{CreditNoteIssued, InvoiceEvent, InvoiceIssued, PaymentRecorded};
pub use payment::{InvalidPaymentRef, PaymentMethod, PaymentRef};
pub use state::{InvalidInvoiceState, Invoice, InvoiceState};
