//! What happens to an invoice.

use cqrs_es::DomainEvent;
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

impl DomainEvent for InvoiceEvent {
    fn event_type(&self) -> String {
        match self {
            Self::Issued(_) => "invoice.issued".to_owned(),
        }
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}
