//! Old months of message events out of the log, provably complete, and back again.
//!
//! [`archive_month`] writes a month to a file that proves itself without a database ([`verify_file`]), marks its events in the sealed chain
//! (their hashes stay, so every account's chain still verifies), takes the month's partition out of the log under a lock of milliseconds,
//! and, when asked to, drops it. [`restore`] puts it back; only one of them runs at a time. In the month's place stays an empty partition: whatever still comes for it is
//! stored like everything else.

mod detach;
mod eligible;
mod error;
mod file;
mod list;
mod lock;
mod places;
mod restore;
mod run;
mod write;

pub use error::ArchiveError;
pub use file::{ArchiveBroken, ArchiveVerified, is_archive, verify_file};
pub use list::{ArchiveState, Archived, Whereabouts, list, months_with, whereabouts};
pub use restore::{Restored, restore};
pub use run::{Job, archive_month, candidates};
