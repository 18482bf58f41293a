//! What happens to an account's month.

use recado_event_store::{Position, stored_events};
use recado_kernel::{AccountId, InvoiceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::rules::{FrozenSettings, Statement};

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AccountMonthEvent {
    /// Decided for good; zero lines are recorded too, for the audit.
    #[serde(rename = "account_month.closed")]
    Closed(Box<MonthClosed>),
}

/// The decision with all it stands on: a replay gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthClosed {
    /// Whose month.
    pub account: AccountId,
    /// 0; grows after a void and reissue.
    pub revision: u32,
    /// 1 for the account's first closing, 2 for the next: credit and carried amounts pass along this chain.
    pub ordinal: u32,
    /// The invoice to issue; `None` when there is nothing to show a customer.
    pub invoice: Option<InvoiceId>,
    /// Lines and totals.
    pub statement: Statement,
    /// The settings that gave them.
    pub settings: FrozenSettings,
    /// All events up to here were read; later ones become adjustments.
    pub as_of: Position,
    /// When it was decided.
    pub closed_at: Timestamp,
}

stored_events! {
    AccountMonthEvent {
        Closed => "account_month.closed" 1,
            en "The month of one account is decided for good, with everything the decision stands on.",
            pt "O mês de uma conta está decidido em definitivo, com tudo em que a decisão se apoia.";
    }
}
