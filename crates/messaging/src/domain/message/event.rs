//! What happened to a message. Wire names are for ever.

use cqrs_es::DomainEvent;
use recado_kernel::{AccountId, InstanceId, Sealed, WireId};
use serde::{Deserialize, Serialize};

use super::MessageKind;

/// Events of one message; business time is the event's `occurred_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum MessageEvent {
    /// It waits in the queue; the answer to the client was given.
    #[serde(rename = "message.accepted")]
    Accepted {
        /// The owner.
        account: AccountId,
        /// Through which instance.
        instance: InstanceId,
        /// The id WhatsApp will see, the same on every attempt.
        wire_id: WireId,
        /// What kind.
        kind: MessageKind,
        /// To whom, sealed under "contact/<digits>".
        chat: Sealed,
        /// Keyed digest of the chat within the account.
        chat_digest: String,
        /// Bytes of the text.
        size: u64,
        /// Keyed digest of the content within the account.
        digest: String,
        /// Seconds to wait before the next message, 1..=15; `None`: random 1–3 s (plugzapi-api.md 2.2).
        delay_message: Option<u8>,
        /// Seconds of "typing…" before sending, 0..=15.
        delay_typing: u8,
        /// The client's own id, echoed in its webhooks.
        custom_id: Option<String>,
        /// WhatsApp id of the message being answered.
        #[serde(default)]
        reply_to: Option<WireId>,
    },
    /// It is about to be handed to the engine (written before the hand-over).
    #[serde(rename = "message.sending")]
    Sending {
        /// 1 for the first.
        attempt: u32,
    },
    /// WhatsApp accepted it; the content is gone.
    #[serde(rename = "message.sent")]
    Sent {},
    /// It reached the other side.
    #[serde(rename = "message.received")]
    Received {},
    /// It was read.
    #[serde(rename = "message.read")]
    Read {},
    /// It will not be sent.
    #[serde(rename = "message.refused")]
    Refused {
        /// Short technical reason without personal data, e.g. `not_on_whatsapp`.
        reason: String,
    },
    /// Taken out of the queue.
    #[serde(rename = "message.cancelled")]
    Cancelled {},
    /// Nobody knows whether it went out.
    #[serde(rename = "message.uncertain")]
    Uncertain {
        /// Short technical reason.
        reason: String,
    },
    /// It came in.
    #[serde(rename = "message.incoming")]
    Incoming {
        /// The owner.
        account: AccountId,
        /// Through which instance.
        instance: InstanceId,
        /// The id WhatsApp gave it.
        wire_id: WireId,
        /// What kind.
        kind: MessageKind,
        /// From whom, sealed under "contact/<digits>".
        chat: Sealed,
        /// Keyed digest of the chat within the account.
        chat_digest: String,
        /// Bytes of the text.
        size: u64,
        /// Keyed digest of the content within the account.
        digest: String,
        /// The name the sender shows, sealed like `chat`.
        #[serde(default)]
        sender_name: Option<Sealed>,
    },
}

impl MessageEvent {
    /// The wire name.
    #[must_use]
    pub const fn wire_name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "message.accepted",
            Self::Sending { .. } => "message.sending",
            Self::Sent {} => "message.sent",
            Self::Received {} => "message.received",
            Self::Read {} => "message.read",
            Self::Refused { .. } => "message.refused",
            Self::Cancelled {} => "message.cancelled",
            Self::Uncertain { .. } => "message.uncertain",
            Self::Incoming { .. } => "message.incoming",
        }
    }
}

impl DomainEvent for MessageEvent {
    fn event_type(&self) -> String {
        self.wire_name().to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}
