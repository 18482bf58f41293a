//! How large a file may be, by what it is used for: the one table.
//!
//! WhatsApp's own bounds: 16 MB for media that plays or shows inside a chat, 100 MB for documents (faq.whatsapp.com/5455454597, "How to
//! send media"; developers.facebook.com, Cloud API, "Supported media types": audio and video 16 MB, documents 100 MB). The Cloud API takes
//! pictures of 5 MB and stickers of 0.5 MB only; WhatsApp Web shrinks larger ones itself, so they are not refused here.

use crate::domain::message::MediaUse;

const MB: u64 = 1024 * 1024;

/// Largest file, in bytes.
#[must_use]
pub const fn most_bytes(usage: MediaUse) -> u64 {
    match usage {
        MediaUse::Image | MediaUse::Audio | MediaUse::Video | MediaUse::Sticker => 16 * MB,
        MediaUse::Document => 100 * MB,
    }
}

/// The largest of all.
pub const MOST_BYTES: u64 = most_bytes(MediaUse::Document);

/// Days that received files are kept (plugzapi-api.md 3.3).
pub const KEPT_DAYS: i64 = 30;
