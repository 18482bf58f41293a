//! One account's month as preview, closing and forecast show it.

use recado_event_store::Position;
use recado_kernel::{AccountId, Competencia, InvoiceId, Timestamp};
use serde::Serialize;

use crate::domain::account_month::MonthClosed;
use crate::rules::{FrozenSettings, InstanceFacts, Ledger, MonthInput, RulesError, Statement, compute};

/// An account's month. In JSON the statement's fields stand beside the account: `account`, `instances`, `lines`, `total`, `due`, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountMonth {
    /// Whose month.
    pub account: AccountId,
    /// Decided for good; otherwise a preview as of now, as if nothing changed until the month's end.
    pub closed: bool,
    /// The invoice it gave; `None` in a preview and when there is nothing to show.
    pub invoice: Option<InvoiceRef>,
    /// Lines and totals.
    #[serde(flatten)]
    pub statement: Statement,
}

/// An issued invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceRef {
    /// Its id.
    pub id: InvoiceId,
    /// `YYYY-NNNNNN`.
    pub number: String,
}

/// What is known about one account at a place in the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) instances: Vec<InstanceFacts>,
    pub(crate) ledger: Ledger,
    pub(crate) as_of: Position,
}

impl Known {
    /// The same computation a closing makes.
    pub(crate) fn preview(
        &self,
        account: AccountId,
        competencia: Competencia,
        settings: &FrozenSettings,
        now: Timestamp,
    ) -> Result<AccountMonth, RulesError> {
        let input =
            MonthInput { account, competencia, revision: 0, settings, instances: &self.instances, ledger: &self.ledger, now };
        Ok(AccountMonth { account, closed: false, invoice: None, statement: compute(&input)? })
    }
}

impl AccountMonth {
    /// A closing, with the invoice's number once it is issued.
    pub(crate) fn closed(closing: MonthClosed, number: Option<String>) -> Self {
        let invoice = closing.invoice.zip(number).map(|(id, number)| InvoiceRef { id, number });
        Self { account: closing.account, closed: true, invoice, statement: closing.statement }
    }
}
