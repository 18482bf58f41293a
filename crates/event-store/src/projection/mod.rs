//! Checkpointed catch-up readers: read a window of the log, fold what is wanted, store the tables and the checkpoint in one transaction.

mod follow;
mod layout;
mod progress;
mod projector;
pub mod rebuild;
pub mod status;
mod step;
mod window;

use async_trait::async_trait;
use sqlx::PgConnection;

use crate::{RecordedEvent, StoreError};

pub(crate) use progress::Progress;
pub use projector::Projector;

/// Why a batch could not be folded.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The database: tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event this projection cannot digest: the projection stops and says so; it never skips.
    #[error("event {position}: {reason}")]
    Poison {
        /// Its global position.
        position: i64,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<sqlx::Error> for ProjectionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A read model, or a reactor that turns events into durable work. `project` and the checkpoint commit together: exactly once.
#[async_trait]
pub trait Projection: Send + Sync + 'static {
    /// Unique and versioned, e.g. `instance_list@1`. No `#` and no `/`.
    fn name(&self) -> &'static str;

    /// Wire types it wants; empty means every event.
    fn event_types(&self) -> &'static [&'static str];

    /// The tables that this projection alone writes, without their schema. A *read model* names them all, folds from nothing but events
    /// and these tables, and can be built anew ([`rebuild`]). A *reactor* names none: folding twice would order its work twice.
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    /// Where the rows of one message are found by its id: (table, column of type `uuid`). Named, a rebuild takes over from the living
    /// tables what was folded from events that left the log ([`crate::archive`]); without, it is refused while such events are missing.
    fn message_rows(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// How many lanes share the folding, 1 to 64. Aggregates are spread by a hash, so order is kept per aggregate only: more than one
    /// lane is right where events of different aggregates never touch the same row.
    fn lanes(&self) -> u16 {
        1
    }

    /// Folds a batch of wanted events, in order. No I/O other than `db`; never hold locks across anything slow. Tables are named without
    /// a schema: a rebuild folds into tables of the same names elsewhere.
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError>;
}
