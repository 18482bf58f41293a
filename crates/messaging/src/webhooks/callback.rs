//! What is to be told to whom: the payload of a delivery.

use recado_kernel::{MessageId, Sealed, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::instance::WebhookKind;
use crate::engine::PresenceState;

/// The `type` of a webhook body (plugzapi-api.md 3.2, rule 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CallbackKind {
    /// A message came in, or our own went out ("enviadas por mim").
    Received,
    /// A message left the queue, or failed.
    Delivery,
    /// A receipt.
    MessageStatus,
    /// Connected.
    Connected,
    /// Disconnected.
    Disconnected,
    /// Somebody types, comes or goes.
    Presence,
}

impl CallbackKind {
    /// The exact `type`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "ReceivedCallback",
            Self::Delivery => "DeliveryCallback",
            Self::MessageStatus => "MessageStatusCallback",
            Self::Connected => "ConnectedCallback",
            Self::Disconnected => "DisconnectedCallback",
            Self::Presence => "PresenceChatCallback",
        }
    }
}

/// One callback, with ids and seals only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "callback", rename_all = "snake_case")]
pub(crate) enum Callback {
    Received { message: MessageId, from_me: bool },
    Delivery { message: MessageId, refused: Option<String> },
    MessageStatus { message: MessageId, status: String },
    Connected { number: Option<Sealed> },
    Disconnected {},
    Presence { phone: Sealed, state: PresenceState, last_seen: Option<Timestamp> },
    Notice(Box<NoticeFacts>),
}

impl Callback {
    pub(crate) const fn kind(&self) -> CallbackKind {
        match self {
            Self::Received { .. } => CallbackKind::Received,
            Self::Delivery { .. } => CallbackKind::Delivery,
            Self::MessageStatus { .. } => CallbackKind::MessageStatus,
            Self::Connected { .. } => CallbackKind::Connected,
            Self::Disconnected {} => CallbackKind::Disconnected,
            Self::Presence { .. } => CallbackKind::Presence,
            Self::Notice(_) => CallbackKind::Received,
        }
    }

    pub(crate) const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Received { message, .. } | Self::Delivery { message, .. } | Self::MessageStatus { message, .. } => {
                Some(*message)
            }
            Self::Connected { .. } | Self::Disconnected {} | Self::Presence { .. } | Self::Notice(_) => None,
        }
    }

    /// For the list in the panel.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::MessageStatus { status, .. } => status.clone(),
            Self::Delivery { refused: Some(reason), .. } => reason.clone(),
            Self::Received { from_me: true, .. } => "fromMe".to_owned(),
            Self::Presence { state, .. } => state.as_str().to_owned(),
            Self::Notice(facts) => facts.notification.clone(),
            _ => String::new(),
        }
    }
}

/// A system notice (plugzapi-api.md 3.4, `notification`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct NoticeFacts {
    /// `messageId`.
    pub id: String,
    /// The chat it stands in.
    pub chat: Sealed,
    /// The chat's name, where it is a group.
    pub chat_name: Option<Sealed>,
    /// Who caused it.
    pub sender: Sealed,
    /// Its name, e.g. `GROUP_CREATE`.
    pub notification: String,
    /// The people it is about.
    pub parameters: Vec<Sealed>,
    /// `callId`.
    pub call: Option<String>,
    /// `requestMethod`.
    pub request_method: Option<String>,
}

/// A callback bound to one of the instance's URLs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Which URL.
    pub url_of: WebhookKind,
    /// `momment`.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub callback: Callback,
}
