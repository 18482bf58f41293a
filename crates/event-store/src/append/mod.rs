//! What one command stores. Many of them are stored by a single statement ([`statement`]) of a group commit (`writer`).

mod refusal;
mod statement;
mod store;

use recado_kernel::CommandMeta;
use uuid::Uuid;

use crate::{NewContent, NewWork, Position};

pub(crate) use refusal::Refusal;
pub(crate) use statement::Promise;
pub(crate) use store::append_all;

/// An event about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Wire name.
    pub event_type: String,
    /// Wire version.
    pub event_version: String,
    /// The serialised event: JSON text, so that it is written once and copied never.
    pub payload: String,
}

/// A uniqueness claim: within `scope` only one owner may hold `key`. Personal values are passed as keyed digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// E.g. "email", "live_number".
    pub scope: String,
    /// The unique value (or its digest).
    pub key: String,
    /// Who holds it, usually an aggregate id.
    pub owner: String,
}

/// Rows that must be stored together with the events, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Alongside {
    /// New work (queue, outbox, timers); an id that exists already is left as it is.
    pub work: Vec<NewWork>,
    /// Work that is no longer wanted, by id.
    pub cancel_work: Vec<Uuid>,
    /// New vault content.
    pub content: Vec<NewContent>,
    /// Content to destroy, by id.
    pub erase_content: Vec<Uuid>,
    /// Claims to take; one taken by somebody else fails the append.
    pub claims: Vec<Claim>,
    /// Claims to give back (only if held by `owner`).
    pub release: Vec<Claim>,
}

/// Everything one command stores.
#[derive(Debug, Clone)]
pub struct Append {
    /// Circumstances, copied to every event.
    pub meta: CommandMeta,
    /// `Aggregate::TYPE`.
    pub aggregate_type: &'static str,
    /// Id within the type.
    pub aggregate_id: String,
    /// Sequence of the last event the decision was based on; 0 for a new aggregate.
    pub expected_sequence: i64,
    /// The decision.
    pub events: Vec<NewEvent>,
    /// What goes with it.
    pub alongside: Alongside,
}

/// What the store answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Where the last event stands.
    pub position: Position,
    /// The aggregate's last sequence.
    pub sequence: i64,
    /// The command id was known: nothing was stored now, the answer is the earlier one's.
    pub replayed: bool,
}

/// The aggregate's sequence after this append.
pub(crate) fn last_sequence(append: &Append) -> i64 {
    append.expected_sequence + i64::try_from(append.events.len()).unwrap_or(i64::MAX)
}

/// The account and the id within which a command is carried out once.
pub(crate) fn key(append: &Append) -> (Uuid, Uuid) {
    (append.meta.account_id.as_uuid(), append.meta.command_id.as_uuid())
}
