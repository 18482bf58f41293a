//! What the core asks of an engine.

use std::time::Duration;

use async_trait::async_trait;
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, PhoneNumber, Timestamp, WireId};

use crate::domain::message::{MessageContent, MessageKind};

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// The simulated WhatsApp: never billed as real, labelled everywhere.
    Sim,
    /// Meta's Cloud API.
    Cloud,
    /// WhatsApp Web.
    Web,
}

impl EngineKind {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sim => "sim",
            Self::Cloud => "cloud",
            Self::Web => "web",
        }
    }
}

/// What the panel may offer with this engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Pairs with a QR code.
    pub qr: bool,
    /// Pairs with a code typed on the phone.
    pub phone_code: bool,
    /// Takes the message id from us: a repeated send is recognised.
    pub client_message_id: bool,
    /// Shows "Digitando…".
    pub typing: bool,
    /// Reports when messages are read.
    pub read_receipts: bool,
    /// Longest text, in bytes of UTF-8.
    pub text_limit: usize,
    /// The kinds it can send; others are refused with [`Refusal::UnsupportedKind`].
    pub kinds: &'static [MessageKind],
    /// Deletes messages for everybody ([`SessionEngine::revoke`]).
    pub revoke: bool,
    /// Marks incoming messages as read ([`SessionEngine::mark_read`]).
    pub mark_read: bool,
}

impl Capabilities {
    /// Can it send this kind?
    #[must_use]
    pub fn can_send(&self, kind: MessageKind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// Where a session stands, by the engine's own books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// No session and no credentials.
    Idle,
    /// Waits for a phone to scan.
    Pairing,
    /// Linked and connected.
    Online {
        /// The linked number.
        number: PhoneNumber,
    },
    /// Linked, not connected: [`SessionEngine::reconnect`] brings it back without a new QR code.
    Offline {
        /// The linked number.
        number: PhoneNumber,
    },
}

/// The QR code to draw now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrView {
    /// What the code says.
    pub text: String,
    /// When the next code replaces it (every 20 s, plugzapi-api.md 2.1).
    pub valid_until: Timestamp,
}

/// What came of asking for a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairStep {
    /// Codes are being shown: ask [`SessionEngine::qr`].
    ShowQr,
    /// The session is linked already; nothing was started.
    AlreadyLinked,
}

/// One message for WhatsApp.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The tenant.
    pub account: AccountId,
    /// The session that sends.
    pub instance: InstanceId,
    /// Our id, for receipts ([`super::Receipt`]).
    pub message: MessageId,
    /// The id WhatsApp sees; the same on every attempt.
    pub wire_id: WireId,
    /// 1 on the first attempt.
    pub attempt: u32,
    /// The other side.
    pub to: ChatAddress,
    /// What it says. Its files lie in the content store: an engine copies what it needs while it sends, as they are erased afterwards.
    pub content: MessageContent,
    /// The message it answers.
    pub reply_to: Option<WireId>,
    /// How long "Digitando…" was wanted before it; already waited for.
    pub typing: Duration,
}

/// What a successful send means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handoff {
    /// WhatsApp has it: the content may be erased.
    Accepted,
    /// The engine has written it out; [`super::Happening::Accepted`] follows.
    Written,
}

/// Why WhatsApp does not want a message; final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The number has no WhatsApp.
    NotOnWhatsApp,
    /// WhatsApp restricts this sender for now.
    Restricted,
    /// This engine cannot reach that kind of chat.
    UnsupportedChat,
    /// This engine cannot send that kind of message.
    UnsupportedKind,
    /// The message it edits, answers, reacts to or passes on is not known.
    UnknownTarget,
}

impl Refusal {
    /// The stored reason.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotOnWhatsApp => "not_on_whatsapp",
            Self::Restricted => "restricted",
            Self::UnsupportedChat => "unsupported_chat",
            Self::UnsupportedKind => "unsupported_kind",
            Self::UnknownTarget => "unknown_target",
        }
    }
}

/// Why a message was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFailure {
    /// Surely not sent; may be repeated.
    #[error("not sent: {0}")]
    NotSent(String),
    /// Nobody knows. Repeated with the same id if the engine takes ours, otherwise "uncertain".
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// Final.
    #[error("refused: {}", .0.as_str())]
    Refused(Refusal),
    /// The session cannot take it now.
    #[error("the session is busy or not online")]
    Busy {
        /// When to ask again.
        retry_in: Duration,
    },
}

/// Why an engine did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Its storage or its link does not answer; try again.
    #[error("the engine does not answer: {0}")]
    Unavailable(String),
    /// There is no linked session.
    #[error("the session is not linked")]
    NotLinked,
    /// The engine cannot do this at all.
    #[error("the engine does not support this")]
    Unsupported,
    /// There is no such message in that chat.
    #[error("there is no such message")]
    UnknownMessage,
}

/// Runs WhatsApp sessions. Every call is harmless when repeated; state is kept durably by the engine, so that any process may call.
#[async_trait]
pub trait SessionEngine: Send + Sync + 'static {
    /// Which engine.
    fn kind(&self) -> EngineKind;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Where the session stands.
    async fn state(&self, instance: InstanceId) -> Result<SessionState, EngineError>;

    /// Begins to show QR codes, unless the session is linked.
    async fn start_pairing(&self, account: AccountId, instance: InstanceId) -> Result<PairStep, EngineError>;

    /// The code of this moment; `None` unless pairing.
    async fn qr(&self, instance: InstanceId, now: Timestamp) -> Result<Option<QrView>, EngineError>;

    /// A code to type on the phone instead of scanning; starts pairing if need be.
    async fn phone_code(&self, account: AccountId, instance: InstanceId, phone: &PhoneNumber) -> Result<String, EngineError>;

    /// Hands one message over. Awaited, never queued inside the engine: not online is [`SendFailure::Busy`] at once.
    async fn send(&self, message: Outgoing) -> Result<Handoff, SendFailure>;

    /// Deletes a message for everybody. `own`: the connected number wrote it (else an administrator deletes a member's message). One that
    /// is deleted already is no error.
    async fn revoke(&self, instance: InstanceId, chat: &ChatAddress, target: &WireId, own: bool) -> Result<(), EngineError> {
        let _ = (instance, chat, target, own);
        Err(EngineError::Unsupported)
    }

    /// Tells the other side that these of its messages were read. Messages nobody knows are passed over.
    async fn mark_read(&self, instance: InstanceId, chat: &ChatAddress, messages: &[WireId]) -> Result<(), EngineError> {
        let _ = (instance, chat, messages);
        Err(EngineError::Unsupported)
    }

    /// Closes the connection, keeps the link.
    async fn disconnect(&self, instance: InstanceId) -> Result<(), EngineError>;

    /// Opens the connection of a kept link.
    async fn reconnect(&self, instance: InstanceId) -> Result<(), EngineError>;

    /// Unlinks and destroys credentials; also ends a pairing.
    async fn logout(&self, instance: InstanceId) -> Result<(), EngineError>;

    /// Contacts, chats, groups and the rest; `None` when the engine knows nothing of them.
    fn directory(&self) -> Option<&dyn super::SessionDirectory> {
        None
    }
}
