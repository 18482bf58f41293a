//! What an invoice remembers.

use std::str::FromStr;

use chrono::NaiveDate;
use recado_kernel::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{InvoiceEvent, InvoiceIssued, PaymentRef};
use crate::rules::{Receivable, StatementState};

/// Where an invoice stands (billing.md 1.13). Overdue is derived from the due date, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceState {
    /// To be paid.
    Open,
    /// Part of it was paid or credited.
    PartiallyPaid,
    /// Nothing is owed any more.
    Paid,
    /// Nothing to pay from the beginning.
    SettledZero,
    /// Too small: its amount is on the next invoice.
    Carried,
    /// Taken back.
    Void,
    /// Given up.
    WrittenOff,
}

impl InvoiceState {
    const ALL: [Self; 7] =
        [Self::Open, Self::PartiallyPaid, Self::Paid, Self::SettledZero, Self::Carried, Self::Void, Self::WrittenOff];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartiallyPaid => "partially_paid",
            Self::Paid => "paid",
            Self::SettledZero => "settled_zero",
            Self::Carried => "carried",
            Self::Void => "void",
            Self::WrittenOff => "written_off",
        }
    }

    /// Is something owed?
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::PartiallyPaid)
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
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| InvalidInvoiceState(text.to_owned()))
    }
}

/// Something that lowered the debt, in the order in which it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Lowered {
    /// By money.
    Payment { reference: PaymentRef, on: NaiveDate, amount: Money },
    /// By agreement.
    Credit { id: Uuid, on: NaiveDate, amount: Money },
}

impl Lowered {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Payment { on, .. } | Self::Credit { on, .. } => *on,
        }
    }
}

/// An invoice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub(super) issued: Option<InvoiceIssued>,
    #[serde(default)]
    pub(super) lowered: Vec<Lowered>,
    #[serde(default)]
    pub(super) end: Option<End>,
}

/// How an invoice ends other than by being settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum End {
    /// The gateway has not answered yet.
    VoidRequested,
    Void,
    WrittenOff,
}

impl Invoice {
    /// The document, once issued.
    #[must_use]
    pub const fn document(&self) -> Option<&InvoiceIssued> {
        self.issued.as_ref()
    }

    /// Is it to be taken back, and nobody has heard yet whether it can be?
    #[must_use]
    pub fn is_void_requested(&self) -> bool {
        self.end == Some(End::VoidRequested)
    }

    /// What is owed, with what became of every payment; `None` when there was nothing to pay.
    #[must_use]
    pub fn receivable(&self) -> Option<Receivable> {
        self.account_for(&self.lowered).0
    }

    /// Everything applied in the order of its dates, whenever it became known: payments are dated by the payer's date. The second of the
    /// answer is what went to the account's credit.
    pub(super) fn account_for(&self, lowered: &[Lowered]) -> (Option<Receivable>, Money) {
        let paid = |all: &[Lowered]| -> Money {
            all.iter().filter_map(|one| if let Lowered::Payment { amount, .. } = one { Some(*amount) } else { None }).sum()
        };
        let due = self.issued.as_ref().filter(|issued| issued.statement.state == StatementState::Issued);
        let Some((issued, due)) = due.and_then(|issued| Some((issued, issued.statement.due?))) else {
            return (None, paid(lowered));
        };
        let mut receivable = Receivable::new(issued.statement.total, due, &issued.settings.system);
        if self.end == Some(End::Void) {
            return (Some(receivable), paid(lowered));
        }
        let mut in_order: Vec<&Lowered> = lowered.iter().collect();
        in_order.sort_by_key(|one| one.on());
        let mut credit = Money::ZERO;
        for one in in_order {
            credit += match one {
                Lowered::Payment { on, amount, .. } => receivable.pay(*on, *amount).excess,
                // Checked when it was given.
                Lowered::Credit { on, amount, .. } => {
                    receivable.credit(*on, *amount).map_or(Money::ZERO, |given| given.to_balance)
                }
            };
        }
        if self.end == Some(End::WrittenOff) {
            receivable.write_off();
        }
        (Some(receivable), credit)
    }

    /// Where it stands with this much lowered.
    pub(super) fn state_with(&self, lowered: &[Lowered]) -> InvoiceState {
        let Some(issued) = &self.issued else { return InvoiceState::SettledZero };
        match (self.end, self.account_for(lowered).0) {
            (Some(End::Void), _) => InvoiceState::Void,
            (Some(End::WrittenOff), _) => InvoiceState::WrittenOff,
            (_, None) => InvoiceState::issued(issued.statement.state),
            (_, Some(receivable)) if receivable.is_settled() => InvoiceState::Paid,
            (_, Some(_)) if lowered.is_empty() => InvoiceState::Open,
            (_, Some(_)) => InvoiceState::PartiallyPaid,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> InvoiceState {
        self.state_with(&self.lowered)
    }

    pub(super) fn remember(&mut self, event: InvoiceEvent) {
        match event {
            InvoiceEvent::Issued(issued) => self.issued = Some(*issued),
            InvoiceEvent::PaymentRecorded(paid) => {
                self.lowered.push(Lowered::Payment { reference: paid.reference, on: paid.paid_on, amount: paid.amount });
            }
            InvoiceEvent::CreditNoteIssued(note) => {
                self.lowered.push(Lowered::Credit { id: note.id, on: note.on, amount: note.amount });
            }
            InvoiceEvent::Paid {} => {}
            InvoiceEvent::VoidRequested { .. } => self.end = Some(End::VoidRequested),
            InvoiceEvent::VoidAborted {} => self.end = None,
            InvoiceEvent::Voided { .. } => self.end = Some(End::Void),
            InvoiceEvent::WrittenOff { .. } => self.end = Some(End::WrittenOff),
        }
    }
}
