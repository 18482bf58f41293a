//! The invoice: a month's lines as they were decided, with a number and a due date. Issued once; its contents never change.

mod command;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::InvoiceCommand;
pub use event::{InvoiceEvent, InvoiceIssued};
pub use state::{Invoice, InvoiceError, InvoiceState};
