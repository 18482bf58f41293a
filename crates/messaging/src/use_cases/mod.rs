//! What the outside may ask, as methods of [`crate::Messaging`]; one file per group of verbs.

mod accept;
mod accept_text;
mod access;
mod archive;
mod create_instance;
mod edit_instance;
mod fetch_media;
mod forget_person;
mod live_message;
mod live_session;
mod queue;
mod record_incoming;
mod record_message;
mod record_notice;
mod record_session;
mod sending;
mod session;
mod subscription;
mod token;

use recado_event_store::{CommandOutcome, Position};

pub(crate) use fetch_media::Fetched;
pub(crate) use record_session::released;

pub use accept::{AcceptMessage, SendResult, SendWork};
pub use accept_text::AcceptText;
pub use access::InstanceAccess;
pub use archive::Unfinished;
pub use create_instance::CreatedInstance;
pub use live_session::LiveSession;
pub use record_incoming::Incoming;
pub use record_session::EngineFact;
pub use sending::{BeginSending, OutgoingMessage};

/// The outcome of a use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Where its last event stands; zero when there was nothing to do.
    pub position: Position,
    /// Did it change anything now?
    pub changed: bool,
}

impl<E> From<CommandOutcome<E>> for Recorded {
    fn from(outcome: CommandOutcome<E>) -> Self {
        Self { position: outcome.position, changed: !outcome.events.is_empty() }
    }
}
