//! What is done to messages that are in WhatsApp already, at once and through the live session.

use recado_kernel::{AccountId, ChatAddress, CommandMeta, InstanceId, WireId};

use crate::domain::message::{MessageAction, MessageCommand};
use crate::engine::{EngineError, SessionEngine, SessionState};
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Deletes a message for everybody. One of ours that still waits is taken out of the queue instead. A repeat is harmless.
    ///
    /// # Errors
    /// No live session, WhatsApp does not know the message, the engine cannot do it or does not answer; the database.
    pub async fn revoke_message(
        &self,
        mut meta: CommandMeta,
        instance: InstanceId,
        chat: &ChatAddress,
        target: &WireId,
        own: bool,
    ) -> Result<(), MessagingError> {
        let account = meta.account_id;
        let ours = if own { self.find_by_wire_id(account, instance, target).await? } else { None };
        if let Some(message) = ours
            && self.cancel_message(meta.clone(), instance, message).await?
        {
            return Ok(());
        }
        self.live(instance).await?.revoke(instance, chat, target, own).await.map_err(refused)?;
        if let Some(message) = ours {
            meta.correlation_id = message.as_uuid();
            let command = MessageCommand { account, instance, action: MessageAction::Revoke };
            self.messages.execute(&message.to_string(), command, meta).await?;
        }
        Ok(())
    }

    /// Tells the other side that these of its messages were read.
    ///
    /// # Errors
    /// No live session, the engine cannot do it or does not answer; the database.
    pub async fn mark_read(
        &self,
        account: AccountId,
        instance: InstanceId,
        chat: &ChatAddress,
        messages: &[WireId],
    ) -> Result<(), MessagingError> {
        self.instance(account, instance).await?;
        self.live(instance).await?.mark_read(instance, chat, messages).await.map_err(refused)
    }

    /// The engine, if the session is online.
    async fn live(&self, instance: InstanceId) -> Result<&dyn SessionEngine, MessagingError> {
        let engine = self.engine.as_deref().ok_or(MessagingError::NotConnected)?;
        match engine.state(instance).await.map_err(refused)? {
            SessionState::Online { .. } => Ok(engine),
            _ => Err(MessagingError::NotConnected),
        }
    }
}

fn refused(error: EngineError) -> MessagingError {
    match error {
        EngineError::NotLinked => MessagingError::NotConnected,
        EngineError::Unsupported => MessagingError::Unsupported,
        EngineError::UnknownMessage => MessagingError::UnknownMessage,
        EngineError::Unavailable(error) => {
            tracing::warn!(error, "the engine does not answer");
            MessagingError::Silent
        }
    }
}
