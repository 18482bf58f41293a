//! One error for the whole face; REST and panel map its variants (plugzapi-api.md 1.5).

use recado_event_store::{CommandError, StoreError};
use recado_kernel::name::InvalidName;

use crate::domain::instance::{InstanceError, InvalidWebhookUrl, LIVE_NUMBER};
use crate::domain::message::{InvalidContent, InvalidText, MessageError};
use crate::engine::DirectoryError;
use crate::media::MediaError;

/// Why a use case did nothing. `Display` is the REST text where plugzapi-api.md 1.5 prescribes one.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MessagingError {
    /// The instance does not exist, belongs to somebody else, or the token is wrong: 404.
    #[error("Instance not found")]
    InstanceNotFound,
    /// The message does not exist or belongs to somebody else: 404.
    #[error("Message not found")]
    MessageNotFound,
    /// Trial over or subscription ended: 400.
    #[error("To continue sending a message, you must subscribe to this instance again")]
    SubscribeAgain,
    /// No live session: 400.
    #[error("You need to be connected with whatsapp")]
    NotConnected,
    /// There is a live session already: 400.
    #[error("the instance is connected already")]
    AlreadyConnected,
    /// The number is live on another instance: 409.
    #[error("the number is connected to another instance")]
    NumberInUse,
    /// 1000 messages wait while disconnected: 400.
    #[error("Queue limit of {limit} messages reached")]
    QueueFull {
        /// The limit.
        limit: i64,
    },
    /// There is nothing to cancel: 400.
    #[error("the instance is not subscribed")]
    NotSubscribed,
    /// The message has left the queue: 400.
    #[error("the message is not waiting any more")]
    NotWaiting,
    /// The text cannot be sent: 400.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// The content cannot be sent: 400.
    #[error("{0}")]
    Content(InvalidContent),
    /// A file cannot be taken: 400; our own store's trouble: 503.
    #[error(transparent)]
    Media(MediaError),
    /// WhatsApp does not know the message: 400.
    #[error("Message not found")]
    UnknownMessage,
    /// The engine cannot do this: 501.
    #[error("this is not supported")]
    Unsupported,
    /// WhatsApp's side gave no answer: 400.
    #[error("Whatsapp did not respond")]
    Silent,
    /// The name is none: 400.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The URL is none: 400.
    #[error(transparent)]
    WebhookUrl(#[from] InvalidWebhookUrl),
    /// `customId` is longer than 128 characters or has control characters: 400.
    #[error("customId is invalid")]
    CustomId,
    /// A setting of the instance that is too long or cannot be stored: 400.
    #[error("{0} is invalid")]
    Setting(&'static str),
    /// WhatsApp refused, or did not answer: 400.
    #[error("{0}")]
    Directory(DirectoryError),
    /// Too many commands at once on one thing; try again: 503.
    #[error("the instance is busy, try again")]
    Busy,
    /// The database: 503 when unavailable, else 500.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MessagingError {
    /// Will the same call work later without any change (HTTP 503)?
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Store(error) => error.is_unavailable(),
            Self::Media(MediaError::Files(_)) => true,
            _ => false,
        }
    }

    /// A defect or outage of ours rather than something the caller can mend (HTTP 5xx)?
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Busy | Self::Store(_) | Self::Media(MediaError::Files(_)))
    }
}

impl From<InvalidContent> for MessagingError {
    fn from(error: InvalidContent) -> Self {
        match error {
            InvalidContent::Text(error) => Self::Text(error),
            other => Self::Content(other),
        }
    }
}

impl From<MediaError> for MessagingError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Store(error) => Self::Store(error),
            other => Self::Media(other),
        }
    }
}

impl From<DirectoryError> for MessagingError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::NotConnected => Self::NotConnected,
            other => Self::Directory(other),
        }
    }
}

impl From<sqlx::Error> for MessagingError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<InstanceError> for MessagingError {
    fn from(error: InstanceError) -> Self {
        match error {
            InstanceError::NotFound => Self::InstanceNotFound,
            InstanceError::AlreadyExists => Self::Busy,
            InstanceError::SubscribeAgain => Self::SubscribeAgain,
            InstanceError::AlreadyConnected => Self::AlreadyConnected,
            InstanceError::NotConnected => Self::NotConnected,
            InstanceError::NotSubscribed => Self::NotSubscribed,
        }
    }
}

impl From<MessageError> for MessagingError {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::NotFound => Self::MessageNotFound,
            MessageError::AlreadyExists => Self::Busy,
            MessageError::NotWaiting { .. } => Self::NotWaiting,
        }
    }
}

impl<E> From<CommandError<E>> for MessagingError
where
    E: std::error::Error + Into<Self>,
{
    fn from(error: CommandError<E>) -> Self {
        match error {
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::ClaimTaken { scope } if scope == LIVE_NUMBER => Self::NumberInUse,
            CommandError::ClaimTaken { .. } | CommandError::Contention => Self::Busy,
            CommandError::CommandReused(id) => {
                Self::Store(StoreError::Database(format!("command {id} was used for something else")))
            }
            CommandError::Store(error) => Self::Store(error),
        }
    }
}
