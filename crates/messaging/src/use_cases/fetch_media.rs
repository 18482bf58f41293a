//! Fetching the files that a waiting message names by their addresses, before it is sent.

use chrono::Duration;
use recado_kernel::{AccountId, MessageId};

use crate::domain::message::Media;
use crate::media::{Fetcher, MediaError, NewMedia, of_message};
use crate::{Messaging, MessagingError};

/// How long a fetched file waits for its message; then it is fetched again.
const FRESH: Duration = Duration::days(1);

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// Everything is here.
    Ready,
    /// Something may be here later; for the log.
    Later {
        /// Stored if nobody tries again.
        reason: &'static str,
        /// What went wrong.
        error: String,
    },
    /// Something never will; the stored reason.
    Never(&'static str),
}

impl Messaging {
    /// Fetches what is missing. Repeating is harmless.
    ///
    /// # Errors
    /// The database.
    pub(crate) async fn fetch_media(
        &self,
        fetcher: &Fetcher,
        account: AccountId,
        message: MessageId,
    ) -> Result<Fetched, MessagingError> {
        // Erased: whoever begins to send it finds that out.
        let Some(content) = self.message_content(account, message).await? else { return Ok(Fetched::Ready) };
        let (extension, file_name) = (content.extension().map(str::to_owned), content.file_name().map(str::to_owned));
        for (slot, (usage, media)) in content.media().into_iter().enumerate() {
            let Media::Remote { url } = media else { continue };
            let id = of_message(message, slot);
            if self.media.describe(account, id).await?.is_some() {
                continue;
            }
            let new = NewMedia {
                message: Some(message),
                extension: extension.clone(),
                file_name: file_name.clone(),
                ..NewMedia::new(id, account, usage)
            };
            let expires_at = self.platform.now() + FRESH;
            match fetcher.fetch(&self.media, new, url, expires_at).await {
                Ok(stored) => self.media.keep_key(account, stored.key).await?,
                Err(MediaError::Store(error)) => return Err(error.into()),
                Err(error) if error.is_temporary() => {
                    return Ok(Fetched::Later { reason: error.as_reason(), error: error.to_string() });
                }
                Err(error) => return Ok(Fetched::Never(error.as_reason())),
            }
        }
        Ok(Fetched::Ready)
    }
}
