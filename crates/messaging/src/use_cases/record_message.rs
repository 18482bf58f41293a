//! What engines report about messages that went out. Early, late and repeated reports are harmless.

use chrono::Duration;
use recado_event_store::Alongside;
use recado_kernel::{MessageId, WireId};

use super::sending::hand_over;
use super::{EngineFact, Recorded};
use crate::domain::message::{MessageAction, MessageCommand, MessageEvent, Receipt};
use crate::media::contents_of;
use crate::{Messaging, MessagingError};

impl Messaging {
    /// WhatsApp reports about the message with this wire id. `None`: it is none of ours (typed on the phone).
    ///
    /// # Errors
    /// The database.
    pub async fn record_receipt(
        &self,
        fact: &EngineFact,
        wire_id: &WireId,
        receipt: Receipt,
    ) -> Result<Option<Recorded>, MessagingError> {
        let Some(message) = self.find_by_wire_id(fact.account, fact.instance, wire_id).await? else { return Ok(None) };
        self.record_message_receipt(fact, message, receipt).await.map(Some)
    }

    /// The same for a message whose id is known.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn record_message_receipt(
        &self,
        fact: &EngineFact,
        message: MessageId,
        receipt: Receipt,
    ) -> Result<Recorded, MessagingError> {
        self.record_message(fact, message, receipt.as_str(), MessageAction::Confirm(receipt)).await
    }

    /// The message cannot be sent; `reason` is short, technical, without personal data (e.g. `not_on_whatsapp`).
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn record_refused(&self, fact: &EngineFact, message: MessageId, reason: &str) -> Result<Recorded, MessagingError> {
        self.record_message(fact, message, "refused", MessageAction::Refuse { reason: reason.to_owned() }).await
    }

    /// Nobody knows whether the message went out; its content is kept until a receipt settles it, at most
    /// [`crate::MessagingSettings::incoming_retention_hours`].
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn record_uncertain(
        &self,
        fact: &EngineFact,
        message: MessageId,
        reason: &str,
    ) -> Result<Recorded, MessagingError> {
        // First: a crash in between must not leave a text that nothing ever erases.
        let until = self.platform.now() + Duration::hours(self.settings.incoming_retention_hours);
        sqlx::query("UPDATE content SET expires_at = $3 WHERE id = ANY ($1) AND account_id = $2 AND expires_at IS NULL")
            .bind(contents_of(message))
            .bind(fact.account.as_uuid())
            .bind(until)
            .execute(self.platform.pool())
            .await?;
        self.record_message(fact, message, "uncertain", MessageAction::MarkUncertain { reason: reason.to_owned() }).await
    }

    async fn record_message(
        &self,
        fact: &EngineFact,
        message: MessageId,
        kind: &str,
        action: MessageAction,
    ) -> Result<Recorded, MessagingError> {
        let mut meta = fact.meta(&format!("{message}/{kind}"));
        meta.correlation_id = message.as_uuid();
        // A receipt is the answer to our handing the message over.
        meta.causation_id = meta.causation_id.or_else(|| Some(hand_over(message, 1).as_uuid()));
        let command = MessageCommand { account: fact.account, instance: fact.instance, action };
        let alongside = move |_: &_, events: &[MessageEvent]| {
            let over = events.iter().any(|event| matches!(event, MessageEvent::Sent {} | MessageEvent::Refused { .. }));
            Alongside { erase_content: if over { contents_of(message) } else { vec![] }, ..Alongside::default() }
        };
        Ok(self.messages.execute_with(&message.to_string(), command, meta, alongside).await?.into())
    }
}
