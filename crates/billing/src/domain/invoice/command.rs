//! What may be asked of an invoice. Charges, payments, credit notes and voiding come here.

use super::InvoiceIssued;

/// A command.
#[derive(Debug, Clone)]
pub enum InvoiceCommand {
    /// Issue it.
    Issue(Box<InvoiceIssued>),
}
