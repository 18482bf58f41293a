//! For the sender: what to hand to the engine, and the write-ahead mark before doing so (whatsapp-web-engine.md 13).

use std::sync::{Arc, Mutex, PoisonError};

use recado_event_store::Alongside;
use recado_kernel::{AccountId, Actor, Cause, ChatAddress, CommandId, CommandMeta, Door, InstanceId, MessageId, WireId};

use super::SendWork;
use crate::domain::message::{Message, MessageAction, MessageCommand, MessageContent, MessageEvent};
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
        let to = match &known.chat {
            Some(chat) => self.platform.vault.unseal(chat).await?.and_then(|chat| chat.parse().ok()),
            None => None,
        };
        let content = match self.message_content(account, message).await? {
            Some(content) => self.with_files(account, message, content).await?,
            None => None,
        };
        self.begin(account, instance, message, to.zip(content), attempt, cause).await
    }

    /// The same for a message whose addressee and content are at hand; `None`: one of them was erased. Nothing is loaded for it unless the
    /// mark was made before.
    pub(crate) async fn begin_with(
        &self,
        account: AccountId,
        order: &SendWork,
        what: Option<(ChatAddress, MessageContent)>,
        attempt: u32,
        cause: Option<Cause>,
    ) -> Result<BeginSending, MessagingError> {
        self.begin(account, order.instance, order.message, what, attempt, cause).await
    }

    async fn begin(
        &self,
        account: AccountId,
        instance: InstanceId,
        message: MessageId,
        what: Option<(ChatAddress, MessageContent)>,
        attempt: u32,
        cause: Option<Cause>,
    ) -> Result<BeginSending, MessagingError> {
        if let Some((to, _)) = &what
            && self.is_opted_out(account, to, message).await?
        {
            let refuse = MessageAction::Refuse { reason: "opted_out".to_owned() };
            let command_id = CommandId::derive(message.as_uuid(), "opted_out");
            self.refuse_waiting(account, instance, message, command_id, refuse, cause).await?;
            return Ok(BeginSending::Skip);
        }
        let (command_id, action) = match &what {
            Some(_) => (hand_over(message, attempt), MessageAction::StartSending { attempt }),
            // Also when it was sent and its content erased therefore: then refusing it does nothing.
            None => {
                (CommandId::derive(message.as_uuid(), "erased"), MessageAction::Refuse { reason: "content_erased".to_owned() })
            }
        };
        let marked = match self.mark(account, instance, message, command_id, action, cause).await {
            Ok(marked) => marked,
            Err(MessagingError::NotWaiting | MessagingError::MessageNotFound) => return Ok(BeginSending::Skip),
            Err(error) => return Err(error),
        };
        let Some((to, content)) = what else { return Ok(BeginSending::Skip) };
        let known = match marked {
            Some(known) => known,
            // Marked before, by this attempt or a later one.
            None => self.messages.load(&message.to_string()).await?.aggregate,
        };
        let waiting = matches!(known.status, MessageStatus::Sending | MessageStatus::Uncertain);
        let Some(wire_id) = known.wire_id.filter(|_| waiting) else { return Ok(BeginSending::Skip) };
        Ok(BeginSending::Go(Box::new(OutgoingMessage {
            message,
            wire_id,
            to,
            content,
            attempt: attempt.max(known.attempt),
            delay_message: known.delay_message,
            delay_typing: known.delay_typing,
            reply_to: known.reply_to,
        })))
    }

    /// The content with the files that were fetched for it; `None` when one is gone.
    pub(crate) async fn with_files(
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

    /// The text goes with the refusal.
    async fn refuse_waiting(
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
        let alongside =
            move |_: &_, _: &[MessageEvent]| Alongside { erase_content: vec![message.as_uuid()], ..Alongside::default() };
        let command = MessageCommand { account, instance, action };
        self.messages.execute_with(&message.to_string(), command, meta, alongside).await?;
        Ok(())
    }

    /// The message after the mark; `None` when there was nothing to mark.
    async fn mark(
        &self,
        account: AccountId,
        instance: InstanceId,
        message: MessageId,
        command_id: CommandId,
        action: MessageAction,
        cause: Option<Cause>,
    ) -> Result<Option<Message>, MessagingError> {
        let meta = CommandMeta::new(command_id, account, Actor::System("sender".to_owned()), Door::Job, self.platform.now());
        let mut meta = meta.following(cause);
        meta.correlation_id = message.as_uuid();
        let marked = Arc::new(Mutex::new(None));
        let seen = marked.clone();
        let alongside = move |message: &Message, _: &[MessageEvent]| {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(message.clone());
            Alongside::default()
        };
        let command = MessageCommand { account, instance, action };
        let outcome = self.messages.execute_with(&message.to_string(), command, meta, alongside).await?;
        let marked = marked.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Decided once more and found stored by an earlier run: only the log knows how it stands.
        Ok(marked.filter(|_| !outcome.replayed))
    }
}
