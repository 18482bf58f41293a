//! One error for the whole face; REST and panel map its variants (plugzapi-api.md 1.5).

use recado_event_store::{CommandError, StoreError};
use recado_kernel::Timestamp;
use recado_kernel::name::InvalidName;

use crate::domain::guard_policy::GuardPolicyError;
use crate::domain::guards::{InvalidFile, InvalidPlan, InvalidWords};
use crate::domain::instance::{INSTANCE_SLOT, InstanceError, InvalidWebhookUrl, LIVE_NUMBER};
use crate::domain::instance_guard::InstanceGuardError;
use crate::domain::message::{InvalidContent, InvalidText, MessageError};
use crate::domain::opt_out::OptOutError;
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
    /// The contact opted out of messages: 400.
    #[error("The contact opted out of messages (opt-out list)")]
    OptedOut,
    /// The number is being warmed up and has written to as many new contacts as it may today: 400.
    #[error("Limit of {allowed} new contacts for today reached (number warm-up)")]
    WarmUp {
        /// How many are allowed today.
        allowed: u32,
    },
    /// The number was registered in WhatsApp less than 24 hours ago: 400.
    #[error("The number was registered in WhatsApp less than 24 hours ago: connect it after {}", until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))]
    NumberTooYoung {
        /// From when on it may scan.
        until: Timestamp,
    },
    /// Nobody said when the number was registered in WhatsApp, and the rule is enforced: 400.
    #[error("Say in the panel when the number was registered in WhatsApp (24-hour rule)")]
    RegistrationUnknown,
    /// The contact is not on the opt-out list: 404.
    #[error("the contact is not on the opt-out list")]
    NotOnList,
    /// Groups and channels cannot opt out: 400.
    #[error("only people can opt out")]
    NotAPerson,
    /// A reason is missing, longer than 200 characters or not storable: 400.
    #[error("reason is invalid")]
    Reason,
    /// The confirmation is longer than 1,000 bytes or not storable: 400.
    #[error("the confirmation is invalid")]
    Confirmation,
    /// The words are none: 400.
    #[error(transparent)]
    Words(#[from] InvalidWords),
    /// The warm-up plan is none: 400.
    #[error(transparent)]
    Plan(#[from] InvalidPlan),
    /// The file cannot be read: 400.
    #[error(transparent)]
    ListFile(#[from] InvalidFile),
    /// The account's first integrator token may create no more instances: 403.
    #[error("Limite de 25 instâncias atingido")]
    InstanceLimit,
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

impl From<OptOutError> for MessagingError {
    fn from(error: OptOutError) -> Self {
        match error {
            OptOutError::NotFound => Self::NotOnList,
        }
    }
}

impl From<InstanceGuardError> for MessagingError {
    fn from(error: InstanceGuardError) -> Self {
        match error {
            InstanceGuardError::NotFound => Self::InstanceNotFound,
            InstanceGuardError::NoRoom { allowed } => Self::WarmUp { allowed },
        }
    }
}

impl From<GuardPolicyError> for MessagingError {
    fn from(error: GuardPolicyError) -> Self {
        match error {}
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
            CommandError::ClaimTaken { scope } if scope == INSTANCE_SLOT => Self::InstanceLimit,
            CommandError::ClaimTaken { .. } | CommandError::Contention => Self::Busy,
            CommandError::CommandReused(id) => {
                Self::Store(StoreError::Database(format!("command {id} was used for something else")))
            }
            CommandError::Store(error) => Self::Store(error),
        }
    }
}
