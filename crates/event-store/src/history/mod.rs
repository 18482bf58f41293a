//! The log as people read it: time lines, causes and consequences, earlier states and what differs between them.

mod aggregates;
mod causes;
mod difference;
mod earlier;
mod state;
mod timeline;

pub use aggregates::{AggregateKind, Aggregates, Folding};
pub use causes::{Causes, Step, WaitingWork, causes, story};
pub use difference::{Change, Changed, Segment, apply, difference};
pub use earlier::{Earlier, earlier, earlier_statement};
pub use state::{At, StateAt, event_at, states};
pub use timeline::{TimelineFilter, account_timeline, timeline};
