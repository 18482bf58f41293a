//! Why an instance refuses.

/// A refusal; nothing was stored. REST texts: plugzapi-api.md 1.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// It does not exist, or belongs to another account (the same answer, so ids cannot be probed).
    #[error("Instance not found")]
    NotFound,
    /// An instance with this id exists already.
    #[error("the instance exists already")]
    AlreadyExists,
    /// The trial is over or the subscription ended: subscribe first.
    #[error("To continue sending a message, you must subscribe to this instance again")]
    SubscribeAgain,
    /// There is a live session already.
    #[error("the instance is connected already")]
    AlreadyConnected,
    /// There is no linked number: scan a QR code first.
    #[error("You need to be connected with whatsapp")]
    NotConnected,
    /// There is no running subscription to cancel.
    #[error("the instance is not subscribed")]
    NotSubscribed,
}
