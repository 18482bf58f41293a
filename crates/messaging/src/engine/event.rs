//! What an engine tells the core.

use async_trait::async_trait;
use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, MessageId, PhoneNumber, Secret, Timestamp, WireId};

use super::EngineKind;
use crate::domain::message::Receipt;

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
    Incoming {
        /// WhatsApp's id.
        wire_id: WireId,
        /// Who.
        from: PhoneNumber,
        /// The name the sender shows.
        sender_name: Option<String>,
        /// What.
        text: Secret<String>,
    },
    /// Something beside messages.
    Noticed(super::Notice),
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
