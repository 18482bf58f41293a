//! Why a message refuses.

use super::MessageStatus;

/// A refusal; nothing was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// It does not exist, or belongs to another account.
    #[error("Message not found")]
    NotFound,
    /// A message with this id exists already.
    #[error("the message exists already")]
    AlreadyExists,
    /// It has left the queue: too late to cancel or to send (again).
    #[error("the message is not waiting any more")]
    NotWaiting {
        /// Where it stands.
        status: MessageStatus,
    },
}
