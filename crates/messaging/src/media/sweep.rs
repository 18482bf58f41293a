//! Removing files whose keys are gone. Every step may be cut off: a file is removed before the row that names it, and what is not removed
//! now is found by the sweep.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, MessageId, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{MediaLibrary, table};
use crate::domain::message::MessageContent;

/// Looked at in one go.
const BATCH: i64 = 500;

impl MediaLibrary {
    /// Removes the files of a message that is over (sent, refused, cancelled). What cannot be removed now is left to the sweep.
    pub(crate) async fn discard(&self, account: AccountId, message: MessageId) {
        match table::keyless_of(self.platform.pool(), account, message).await {
            Ok(files) => drop(self.remove(&files).await),
            Err(error) => tracing::warn!(%error, "files are left to the sweep"),
        }
    }

    /// Removes files whose keys are gone: of messages that are over, of answers that were cut off, after 30 days. Returns how many.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut removed = 0;
        loop {
            let files = table::keyless_due(self.platform.pool(), now, BATCH).await?;
            if files.is_empty() {
                return Ok(removed);
            }
            let done = self.remove(&files).await;
            removed += done;
            if done == 0 {
                // Folder or bucket is away: next time.
                return Ok(removed);
            }
        }
    }

    /// The files of a received message are its own from now on, until `expires_at`.
    pub(crate) async fn adopt(
        &self,
        account: AccountId,
        message: MessageId,
        content: &MessageContent,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let files: Vec<Uuid> =
            content.media().into_iter().filter_map(|(_, media)| media.stored()).map(|file| file.id.as_uuid()).collect();
        if files.is_empty() {
            return Ok(());
        }
        table::adopt(self.platform.pool(), account, message, &files, expires_at).await
    }

    /// Destroys the keys of these messages' files inside a transaction of the caller's.
    pub(crate) async fn abandon(db: &mut PgConnection, messages: &[Uuid]) -> Result<(), StoreError> {
        if messages.is_empty() { Ok(()) } else { table::abandon(db, messages).await }
    }

    /// Every id under which the keys of these messages' files may lie.
    pub(crate) async fn keys_of(&self, account: AccountId, messages: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        table::keys_of(self.platform.pool(), account, messages).await
    }

    /// Returns how many.
    pub(super) async fn remove(&self, files: &[Uuid]) -> u64 {
        let mut removed = Vec::with_capacity(files.len());
        for file in files {
            match self.files.erase(*file).await {
                Ok(()) => removed.push(*file),
                Err(error) => tracing::warn!(%file, %error, "a file could not be removed"),
            }
        }
        if removed.is_empty() {
            return 0;
        }
        if let Err(error) = table::remove(self.platform.pool(), &removed).await {
            tracing::warn!(%error, "removed files are looked at again");
        }
        removed.len() as u64
    }
}
