//! Taking messages out of the queue.

use futures::StreamExt as _;
use recado_event_store::Alongside;
use recado_kernel::{CommandId, CommandMeta, InstanceId, MessageId};

use crate::domain::message::{MessageAction, MessageCommand, MessageEvent};
use crate::media::contents_of;
use crate::{Messaging, MessagingError};

/// How many cancellations run at once.
const AT_ONCE: usize = 16;

impl Messaging {
    /// Cancels one waiting message. `false`: there is no such message of this instance, or it has left the queue.
    ///
    /// # Errors
    /// The database.
    pub async fn cancel_message(
        &self,
        mut meta: CommandMeta,
        instance: InstanceId,
        message: MessageId,
    ) -> Result<bool, MessagingError> {
        let account = meta.account_id;
        let command = MessageCommand { account, instance, action: MessageAction::Cancel };
        meta.correlation_id = message.as_uuid();
        let alongside = move |_: &_, _: &[MessageEvent]| Alongside {
            cancel_work: vec![message.as_uuid()],
            erase_content: contents_of(message),
            ..Alongside::default()
        };
        let outcome = self.messages.execute_with(&message.to_string(), command, meta, alongside).await;
        match outcome.map_err(MessagingError::from) {
            Ok(_) => {
                self.media.discard(account, message).await;
                Ok(true)
            }
            Err(MessagingError::MessageNotFound | MessagingError::NotWaiting) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Cancels every waiting message of an instance; returns how many. What comes in meanwhile may stay.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn cancel_all_messages(&self, meta: CommandMeta, instance: InstanceId) -> Result<u64, MessagingError> {
        self.instance(meta.account_id, instance).await?;
        let waiting = self.waiting_messages(meta.account_id, instance).await?;
        let mut cancellations = futures::stream::iter(waiting)
            .map(|message| {
                let command_id = CommandId::derive(meta.command_id.as_uuid(), &format!("cancel/{message}"));
                let meta = CommandMeta { command_id, causation_id: Some(meta.command_id.as_uuid()), ..meta.clone() };
                self.cancel_message(meta, instance, message)
            })
            .buffer_unordered(AT_ONCE);
        let mut cancelled = 0;
        while let Some(done) = cancellations.next().await {
            cancelled += u64::from(done?);
        }
        Ok(cancelled)
    }
}
