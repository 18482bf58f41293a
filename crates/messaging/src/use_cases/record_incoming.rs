//! A message from the other side.

use chrono::Duration;
use cqrs_es::Aggregate as _;
use recado_event_store::{Alongside, CommandError, NewContent, archive};
use recado_kernel::{AccountId, ChatAddress, InstanceId, MessageId, Sealed, Timestamp, WireId};

use super::EngineFact;
use super::accept::unreadable;
use crate::domain::message::{Message, MessageAction, MessageCommand, MessageContent, MessageEvent};
use crate::media::limits;
use crate::{Messaging, MessagingError};

/// What an engine received.
pub use crate::engine::Received as Incoming;

impl Messaging {
    /// Stores a received message once per (instance, wire id). The text lies in the vault under the returned id for
    /// [`crate::MessagingSettings::incoming_retention_hours`] at most; webhooks read it with [`Self::message_content`] and may erase
    /// it earlier.
    ///
    /// # Errors
    /// Trial or subscription over (nothing is received any more), not found, or the database.
    pub async fn record_incoming(&self, fact: &EngineFact, incoming: Incoming) -> Result<MessageId, MessagingError> {
        let (account, instance) = (fact.account, fact.instance);
        self.require_receiving(account, instance).await?;
        let (message, timeless) = self.incoming_id(fact, &incoming.wire_id).await?;
        if self.is_archived(account, message).await? {
            return Ok(message);
        }
        let expires_at = fact.at + Duration::hours(self.settings.incoming_retention_hours);
        let content = self.seal_message(account, message, &incoming.content, Some(expires_at))?;
        // Before the event: once it is known, the sweep and every erasure find the files through the message.
        let files_until = fact.at + Duration::days(limits::KEPT_DAYS);
        self.media.adopt(account, message, &incoming.content, files_until).await?;
        let author = incoming.participant.clone().map(ChatAddress::Phone);
        let sender_name = self.seal_name(account, author.as_ref().unwrap_or(&incoming.chat), incoming.sender_name).await?;
        let chat_name = self.seal_name(account, &incoming.chat, incoming.chat_name).await?;
        let participant = match &author {
            Some(author) => Some(self.seal_chat(account, author).await?),
            None => None,
        };
        let action = MessageAction::Receive {
            wire_id: incoming.wire_id,
            kind: incoming.content.kind(),
            chat: self.seal_chat(account, &incoming.chat).await?,
            chat_digest: self.chat_digest(account, &incoming.chat),
            size: incoming.content.size(),
            digest: self.content_digest(account, &incoming.content),
            sender_name,
            participant,
            chat_name,
            reply_to: incoming.reply_to,
            forwarded: incoming.forwarded,
        };
        // The command's id knows no time: should an engine tell the same message with another moment, it is still recognised.
        let mut meta = fact.meta(&format!("{timeless}/incoming"));
        meta.correlation_id = message.as_uuid();
        let command_id = meta.command_id;
        let alongside = move |_: &_, _: &[MessageEvent]| Alongside { content: vec![content.clone()], ..Alongside::default() };
        let command = MessageCommand { account, instance, action };
        match self.messages.create_with(&message.to_string(), command, meta, alongside).await {
            Err(error @ CommandError::CommandReused(_)) => {
                let earlier = self.platform.log.aggregate_of(account, command_id).await?;
                earlier.and_then(|id| id.parse().ok()).ok_or_else(|| error.into())
            }
            recorded => Ok(recorded.map(|_| message)?),
        }
    }

    /// Was it received, and has its month left the log since? Whoever tells it again so late finds it in the read model.
    async fn is_archived(&self, account: AccountId, message: MessageId) -> Result<bool, MessagingError> {
        let pool = self.platform.pool();
        Ok(archive::whereabouts(pool, Message::TYPE, &message.to_string()).await?.is_some()
            && self.message(account, message).await?.is_some())
    }

    /// Made of the wire id and the moment WhatsApp gave the message, which is the same whenever it is told again: ids sort by time, and old
    /// months can be archived. One that was stored before ids carried a time keeps its id, which is the second of the answer.
    async fn incoming_id(&self, fact: &EngineFact, wire_id: &WireId) -> Result<(MessageId, MessageId), MessagingError> {
        let name = format!("incoming/{wire_id}");
        let timeless = MessageId::derive(fact.instance.as_uuid(), &name);
        if self.messages.load(&timeless.to_string()).await?.exists() {
            return Ok((timeless, timeless));
        }
        Ok((MessageId::derive_at(fact.at, fact.instance.as_uuid(), &name), timeless))
    }

    /// Refuses only by the log: the read model may lag, and what an engine hears back as a refusal is lost for good.
    async fn require_receiving(&self, account: AccountId, instance: InstanceId) -> Result<(), MessagingError> {
        let now = self.platform.now();
        if self.instance(account, instance).await.is_ok_and(|view| view.may_send(now)) {
            return Ok(());
        }
        let known = self.instances.load(&instance.to_string()).await?.aggregate;
        match known.belongs_to(account) {
            false => Err(MessagingError::InstanceNotFound),
            true if known.terms.may_send(now) => Ok(()),
            true => Err(MessagingError::SubscribeAgain),
        }
    }

    /// The content of a message; `None` once erased.
    ///
    /// # Errors
    /// The database.
    pub async fn message_content(
        &self,
        account: AccountId,
        message: MessageId,
    ) -> Result<Option<MessageContent>, MessagingError> {
        let bytes = self.platform.vault.open_content(account, message.as_uuid()).await?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))).transpose()
    }

    pub(super) fn seal_message(
        &self,
        account: AccountId,
        message: MessageId,
        content: &MessageContent,
        expires_at: Option<Timestamp>,
    ) -> Result<NewContent, MessagingError> {
        let bytes = serde_json::to_vec(content).map_err(|error| unreadable(&error))?;
        Ok(self.platform.vault.seal_content(account, message.as_uuid(), &bytes, expires_at)?)
    }

    /// Keyed digest of what a message says: of its text, and where there is more of everything. Files count by their own digest.
    pub(super) fn content_digest(&self, account: AccountId, content: &MessageContent) -> String {
        let digest = |text: &str| self.platform.vault.digest("content", Some(account), text);
        match content {
            MessageContent::Text(content) => digest(&content.text),
            content => {
                let files = content.media();
                let parts = content.texts().into_iter().chain(files.iter().map(|(_, media)| media.identity()));
                digest(&parts.fold(content.kind().as_str().to_owned(), |all, part| all + "\u{1f}" + part))
            }
        }
    }

    async fn seal_name(
        &self,
        account: AccountId,
        subject: &ChatAddress,
        name: Option<String>,
    ) -> Result<Option<Sealed>, MessagingError> {
        match name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Ok(Some(self.platform.vault.seal(account, &contact(subject), name).await?)),
            None => Ok(None),
        }
    }

    pub(super) async fn seal_chat(&self, account: AccountId, chat: &ChatAddress) -> Result<Sealed, MessagingError> {
        Ok(self.platform.vault.seal(account, &contact(chat), chat.as_str()).await?)
    }

    pub(crate) fn chat_digest(&self, account: AccountId, chat: &ChatAddress) -> String {
        self.platform.vault.digest("chat", Some(account), chat.as_str())
    }
}

/// The data subject behind a chat.
fn contact(chat: &ChatAddress) -> String {
    format!("contact/{chat}")
}
