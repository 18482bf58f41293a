//! Message streams lie in one partition per month of their message's creation (UTC), so that old months can be archived as a whole.
//!
//! A message id is a version 7 UUID: its text begins with its moment, so a month is a range of ids, all events of a message lie together,
//! and the key stays the optimistic lock. Whatever has no month yet lies in `events_message_ahead`; ids without a time, and what was
//! stored before there were months, lie in `events_message_default`, which promises by a constraint to hold nothing of the months'
//! range: a new month is attached without reading it.

mod bounds;
mod months;

pub use bounds::{Month, first_id, first_moment, month_at, month_of_id};
pub use months::{Ahead, MONTHS_AHEAD, ahead, ensure, months};
pub(crate) use months::{LOCK_FOR, STRUCTURE_LOCK, table_of};
