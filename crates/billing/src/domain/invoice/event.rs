//! What happens to an invoice.

use recado_event_store::stored_events;
use recado_kernel::{AccountId, InvoiceId};
use serde::{Deserialize, Serialize};

use crate::rules::{FrozenSettings, Statement};

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum InvoiceEvent {
    /// It exists, with its number.
    #[serde(rename = "invoice.issued")]
    Issued(Box<InvoiceIssued>),
}

/// An invoice as issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// Its id.
    pub invoice: InvoiceId,
    /// Whose.
    pub account: AccountId,
    /// 0; grows after a void and reissue.
    pub revision: u32,
    /// `YYYY-NNNNNN`.
    pub number: String,
    /// Lines, totals, due date.
    pub statement: Statement,
    /// The settings that gave them.
    pub settings: FrozenSettings,
}

stored_events! {
    InvoiceEvent {
        Issued => "invoice.issued" 1,
            en "An invoice exists, with its number, lines and totals.",
            pt "Uma fatura existe, com número, itens e totais.";
    }
}
