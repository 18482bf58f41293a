//! What an erasure did, as it is recorded: counts and ids, nobody's name.

use std::collections::BTreeMap;

use recado_kernel::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose data went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The account's owner.
    Owner,
    /// Somebody the account exchanged messages with.
    Contact,
}

impl SubjectKind {
    /// The wire name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Contact => "contact",
        }
    }
}

/// The report of one erasure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureReport {
    /// Events that hold something sealed under the destroyed key: unreadable in those fields from now on.
    pub events: u64,
    /// The same by wire type.
    pub event_types: BTreeMap<String, u64>,
    /// How many living contents (waiting messages, mails) were destroyed.
    pub contents: u64,
    /// Their ids: a message's id, or what is derived from it.
    pub content_ids: Vec<Uuid>,
    /// Messages taken out of the queue before the key went.
    pub cancelled: u64,
    /// Read models that held the data in clear and do not any more.
    pub read_models: Vec<String>,
    /// What stays, and why; English, short, nothing personal.
    pub kept: Vec<String>,
}

/// An erasure about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Keyed id of the subject.
    pub subject: Uuid,
    /// Whose data.
    pub kind: SubjectKind,
    /// Generation of the key that is destroyed.
    pub key_generation: i32,
    /// For a contact: keyed digest of the chat, by which read models find their rows.
    pub chat_digest: Option<String>,
    /// What went.
    pub report: ErasureReport,
}

/// The event's own fields; see [`super::AccountEvent::SubjectErased`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectErased {
    /// Keyed id of the subject: names nobody without the installation's keys.
    pub subject: Uuid,
    /// Whose data.
    pub kind: SubjectKind,
    /// For the owner: which person of the account.
    pub user: Option<UserId>,
    /// Generation of the destroyed key; a subject that comes back has a later one.
    pub key_generation: i32,
    /// For a contact: keyed digest of the chat.
    pub chat_digest: Option<String>,
    /// What went.
    pub report: ErasureReport,
}
