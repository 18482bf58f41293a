//! What may be asked of an account's month.

use recado_event_store::Position;
use recado_kernel::{AccountId, Competencia, Timestamp};

use crate::rules::{FrozenSettings, InstanceFacts, Ledger};

/// A command.
#[derive(Debug, Clone)]
pub enum AccountMonthCommand {
    /// Decide what the month costs, for good.
    Close(Box<CloseMonth>),
}

/// Everything the decision depends on.
#[derive(Debug, Clone)]
pub struct CloseMonth {
    /// Whose month.
    pub account: AccountId,
    /// Which month.
    pub competencia: Competencia,
    /// 0; grows after a void and reissue.
    pub revision: u32,
    /// The account's instances, all events up to `as_of`.
    pub instances: Vec<InstanceFacts>,
    /// The account's earlier closings.
    pub ledger: Ledger,
    /// Settings in force, kept with the closing.
    pub settings: FrozenSettings,
    /// The last place in the log that was read.
    pub as_of: Position,
    /// The present moment.
    pub now: Timestamp,
}
