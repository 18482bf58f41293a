//! What can go wrong, by who must act on it.

use recado_kernel::CommandId;

/// The database did not answer, or answered something we cannot read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Not reachable, or it cut the connection: try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Reachable, but the statement failed: a defect of ours.
    #[error("the database refused a statement: {0}")]
    Database(String),
    /// A stored row cannot be decoded: a defect, or a newer version wrote it.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// A newer program wrote this event: update this one; nothing is guessed.
    #[error("the event {event_type} v{version} was written by a newer Recado ({}): update this program", known_text(*.known))]
    Newer {
        /// Wire type.
        event_type: String,
        /// Its stored version.
        version: String,
        /// The version this program knows; `None`: it does not know the type.
        known: Option<u32>,
    },
}

impl StoreError {
    /// Will the same call work once the database is back?
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

fn known_text(known: Option<u32>) -> String {
    known.map_or_else(|| "this program does not know the type".to_owned(), |known| format!("this program knows up to v{known}"))
}

/// Is it a trouble of the moment, so that the same statement works later? 57P01..03: shutting down, crashed, starting up. 08xxx:
/// connection exceptions. 53xxx: no connection, memory or disk left. 40001, 40P01: lost against another transaction. 55P03, 57014: a lock
/// or the statement took too long. 25006: the server is (still) a standby.
fn passes(code: &str) -> bool {
    ["57P", "08", "53"].iter().any(|class| code.starts_with(class))
        || ["40001", "40P01", "55P03", "57014", "25006"].contains(&code)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Tls(_) => Self::Unavailable(text),
            sqlx::Error::Database(inner) => match inner.code() {
                Some(code) if passes(&code) => Self::Unavailable(text),
                _ => Self::Database(text),
            },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => Self::Unreadable(text),
            _ => Self::Database(text),
        }
    }
}

/// Why an append stored nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Another command on the same aggregate came first: load again and decide again.
    #[error("another command changed the aggregate first")]
    Conflict,
    /// Somebody else holds a claim this append needs.
    #[error("{scope} is already taken")]
    ClaimTaken {
        /// Which kind of uniqueness, e.g. "email".
        scope: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a command changed nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommandError<E: std::error::Error> {
    /// The aggregate refused: show the reason to whoever asked.
    #[error(transparent)]
    Refused(E),
    /// A uniqueness claim is held by another aggregate.
    #[error("{scope} is already taken")]
    ClaimTaken {
        /// Which kind of uniqueness, e.g. "email".
        scope: String,
    },
    /// Too many others changed the aggregate at once; nothing was stored, try again.
    #[error("the aggregate is under heavy contention, try again")]
    Contention,
    /// The command id was used before for another aggregate.
    #[error("command {0} was already used for something else")]
    CommandReused(CommandId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
