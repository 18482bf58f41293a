//! Asking WhatsApp through a live session.

use std::future::Future;
use std::time::Duration;

use recado_kernel::{InstanceId, PhoneNumber, Timestamp};

use super::InstanceAccess;
use crate::engine::directory::{DirectoryError, PhoneLookup, SessionDirectory};
use crate::lookups::Lookups;
use crate::{Messaging, MessagingError};

/// Longest time a client waits for WhatsApp.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most numbers one question to the engine holds; more are asked in turns, so that other callers come in between.
const AT_ONCE: usize = 1_000;

/// A session that was online a moment ago.
#[derive(Clone, Copy)]
pub struct LiveSession<'a> {
    directory: &'a dyn SessionDirectory,
    lookups: &'a Lookups,
    instance: InstanceId,
    now: Timestamp,
}

impl std::fmt::Debug for LiveSession<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveSession").field("instance", &self.instance).finish_non_exhaustive()
    }
}

impl<'a> LiveSession<'a> {
    /// What can be asked; pass the question to [`Self::answer`].
    #[must_use]
    pub const fn directory(&self) -> &'a dyn SessionDirectory {
        self.directory
    }

    /// Whose session.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.instance
    }

    /// Waits for an answer of [`Self::directory`], at most 20 s.
    ///
    /// # Errors
    /// [`MessagingError::NotConnected`], [`MessagingError::Directory`].
    pub async fn answer<T>(&self, question: impl Future<Output = Result<T, DirectoryError>> + Send) -> Result<T, MessagingError> {
        match tokio::time::timeout(PATIENCE, question).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(DirectoryError::Silent("no answer in 20 s".to_owned()).into()),
        }
    }

    /// Which of these numbers have a WhatsApp; one answer each, in the same order. Answers are remembered for a while
    /// ([`crate::lookups`]), because clients ask before each message.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub async fn look_up(&self, phones: &[PhoneNumber]) -> Result<Vec<PhoneLookup>, MessagingError> {
        let mut answers: Vec<Option<PhoneLookup>> = phones.iter().map(|phone| self.lookups.get(phone, self.now)).collect();
        let asked: Vec<(usize, PhoneNumber)> =
            (0..).zip(phones.iter().cloned()).filter(|(at, _)| answers[*at].is_none()).collect();
        for part in asked.chunks(AT_ONCE) {
            let numbers: Vec<PhoneNumber> = part.iter().map(|(_, phone)| phone.clone()).collect();
            let found = self.answer(self.directory.look_up(self.instance, &numbers)).await?;
            for ((at, phone), lookup) in part.iter().zip(found) {
                self.lookups.put(phone, &lookup, self.now);
                answers[*at] = Some(lookup);
            }
        }
        let short = || DirectoryError::Silent("fewer answers than questions".to_owned());
        answers.into_iter().map(|answer| answer.ok_or_else(|| short().into())).collect()
    }
}

impl Messaging {
    /// The session of an instance, for questions to WhatsApp. Refused at once while it is not connected.
    ///
    /// # Errors
    /// [`MessagingError::NotConnected`], [`MessagingError::Directory`] when the engine knows nothing of such things.
    pub fn live_session(&self, access: &InstanceAccess) -> Result<LiveSession<'_>, MessagingError> {
        if !access.connected() {
            return Err(MessagingError::NotConnected);
        }
        let engine = self.engine.as_deref().ok_or(MessagingError::NotConnected)?;
        let directory = engine.directory().ok_or(DirectoryError::Unsupported)?;
        Ok(LiveSession { directory, lookups: &self.lookups, instance: access.instance(), now: self.platform.now() })
    }
}
