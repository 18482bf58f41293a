//! Fetching a file from a customer's address into the store.

use std::sync::Arc;

use futures::StreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{MediaError, MediaLibrary, NewMedia, StoredMedia, limits};
use crate::net::{AddressPolicy, GetFailure, Getter};
use recado_kernel::Timestamp;

/// How many files a process fetches at once: slow addresses must not take every place of the sender.
const AT_ONCE: usize = 16;

/// Fetches files. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Fetcher {
    getter: Getter,
    places: Arc<Semaphore>,
}

impl Fetcher {
    /// `None`: the TLS machinery of this computer cannot be set up.
    pub(crate) fn new(policy: AddressPolicy) -> Option<Self> {
        Getter::new(policy).ok().map(|getter| Self { getter, places: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// A place, to be held while fetching; `None`: all are taken just now.
    pub(crate) fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// Fetches `url` into the store; the caller stores the key.
    pub(crate) async fn fetch(
        &self,
        library: &MediaLibrary,
        mut new: NewMedia,
        url: &str,
        expires_at: Timestamp,
    ) -> Result<StoredMedia, MediaError> {
        let most = limits::most_bytes(new.usage);
        let got = self.getter.get(url).await.map_err(failure)?;
        if got.length.is_some_and(|length| length > most) {
            return Err(MediaError::TooLarge(most));
        }
        new.declared_type = new.declared_type.or(got.content_type);
        let bytes = got.bytes.map(|piece| piece.map_err(failure)).boxed();
        library.store(&new, bytes, Some(expires_at)).await
    }
}

fn failure(failure: GetFailure) -> MediaError {
    match failure {
        GetFailure::Forbidden(target) => MediaError::Forbidden(target),
        // Too early, too many, or a moment's trouble of theirs.
        GetFailure::Status(status @ (408 | 425 | 429 | 500..)) => MediaError::Unreachable(format!("status {status}")),
        GetFailure::Status(status) => MediaError::Refused(status),
        failure => MediaError::Unreachable(failure.to_string()),
    }
}
