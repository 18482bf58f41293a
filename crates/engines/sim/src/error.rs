//! Why the simulator did nothing.

use recado_event_store::StoreError;
use recado_messaging::engine::{EngineError, EngineEventsError};
use recado_messaging::media::MediaError;

/// A refusal, with a sentence for people (English; the panel translates by variant).
#[derive(Debug, Clone, thiserror::Error)]
pub enum SimError {
    /// No session was ever opened for this instance, or nothing is linked.
    #[error("no phone is linked to this instance")]
    NotLinked,
    /// The session is linked already.
    #[error("the instance is connected already: unlink its phone first")]
    AlreadyLinked,
    /// The code is not one of ours, or older than 40 seconds.
    #[error("this QR code is not valid any more: show a new one")]
    InvalidCode,
    /// The phone is linked to another instance.
    #[error("this phone is linked to another instance")]
    NumberInUse,
    /// There is no such message.
    #[error("there is no such message")]
    UnknownMessage,
    /// The number's script forbids it (…0131 never reads).
    #[error("this simulated number never reads its messages")]
    NeverReads,
    /// An empty text, or one longer than 65536 bytes.
    #[error("the text must have between 1 and 65536 bytes")]
    InvalidText,
    /// Another content nobody can send; why, in English.
    #[error("{0}")]
    InvalidContent(String),
    /// The message has no such button, row or option.
    #[error("the message has no such button, row or option")]
    UnknownChoice,
    /// More options than the poll allows.
    #[error("this poll allows fewer options")]
    TooManyOptions,
    /// Only who wrote a message edits or deletes it.
    #[error("only whoever wrote a message can edit or delete it")]
    NotYours,
    /// Only texts and the captions of documents are edited.
    #[error("only texts and captions of documents can be edited")]
    NotEditable,
    /// It is not a voice note of the other side.
    #[error("there is nothing to listen to in this message")]
    NoSound,
    /// A file that cannot be sent; why, in English.
    #[error("{0}")]
    InvalidFile(String),
    /// Two changes at once; try again.
    #[error("the session is changing, try again")]
    Busy,
    /// The core refuses the event (e.g. the trial is over).
    #[error("{0}")]
    Refused(String),
    /// Folder or bucket of the content store; try again.
    #[error("the content store does not answer: {0}")]
    Files(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for SimError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<MediaError> for SimError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Store(error) => Self::Store(error),
            other => Self::Files(other.to_string()),
        }
    }
}

impl From<EngineEventsError> for SimError {
    fn from(error: EngineEventsError) -> Self {
        match error {
            EngineEventsError::Refused(reason) => Self::Refused(reason),
            EngineEventsError::Busy => Self::Busy,
            EngineEventsError::Store(error) => Self::Store(error),
        }
    }
}

impl From<SimError> for EngineError {
    fn from(error: SimError) -> Self {
        match error {
            SimError::NotLinked => Self::NotLinked,
            other => Self::Unavailable(other.to_string()),
        }
    }
}
