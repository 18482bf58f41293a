//! What an engine tells the core.

use async_trait::async_trait;
use recado_event_store::StoreError;
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, PhoneNumber, Timestamp, WireId};

use super::EngineKind;
use crate::domain::message::{MessageContent, Receipt};

/// Tells an event from every other of its instance: (kind, WhatsApp's id). The same key twice is the same event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventKey(String);

impl EventKey {
    /// From what makes the event unique within its instance, e.g. `received/3EB0…`.
    #[must_use]
    pub fn new(kind: &str, id: &str) -> Self {
        Self(format!("{kind}/{id}"))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Happening {
    /// A phone scanned the code.
    Paired {
        /// Its number.
        number: PhoneNumber,
    },
    /// Unlinked on the phone.
    Unlinked,
    /// The connection broke; the link is kept.
    ConnectionLost,
    /// The connection is back.
    Reconnected,
    /// WhatsApp took a message that was only [`super::Handoff::Written`].
    Accepted {
        /// Ours.
        message: MessageId,
    },
    /// A receipt for one of our messages.
    Receipt {
        /// Ours.
        message: MessageId,
        /// How far it got.
        receipt: Receipt,
    },
    /// Somebody wrote to us.
    Incoming(Box<Received>),
    /// Somebody edited a message: `message.content` is what it says now (a text, or a document with its new caption).
    Edited {
        /// The message that changed.
        target: WireId,
        /// The edit; its `wire_id` is the edit's own.
        message: Box<Received>,
    },
    /// Something beside messages.
    Noticed(super::Notice),
    /// Somebody deleted a message for everybody.
    Revoked {
        /// The message that is gone.
        target: WireId,
        /// Id of the deletion itself.
        wire_id: WireId,
        /// In which chat.
        chat: ChatAddress,
        /// In a group: who deleted it.
        participant: Option<PhoneNumber>,
    },
}

/// A message that came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// WhatsApp's id.
    pub wire_id: WireId,
    /// The chat: a person or a group.
    pub chat: ChatAddress,
    /// In a group: who wrote it.
    pub participant: Option<PhoneNumber>,
    /// The name the writer shows.
    pub sender_name: Option<String>,
    /// The group's name.
    pub chat_name: Option<String>,
    /// The message it answers; for responses to buttons and lists, the message they belong to.
    pub reply_to: Option<WireId>,
    /// Passed on from another chat.
    pub forwarded: bool,
    /// What it says; files lie in the content store already .
    pub content: MessageContent,
}

impl Received {
    /// From one person, in a chat with that person.
    #[must_use]
    pub const fn from_person(wire_id: WireId, from: PhoneNumber, content: MessageContent) -> Self {
        Self::from_chat(wire_id, ChatAddress::Phone(from), content)
    }

    /// From a chat; the rest is unknown.
    #[must_use]
    pub const fn from_chat(wire_id: WireId, chat: ChatAddress, content: MessageContent) -> Self {
        Self { wire_id, chat, participant: None, sender_name: None, chat_name: None, reply_to: None, forwarded: false, content }
    }
}

/// One event of one session.
#[derive(Debug, Clone)]
pub struct EngineEvent {
    /// What makes it unique.
    pub key: EventKey,
    /// Which engine tells it.
    pub engine: EngineKind,
    /// The tenant.
    pub account: AccountId,
    /// Whose session.
    pub instance: InstanceId,
    /// When it happened.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// Why a batch was not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineEventsError {
    /// The core does not want the event (e.g. the number is live on another instance, or the trial is over): undo it on the engine's side.
    #[error("{0}")]
    Refused(String),
    /// Too much at once; deliver again later.
    #[error("too many changes at once, deliver again")]
    Busy,
    /// The database; deliver again later.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes what engines tell.
#[async_trait]
pub trait EngineEvents: Send + Sync {
    /// Commits the batch durably and in order. On error deliver the whole batch again later: what was taken is recognised.
    ///
    /// # Errors
    /// See [`EngineEventsError`].
    async fn deliver(&self, batch: &[EngineEvent]) -> Result<(), EngineEventsError>;
}
