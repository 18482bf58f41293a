//! Building a read model anew beside the living one, while commands and readers go on.
//!
//! Shadow tables with the living ones' definition stand in a schema of their own. The projection's unchanged statements fill them from the
//! beginning of the log, because its transactions run with that schema first in `search_path`. When the shadow has caught up, one short
//! transaction puts it in the living tables' place and raises the fence: a stepper that began before rolls back. The retired tables stay,
//! with their checkpoint, until the next rebuild, and can be put back.

mod archived;
mod definition;
mod run;
mod shadow;
mod swap;

use std::sync::Arc;
use std::time::Duration;

use super::{Projection, ProjectionError};
use crate::{EventLog, StoreError};

pub use run::{Progress, Stop};

/// A rebuild whose process was killed can be taken over after this.
const TERM: Duration = Duration::from_secs(30);

/// Why a rebuild, a rollback or a removal was not carried out. Everything is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// A reactor's work would be ordered again.
    #[error("{0} is a reactor: it orders work, and folding the log again would order it again. Only read models can be rebuilt")]
    Reactor(String),
    /// Events it needs are not in the log.
    #[error("{name} needs events of {months}, which were archived: put them back first (recado archive restore FILE)")]
    Archived {
        /// The projection.
        name: String,
        /// `2026-05, 2026-06`.
        months: String,
    },
    /// Somebody else rebuilds it right now.
    #[error("{name} is being rebuilt by {holder}: wait for its end, or for 30 seconds if it was killed")]
    Busy {
        /// The projection.
        name: String,
        /// Who.
        holder: String,
    },
    /// Another process took the rebuild over, because this one gave no sign of life.
    #[error("the rebuild of {0} was taken over by another process, because this one was silent for too long")]
    TakenOver(String),
    /// Told to stop; what was built is kept.
    #[error("stopped; the same command goes on where this one ended")]
    Stopped,
    /// A table has something a shadow cannot have.
    #[error("table {table} cannot be rebuilt: {reason}")]
    Unsupported {
        /// Which table.
        table: String,
        /// What, and what to do.
        reason: String,
    },
    /// Readers kept the tables busy all the time.
    #[error(
        "{0} was built but could not be put in place: its tables were in use all the time. Run the same command again; it is quick now"
    )]
    TablesInUse(String),
    /// There is nothing to go back to.
    #[error("{0} has no retired tables: nothing was rebuilt since they were forgotten")]
    NothingRetired(String),
    /// A migration came in between.
    #[error("the tables of {0} have another definition now than when these were retired: build them anew instead")]
    DefinitionChanged(String),
    /// An event it cannot digest, or the database. The living tables are not touched.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
}

impl From<StoreError> for RebuildError {
    fn from(error: StoreError) -> Self {
        Self::Projection(error.into())
    }
}

impl From<sqlx::Error> for RebuildError {
    fn from(error: sqlx::Error) -> Self {
        Self::Projection(error.into())
    }
}

/// Everything that can be done to one read model's tables as a whole.
#[derive(Clone)]
pub struct Rebuild {
    log: EventLog,
    projection: Arc<dyn Projection>,
    holder: String,
    term: Duration,
}

impl Rebuild {
    /// For a read model; `holder` names this process.
    ///
    /// # Errors
    /// [`RebuildError::Reactor`].
    pub fn new(log: EventLog, projection: Arc<dyn Projection>, holder: &str) -> Result<Self, RebuildError> {
        if projection.tables().is_empty() {
            return Err(RebuildError::Reactor(projection.name().to_owned()));
        }
        Ok(Self { log, projection, holder: holder.to_owned(), term: TERM })
    }

    /// How long a rebuild that gives no sign of life any more keeps others out, instead of 30 seconds.
    #[must_use]
    pub const fn with_term(mut self, term: Duration) -> Self {
        self.term = term;
        self
    }

    fn name(&self) -> &'static str {
        self.projection.name()
    }

    fn tables(&self) -> &'static [&'static str] {
        self.projection.tables()
    }

    /// The row with the rebuild's own checkpoint.
    fn row(&self) -> String {
        format!("{}/rebuild", self.name())
    }

    fn shadow_schema(&self) -> String {
        schema("rebuild", self.name())
    }

    fn retired_schema(&self) -> String {
        schema("retired", self.name())
    }
}

/// `instance@1` becomes `rebuild_instance_1`.
fn schema(kind: &str, projection: &str) -> String {
    let plain: String =
        projection.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    format!("{kind}_{plain}")
}

/// An identifier in a statement.
fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_plain_names() {
        assert_eq!(schema("rebuild", "instance@1"), "rebuild_instance_1");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
