//! `view_message`: one row per message with its status and times, never its text.

mod changes;
mod queries;
mod table;

use async_trait::async_trait;
use recado_accounts::subject_erased;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent};
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, Timestamp, WireId};
use sqlx::PgConnection;

use crate::domain::message::{MessageEvent, MessageKind, MessageStatus};
use changes::Changes;

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Sent through us.
    Out,
    /// Received.
    In,
}

impl Direction {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
}

/// One message as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageView {
    /// Our id; its wire form is [`MessageId::zaap_id`].
    pub id: MessageId,
    /// The owner.
    pub account: AccountId,
    /// Through which instance.
    pub instance: InstanceId,
    /// The id inside WhatsApp.
    pub wire_id: WireId,
    /// Which way.
    pub direction: Direction,
    /// What kind.
    pub kind: MessageKind,
    /// The other side; `None` once its key was destroyed.
    pub chat: Option<ChatAddress>,
    /// Bytes of the text.
    pub size: i64,
    /// Where it stands.
    pub status: MessageStatus,
    /// Why it was refused or is uncertain.
    pub reason: Option<String>,
    /// The client's own id.
    pub custom_id: Option<String>,
    /// Hand-overs so far.
    pub attempts: i32,
    /// Accepted into the queue, or received.
    pub accepted_at: Timestamp,
    /// First hand-over.
    pub sending_at: Option<Timestamp>,
    /// Accepted by WhatsApp.
    pub sent_at: Option<Timestamp>,
    /// Reached the other side.
    pub received_at: Option<Timestamp>,
    /// Read there.
    pub read_at: Option<Timestamp>,
    /// Refused or cancelled.
    pub ended_at: Option<Timestamp>,
}

/// Keeps `view_message`.
pub struct MessageList {
    platform: Platform,
}

impl MessageList {
    /// Its name in `projection`.
    pub const NAME: &'static str = "message@1";

    pub(crate) const fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

#[async_trait]
impl Projection for MessageList {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "message.accepted",
            "message.sending",
            "message.sent",
            "message.received",
            "message.read",
            "message.played",
            "message.refused",
            "message.cancelled",
            "message.uncertain",
            "message.incoming",
            "account.subject_erased",
        ]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_message"]
    }

    fn message_rows(&self) -> &'static [(&'static str, &'static str)] {
        &[("view_message", "message_id")]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut changes = Changes::default();
        for recorded in batch {
            let poison = |reason: String| ProjectionError::Poison { position: recorded.position.position, reason };
            if recorded.aggregate_type == "account" {
                // What was folded before it is erased with the rest.
                let before = std::mem::take(&mut changes);
                table::insert(db, &before.new).await?;
                table::advance(db, &before.steps()).await?;
                let erased = subject_erased(recorded).map_err(|error| poison(error.to_string()))?;
                if let Some(digest) = erased.and_then(|erased| erased.chat_digest) {
                    table::forget_chat(db, recorded.account_id, &digest).await?;
                }
                continue;
            }
            let id: MessageId = recorded.aggregate_id.parse().map_err(|_| poison("not a message id".to_owned()))?;
            let event: MessageEvent = recorded.decode().map_err(|error| poison(error.to_string()))?;
            let chat = match &event {
                MessageEvent::Accepted { chat, .. } | MessageEvent::Incoming { chat, .. } => {
                    self.platform.vault.unseal(chat).await?
                }
                _ => None,
            };
            changes.note(id, &event, recorded.occurred_at, chat);
        }
        table::insert(db, &changes.new).await?;
        table::advance(db, &changes.steps()).await?;
        Ok(())
    }
}
