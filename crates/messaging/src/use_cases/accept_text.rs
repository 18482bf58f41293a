//! A text into the queue: [`Messaging::accept`] for callers that have nothing else.

use recado_kernel::{ChatAddress, CommandId, WireId};

use super::{AcceptMessage, InstanceAccess, SendResult};
use crate::domain::message::{MessageContent, check_text};
use crate::{Messaging, MessagingError};

/// A text to be sent (plugzapi-api.md 2.2 and 2.3).
#[derive(Debug, Clone)]
pub struct AcceptText {
    /// To whom.
    pub phone: ChatAddress,
    /// The text; at most [`crate::MAX_TEXT_BYTES`].
    pub message: String,
    /// Seconds before the next message; 0 is absent, else brought into 1..=15.
    pub delay_message: Option<i64>,
    /// Seconds of typing; brought into 0..=15.
    pub delay_typing: Option<i64>,
    /// The client's own id.
    pub custom_id: Option<String>,
    /// WhatsApp id of the message being answered.
    pub reply_to: Option<WireId>,
    /// For callers that repeat themselves: the same id is accepted once and answered alike.
    pub command_id: Option<CommandId>,
}

impl AcceptText {
    /// A text without any option.
    #[must_use]
    pub fn new(phone: ChatAddress, message: &str) -> Self {
        Self {
            phone,
            message: message.to_owned(),
            delay_message: None,
            delay_typing: None,
            custom_id: None,
            reply_to: None,
            command_id: None,
        }
    }
}

impl Messaging {
    /// Accepts a text, see [`Self::accept`].
    ///
    /// # Errors
    /// [`MessagingError::Text`], and those of [`Self::accept`].
    pub async fn accept_text(&self, access: &InstanceAccess, text: AcceptText) -> Result<SendResult, MessagingError> {
        check_text(&text.message)?;
        let accept = AcceptMessage {
            delay_message: text.delay_message,
            delay_typing: text.delay_typing,
            custom_id: text.custom_id,
            reply_to: text.reply_to,
            command_id: text.command_id,
            ..AcceptMessage::new(text.phone, MessageContent::text(&text.message))
        };
        self.accept(access, accept).await
    }
}
