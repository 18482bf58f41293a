//! What the outside may ask, as methods of [`crate::Messaging`]; one file per group of verbs.

mod accept;
mod access;
mod archive;
mod create_instance;
mod delete_instance;
mod edit_instance;
mod fetch_media;
mod forget_person;
mod guards;
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
mod suspend;
mod token;

use recado_event_store::{CommandOutcome, Position};

pub(crate) use delete_instance::InstanceCleanup;
pub(crate) use fetch_media::Fetched;
pub(crate) use guards::{Confirmations, chat_digest};
pub(crate) use record_incoming::contact;
pub(crate) use record_session::released;

pub use accept::{AcceptMessage, SendResult, SendWork};
pub use access::{InstanceAccess, RequestCommands};
pub use archive::Unfinished;
pub use create_instance::{CreatedInstance, NewInstance};
pub use guards::{GuardState, ImportedList};
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
