//! The log as people read it: time lines, causes and consequences, earlier states and what differs between them.

mod timeline;

pub use timeline::{TimelineFilter, story, timeline};
