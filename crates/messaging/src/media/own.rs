//! Ids of files that belong to messages: made from the message's, so that whoever knows it can erase them.

use recado_kernel::MessageId;
use uuid::Uuid;

use crate::domain::message::MediaId;

impl MediaId {
    /// The same name always gives the same id: a repeat finds what is there.
    #[must_use]
    pub fn derive(namespace: Uuid, name: &str) -> Self {
        Self::from_uuid(Uuid::new_v5(&namespace, name.as_bytes()))
    }
}

/// No content has more files ([`crate::MessageContent::media`]).
pub(crate) const MOST_FILES: usize = 2;

/// The `slot`-th file of an outgoing message.
pub(crate) fn of_message(message: MessageId, slot: usize) -> MediaId {
    MediaId::derive(message.as_uuid(), &format!("media/{slot}"))
}

/// What is erased with an outgoing message: its text and the keys of its files. Those it does not have are erased already.
pub(crate) fn contents_of(message: MessageId) -> Vec<Uuid> {
    let files = (0..MOST_FILES).map(|slot| of_message(message, slot).as_uuid());
    std::iter::once(message.as_uuid()).chain(files).collect()
}

/// Under which a file's key is kept for the webhook of our own message.
pub(crate) fn copy_of(media: MediaId) -> Uuid {
    Uuid::new_v5(&media.as_uuid(), b"sent_by_me")
}

/// The same for every file of an outgoing message.
pub(crate) fn copies_of(message: MessageId) -> impl Iterator<Item = Uuid> {
    (0..MOST_FILES).map(move |slot| copy_of(of_message(message, slot)))
}
