//! How an invoice decides.

use std::str::FromStr;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::InvoiceId;
use serde::{Deserialize, Serialize};

use super::{InvoiceCommand, InvoiceEvent, InvoiceIssued};
use crate::rules::StatementState;

/// Where an invoice stands (billing.md 1.13). Overdue is derived from the due date, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceState {
    /// To be paid.
    Open,
    /// Nothing to pay.
    SettledZero,
    /// Too small: its amount is on the next invoice.
    Carried,
}

impl InvoiceState {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::SettledZero => "settled_zero",
            Self::Carried => "carried",
        }
    }

    /// The state an invoice is issued in.
    #[must_use]
    pub const fn issued(statement: StatementState) -> Self {
        match statement {
            StatementState::Issued => Self::Open,
            StatementState::Carried => Self::Carried,
            StatementState::None | StatementState::SettledZero => Self::SettledZero,
        }
    }
}

/// A text that is no invoice state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an invoice state: {0}")]
pub struct InvalidInvoiceState(String);

impl FromStr for InvoiceState {
    type Err = InvalidInvoiceState;
    fn from_str(text: &str) -> Result<Self, InvalidInvoiceState> {
        [Self::Open, Self::SettledZero, Self::Carried]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| InvalidInvoiceState(text.to_owned()))
    }
}

/// Why an invoice does not do what it is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// It was issued before with other contents.
    #[error("invoice {0} was issued with other contents")]
    Differs(InvoiceId),
}

/// An invoice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    issued: Option<InvoiceIssued>,
}

impl Invoice {
    /// The document, once issued.
    #[must_use]
    pub const fn document(&self) -> Option<&InvoiceIssued> {
        self.issued.as_ref()
    }
}

impl Aggregate for Invoice {
    const TYPE: &'static str = "invoice";
    type Command = InvoiceCommand;
    type Event = InvoiceEvent;
    type Error = InvoiceError;
    type Services = ();

    async fn handle(&mut self, command: InvoiceCommand, (): &(), sink: &EventSink<Self>) -> Result<(), InvoiceError> {
        let InvoiceCommand::Issue(wanted) = command;
        match &self.issued {
            None => sink.write(InvoiceEvent::Issued(wanted), self).await,
            Some(issued) if *issued == *wanted => {}
            Some(issued) => return Err(InvoiceError::Differs(issued.invoice)),
        }
        Ok(())
    }

    fn apply(&mut self, event: InvoiceEvent) {
        let InvoiceEvent::Issued(issued) = event;
        self.issued = Some(*issued);
    }
}
