//! The event feed: every callback once, in order, for 30 days. Whoever lost a webhook heals by reading on from the last cursor.
//!
//! An entry is what the webhook's body is built from: ids and seals. Bodies are built when they are read, so that what has been erased
//! stays erased: such an entry says `contentErased` instead. The text of an incoming message lives as `webhooks/content.rs` says: until
//! every webhook that wanted it has it, 72 hours at most; where no webhook wants it, reading the feed counts as wanting it.

mod bell;
mod read;
mod store;

use chrono::Duration;
use recado_kernel::Timestamp;

use super::target::Target;

pub(crate) use bell::Bells;
pub use bell::FeedBell;
pub use read::{FeedEntry, FeedPage, FeedQuery};
pub(crate) use store::{NewEntry, store};

/// Whoever has not read for so long does not wait for texts any more.
const READER_DAYS: i64 = 7;
/// Days an entry is kept.
pub(crate) const KEPT_DAYS: i64 = 30;

/// Does somebody read this instance's feed at `now`?
pub(crate) fn is_read(target: &Target, now: Timestamp) -> bool {
    target.feed_read_at.is_some_and(|at| now - at < Duration::days(READER_DAYS))
}
