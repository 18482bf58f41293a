//! Taking a message into the queue: one append holds the event, the sealed content, the keys of its files and the queue's row.

use recado_event_store::{Alongside, NewContent, NewWork, Position};
use recado_kernel::id::moment_of_uuid;
use recado_kernel::{AccountId, ChatAddress, CommandId, InstanceId, MessageId, Sealed, Timestamp, WireId};
use serde::{Deserialize, Serialize};
use tokio::sync::MutexGuard;

use super::InstanceAccess;
use crate::domain::message::{Media, MessageAction, MessageCommand, MessageContent, MessageEvent, MessageKind};
use crate::domain::pacing::clamp_delay;
use crate::media::limits::most_bytes;
use crate::media::{MediaSource, NewMedia, of_message};
use crate::{Messaging, MessagingError, SEND_TOPIC};

/// Longest `customId`, in characters.
const MAX_CUSTOM_ID: usize = 128;

/// A message to be sent (plugzapi-api.md 2.2 and 2.3).
#[derive(Debug)]
pub struct AcceptMessage {
    /// To whom.
    pub phone: ChatAddress,
    /// What it says. Its files are named by [`Self::media`]; what stands in their place here ([`Media::to_come`]) is replaced.
    pub content: MessageContent,
    /// Its files, in the order of [`MessageContent::media`].
    pub media: Vec<MediaSource>,
    /// Seconds before the next message; 0 is absent, else brought into 1..=15.
    pub delay_message: Option<i64>,
    /// Seconds of typing or recording; brought into 0..=15. Only texts, links and sound have it (plugzapi-api.md 2.2).
    pub delay_typing: Option<i64>,
    /// The client's own id.
    pub custom_id: Option<String>,
    /// WhatsApp id of the message being answered.
    pub reply_to: Option<WireId>,
    /// For callers that repeat themselves: the same id is accepted once and answered alike.
    pub command_id: Option<CommandId>,
}

impl AcceptMessage {
    /// A text without any option.
    #[must_use]
    pub fn text(phone: ChatAddress, text: &str) -> Self {
        Self::new(phone, MessageContent::text(text))
    }

    /// Without any option and without files.
    #[must_use]
    pub const fn new(phone: ChatAddress, content: MessageContent) -> Self {
        Self {
            phone,
            content,
            media: vec![],
            delay_message: None,
            delay_typing: None,
            custom_id: None,
            reply_to: None,
            command_id: None,
        }
    }
}

/// `SendResult` of plugzapi-api.md 1.6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendResult {
    /// Our queue id; the wire form is [`MessageId::zaap_id`].
    pub message: MessageId,
    /// The id the message will have in WhatsApp.
    pub wire_id: WireId,
    /// For [`Messaging::message_visible`].
    pub position: Position,
}

/// Payload of a piece of work of topic [`SEND_TOPIC`]: what the queue shows and the sender needs, nothing in clear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SendWork {
    /// The message; also the work's id and subject.
    pub message: MessageId,
    /// Through which instance; also the work's lane.
    pub instance: InstanceId,
    /// Its id inside WhatsApp.
    pub wire_id: WireId,
    /// To whom, sealed.
    pub chat: Sealed,
    /// Seconds before the next message.
    pub delay_message: Option<u8>,
    /// Seconds of typing.
    pub delay_typing: u8,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// Was the instance on trial then?
    pub trial: bool,
    /// Are there files to be fetched before it is sent?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fetch: bool,
}

