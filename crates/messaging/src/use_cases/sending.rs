//! For the sender: what to hand to the engine, and the write-ahead mark before doing so (whatsapp-web-engine.md 13).

use recado_kernel::{AccountId, Actor, Cause, ChatAddress, CommandId, CommandMeta, Door, InstanceId, MessageId, WireId};

use crate::domain::message::{Message, MessageAction, MessageCommand, MessageContent};
use crate::media::of_message;
use crate::{MessageStatus, Messaging, MessagingError};

/// A message ready to be handed over.
#[derive(Debug, Clone)]
pub struct OutgoingMessage {
    /// Our id.
    pub message: MessageId,
    /// The id to use inside WhatsApp.
    pub wire_id: WireId,
    /// To whom.
    pub to: ChatAddress,
    /// What it says.
    pub content: MessageContent,
    /// Which hand-over this is, 1 for the first.
    pub attempt: u32,
    /// Seconds before the next message.
    pub delay_message: Option<u8>,
    /// Seconds of typing.
    pub delay_typing: u8,
    /// The message being answered.
    pub reply_to: Option<WireId>,
}

impl OutgoingMessage {
    /// For what follows from this hand-over.
    #[must_use]
    pub fn as_cause(&self) -> Cause {
        Cause { correlation_id: self.message.as_uuid(), command_id: hand_over(self.message, self.attempt) }
    }
}

/// What the sender is to do with a piece of work.
#[derive(Debug, Clone)]
pub enum BeginSending {
    /// `message.sending` is stored: hand it over.
    Go(Box<OutgoingMessage>),
    /// It has been sent, refused or cancelled meanwhile, or never existed: the work is done.
    Skip,
}

/// The command that marks a hand-over: what comes back from WhatsApp follows from it.
pub(crate) fn hand_over(message: MessageId, attempt: u32) -> CommandId {
    CommandId::derive(message.as_uuid(), &format!("sending/{attempt}"))
}

impl Messaging {
    /// Marks the next hand-over of a message and returns what to hand over. A message whose content or chat was erased is refused here.
    /// `attempt` is the work's attempt: the same attempt is marked once. `cause` is what the work follows from.
    ///
    /// # Errors
    /// The database.
    pub async fn begin_sending(
        &self,
        account: AccountId,
        instance: InstanceId,
        message: MessageId,
        attempt: u32,
        cause: Option<Cause>,
    ) -> Result<BeginSending, MessagingError> {
        let known = self.messages.load(&message.to_string()).await?.aggregate;
        let waiting = matches!(known.status, MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Uncertain);
        if known.account != Some(account) || known.instance != Some(instance) || !waiting {
            return Ok(BeginSending::Skip);
        }
        let attempt = attempt.max(known.attempt);
        let Some(outgoing) = self.outgoing(account, message, &known, attempt).await? else {
            let refuse = MessageAction::Refuse { reason: "content_erased".to_owned() };
            let marked = self.mark(account, instance, message, CommandId::derive(message.as_uuid(), "erased"), refuse, cause);
            return marked.await.map(|()| BeginSending::Skip);
        };
        let start = MessageAction::StartSending { attempt };
        match self.mark(account, instance, message, hand_over(message, attempt), start, cause).await {
            Ok(()) => Ok(BeginSending::Go(Box::new(outgoing))),
            Err(MessagingError::NotWaiting | MessagingError::MessageNotFound) => Ok(BeginSending::Skip),
            Err(error) => Err(error),
        }
    }

    async fn outgoing(
        &self,
        account: AccountId,
        message: MessageId,
        known: &Message,
        attempt: u32,
    ) -> Result<Option<OutgoingMessage>, MessagingError> {
        let (Some(chat), Some(wire_id)) = (&known.chat, &known.wire_id) else { return Ok(None) };
        let to = self.platform.vault.unseal(chat).await?.and_then(|chat| chat.parse::<ChatAddress>().ok());
        let content = match self.message_content(account, message).await? {
            Some(content) => self.with_files(account, message, content).await?,
            None => None,
        };
        Ok(to.zip(content).map(|(to, content)| OutgoingMessage {
            message,
            wire_id: wire_id.clone(),
            to,
            content,
            attempt,
            delay_message: known.delay_message,
            delay_typing: known.delay_typing,
            reply_to: known.reply_to.clone(),
        }))
    }

    /// The content with the files that were fetched for it; `None` when one is gone.
    async fn with_files(
        &self,
        account: AccountId,
        message: MessageId,
        mut content: MessageContent,
    ) -> Result<Option<MessageContent>, MessagingError> {
        for (slot, media) in content.media_mut().into_iter().enumerate().filter(|(_, media)| media.stored().is_none()) {
            let Some(file) = self.media.describe(account, of_message(message, slot)).await? else { return Ok(None) };
            *media = file.into();
        }
        Ok(Some(content))
    }

    async fn mark(
        &self,
        account: AccountId,
        instance: InstanceId,
        message: MessageId,
        command_id: CommandId,
        action: MessageAction,
        cause: Option<Cause>,
    ) -> Result<(), MessagingError> {
        let meta = CommandMeta::new(command_id, account, Actor::System("sender".to_owned()), Door::Job, self.platform.now());
        let mut meta = meta.following(cause);
        meta.correlation_id = message.as_uuid();
        self.messages.execute(&message.to_string(), MessageCommand { account, instance, action }, meta).await?;
        Ok(())
    }
}
