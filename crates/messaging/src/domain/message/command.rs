//! What may be asked of a message.

use recado_kernel::{AccountId, InstanceId, Sealed, WireId};
use serde::{Deserialize, Serialize};

use super::MessageKind;

/// One request with its circumstances.
#[derive(Debug, Clone)]
pub struct MessageCommand {
    /// Who owns the message; another account's message is "not found".
    pub account: AccountId,
    /// Through which instance; the message of another instance is "not found".
    pub instance: InstanceId,
    /// What is wanted.
    pub action: MessageAction,
}

/// What WhatsApp reports about a message that went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// The server accepted it.
    Sent,
    /// It reached the other side's phone.
    Received,
    /// It was read.
    Read,
    /// The voice note was heard.
    Played,
}

impl Receipt {
    /// The wire name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Read => "read",
            Self::Played => "played",
        }
    }
}

/// What is wanted. A request that finds its work done writes no event.
#[derive(Debug, Clone)]
pub enum MessageAction {
    /// Take it into the queue.
    Accept {
        /// The id WhatsApp will see.
        wire_id: WireId,
        /// What kind.
        kind: MessageKind,
        /// To whom, sealed.
        chat: Sealed,
        /// Keyed digest of the chat.
        chat_digest: String,
        /// Bytes of the text.
        size: u64,
        /// Keyed digest of the content.
        digest: String,
        /// As the client gave it (see [`crate::domain::pacing::clamp_delay`]).
        delay_message: Option<u8>,
        /// Seconds of typing.
        delay_typing: u8,
        /// The client's own id.
        custom_id: Option<String>,
        /// The message being answered.
        reply_to: Option<WireId>,
    },
    /// About to be handed to the engine for the `attempt`-th time.
    StartSending {
        /// 1 for the first.
        attempt: u32,
    },
    /// WhatsApp reports.
    Confirm(Receipt),
    /// It cannot be sent.
    Refuse {
        /// Short technical reason.
        reason: String,
    },
    /// Take it out of the queue.
    Cancel,
    /// WhatsApp has deleted it for everybody, as asked.
    Revoke,
    /// Give up knowing.
    MarkUncertain {
        /// Short technical reason.
        reason: String,
    },
    /// It came in.
    Receive {
        /// The id WhatsApp gave it.
        wire_id: WireId,
        /// What kind.
        kind: MessageKind,
        /// From whom, sealed.
        chat: Sealed,
        /// Keyed digest of the chat.
        chat_digest: String,
        /// Bytes of the text.
        size: u64,
        /// Keyed digest of the content.
        digest: String,
        /// The name the sender shows, sealed.
        sender_name: Option<Sealed>,
        /// Who wrote it in a group, sealed.
        participant: Option<Sealed>,
        /// The group's name, sealed.
        chat_name: Option<Sealed>,
        /// The message it answers.
        reply_to: Option<WireId>,
        /// Passed on from another chat.
        forwarded: bool,
    },
}
