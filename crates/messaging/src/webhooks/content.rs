//! The texts that `ReceivedCallback`s need. Incoming ones lie in the vault under the message's id. Of our own messages a second copy is
//! kept under a derived id, because the first is erased as soon as WhatsApp has accepted the message; only with "enviadas por mim".

use recado_event_store::StoreError;
use recado_kernel::{AccountId, MessageId, Timestamp};
use uuid::Uuid;

use super::callback::Callback;
use crate::domain::message::MessageContent;
use crate::media::copies_of;
use crate::{Messaging, MessagingError};

/// Where the text of a callback lies, if it has one.
pub(crate) fn id_of(callback: &Callback) -> Option<Uuid> {
    match callback {
        Callback::Received { message, from_me: true } => Some(own_copy(*message)),
        Callback::Received { message, from_me: false } => Some(message.as_uuid()),
        _ => None,
    }
}

/// Id of the second copy of our own message.
pub(crate) fn own_copy(message: MessageId) -> Uuid {
    Uuid::new_v5(&message.as_uuid(), b"sent_by_me")
}

impl Messaging {
    /// Keeps a copy of our own message for its webhook. Repeating is harmless.
    pub(crate) async fn keep_own_copy(
        &self,
        account: AccountId,
        message: MessageId,
        content: &MessageContent,
        expires_at: Timestamp,
    ) -> Result<(), MessagingError> {
        let bytes = serde_json::to_vec(content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let copy = self.platform.vault.seal_content(account, own_copy(message), &bytes, Some(expires_at))?;
        sqlx::query(
            "INSERT INTO content (id, account_id, ciphertext, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        )
        .bind(copy.id)
        .bind(account.as_uuid())
        .bind(copy.ciphertext)
        .bind(copy.expires_at)
        .execute(self.platform.pool())
        .await?;
        for (_, media) in content.media() {
            if let Some(file) = media.stored() {
                self.media.keep_copy(account, file.id, expires_at).await?;
            }
        }
        Ok(())
    }

    /// The copy is not needed: the message was refused.
    pub(crate) async fn erase_own_copy(&self, account: AccountId, message: MessageId) -> Result<(), StoreError> {
        let copies: Vec<Uuid> = std::iter::once(own_copy(message)).chain(copies_of(message)).collect();
        sqlx::query("DELETE FROM content WHERE id = ANY ($1) AND account_id = $2")
            .bind(copies)
            .bind(account.as_uuid())
            .execute(self.platform.pool())
            .await?;
        Ok(())
    }

    /// The text behind a callback; `None` once erased.
    pub(crate) async fn text_of(
        &self,
        account: AccountId,
        callback: &Callback,
    ) -> Result<Option<MessageContent>, MessagingError> {
        let Some(id) = id_of(callback) else { return Ok(None) };
        let bytes = self.platform.vault.open_content(account, id).await?;
        let content = bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose();
        Ok(content.map_err(|error| StoreError::Unreadable(error.to_string()))?)
    }

    /// Erases the text behind a callback that was delivered.
    pub(crate) async fn erase_text_of(&self, account: AccountId, callback: &Callback) -> Result<(), StoreError> {
        let Some(id) = id_of(callback) else { return Ok(()) };
        sqlx::query("DELETE FROM content WHERE id = $1 AND account_id = $2")
            .bind(id)
            .bind(account.as_uuid())
            .execute(self.platform.pool())
            .await?;
        Ok(())
    }
}