impl Messaging {
    /// Accepts a message. From the answer on it is durable and goes out once, also when the instance is offline just now. Files in the
    /// request are stored before the answer; files named by their address are fetched before the message is sent.
    ///
    /// # Errors
    /// [`MessagingError::Content`], [`MessagingError::Media`], [`MessagingError::CustomId`], [`MessagingError::SubscribeAgain`]; while
    /// disconnected also [`MessagingError::NotConnected`] (when queueing is switched off) and [`MessagingError::QueueFull`]; the database.
    pub async fn accept(&self, access: &InstanceAccess, accept: AcceptMessage) -> Result<SendResult, MessagingError> {
        accept.content.check()?;
        let custom_id = checked_custom_id(accept.custom_id)?;
        access.require_service(&self.platform)?;
        let (account, instance) = (access.account(), access.instance());
        let mut meta = access.meta(&self.platform);
        let message = match accept.command_id {
            Some(command_id) => {
                meta.command_id = command_id;
                let name = format!("message/{instance}/{command_id}");
                // A repeat comes at another moment: only the command's own id may tell the time.
                match moment_of_uuid(command_id.as_uuid()) {
                    Some(at) => MessageId::derive_at(at, account.as_uuid(), &name),
                    None => MessageId::derive(account.as_uuid(), &name),
                }
            }
            None => MessageId::from_uuid(meta.command_id.as_uuid()),
        };
        // Held until the message is stored: two at once must not both be the thousandth.
        let room = if access.connected() { Ok(None) } else { self.require_room(access).await.map(Some) };
        let admitted = match room {
            Ok(room) => self.require_guards(access, &accept.phone).await.map(|()| room),
            refused => refused,
        };
        let _room = match admitted {
            Ok(room) => room,
            Err(refusal) if self.platform.log.aggregate_of(account, meta.command_id).await?.is_none() => return Err(refusal),
            // A repeat of what was accepted before is not refused because something has changed since.
            Err(_) => None,
        };
        // Every event of a message belongs to one story, whoever causes it.
        meta.correlation_id = message.as_uuid();
        let wire_id = self.wire_id_of(account, instance, message);
        let mut content = accept.content;
        let keys = self.take_files(account, message, &mut content, accept.media).await?;
        let chat = self.seal_chat(account, &accept.phone).await?;
        let sealed: Vec<NewContent> = std::iter::once(self.seal_message(account, message, &content, None)?).chain(keys).collect();
        let delay_message = clamp_delay(accept.delay_message);
        let typed = matches!(content.kind(), MessageKind::Text | MessageKind::Link | MessageKind::Audio);
        let delay_typing = clamp_delay(accept.delay_typing.filter(|_| typed)).unwrap_or(0);
        let work = SendWork {
            message,
            instance,
            wire_id: wire_id.clone(),
            chat: chat.clone(),
            delay_message,
            delay_typing,
            accepted_at: meta.occurred_at,
            trial: access.view.terms.on_trial(meta.occurred_at),
            fetch: content.media().iter().any(|(_, media)| media.stored().is_none()),
        };
        let work = NewWork {
            id: message.as_uuid(),
            topic: SEND_TOPIC.to_owned(),
            lane: instance.to_string(),
            account_id: account,
            subject: message.to_string(),
            payload: serde_json::to_value(work).map_err(|error| unreadable(&error))?,
            due_at: meta.occurred_at,
            cause: Some(meta.as_cause()),
        };
        let action = MessageAction::Accept {
            wire_id: wire_id.clone(),
            kind: content.kind(),
            chat,
            chat_digest: self.chat_digest(account, &accept.phone),
            size: content.size(),
            digest: self.content_digest(account, &content),
            delay_message,
            delay_typing,
            custom_id,
            reply_to: accept.reply_to,
        };
        let alongside = move |_: &_, _: &[MessageEvent]| Alongside {
            work: vec![work.clone()],
            content: sealed.clone(),
            ..Alongside::default()
        };
        let command = MessageCommand { account, instance, action };
        let outcome = self.messages.create_with(&message.to_string(), command, meta, alongside).await?;
        Ok(SendResult { message, wire_id, position: outcome.position })
    }

    /// Puts the files in their places. Those in the request are stored: what is returned are their keys.
    async fn take_files(
        &self,
        account: AccountId,
        message: MessageId,
        content: &mut MessageContent,
        sources: Vec<MediaSource>,
    ) -> Result<Vec<NewContent>, MessagingError> {
        let extension = content.extension().map(str::to_owned);
        let file_name = content.file_name().map(str::to_owned);
        let uses: Vec<_> = content.media().into_iter().map(|(usage, _)| usage).collect();
        let mut keys = vec![];
        for (slot, ((place, usage), source)) in content.media_mut().into_iter().zip(uses).zip(sources).enumerate() {
            match source {
                MediaSource::Url(url) => *place = Media::Remote { url },
                MediaSource::Data(data) => {
                    data.check_size(most_bytes(usage))?;
                    let new = NewMedia {
                        message: Some(message),
                        declared_type: data.mime_type().map(str::to_owned),
                        extension: extension.clone(),
                        file_name: file_name.clone(),
                        ..NewMedia::new(of_message(message, slot), account, usage)
                    };
                    let stored = self.media.store(&new, futures::stream::iter(data.bytes()), None).await?;
                    *place = Media::Stored(stored.file);
                    keys.push(stored.key);
                }
            }
        }
        Ok(keys)
    }

    /// The rules of a disconnected instance (plugzapi-api.md 4).
    pub(crate) async fn require_room(&self, access: &InstanceAccess) -> Result<MutexGuard<'_, ()>, MessagingError> {
        if access.view.settings.disable_enqueue_when_disconnected {
            return Err(MessagingError::NotConnected);
        }
        let turn = self.rooms.of(access.instance()).lock().await;
        let limit = self.settings.disconnected_queue_limit;
        if self.queue_count(access.account(), access.instance()).await? >= limit {
            return Err(MessagingError::QueueFull { limit });
        }
        Ok(turn)
    }

    /// "3EB0" and 18 hex digits of a keyed digest of (instance, message): the same on every attempt and in every process, revealing
    /// nothing (whatsapp-web-engine.md 13).
    fn wire_id_of(&self, account: AccountId, instance: InstanceId, message: MessageId) -> WireId {
        let digest = self.platform.vault.digest_bytes("wire_id", Some(account), &format!("{instance}/{message}"));
        let mut head = [0; 9];
        head.copy_from_slice(&digest[..9]);
        WireId::from_digest(&head)
    }
}

fn checked_custom_id(custom_id: Option<String>) -> Result<Option<String>, MessagingError> {
    match custom_id.filter(|id| !id.is_empty()) {
        Some(id) if id.chars().count() > MAX_CUSTOM_ID || id.chars().any(char::is_control) => Err(MessagingError::CustomId),
        checked => Ok(checked),
    }
}

pub(super) fn unreadable(error: &serde_json::Error) -> MessagingError {
    MessagingError::Store(recado_event_store::StoreError::Unreadable(error.to_string()))
}
