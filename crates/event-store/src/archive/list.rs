//! What was archived, and where a message is.

use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::StoreError;
use crate::partitions::Month;

/// How far the archiving of a month has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveState {
    /// Its file is being written; the log is complete.
    Writing,
    /// Its file is there; the log is complete.
    Written,
    /// Out of the log, still in the schema `archive` of the database.
    Detached,
    /// In its file alone.
    Dropped,
    /// Being read back.
    Restoring,
}

impl ArchiveState {
    const ALL: [(Self, &str); 5] = [
        (Self::Writing, "writing"),
        (Self::Written, "written"),
        (Self::Detached, "detached"),
        (Self::Dropped, "dropped"),
        (Self::Restoring, "restoring"),
    ];

    /// The stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    fn parse(text: &str) -> Self {
        Self::ALL.iter().find(|(_, name)| *name == text).map_or(Self::Writing, |(state, _)| *state)
    }

    /// Was it taken out of the log, and not put back to the end?
    #[must_use]
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Detached | Self::Dropped | Self::Restoring)
    }
}

/// One archived month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Archived {
    /// Which month (UTC).
    pub month: Month,
    /// How far.
    pub state: ArchiveState,
    /// The file's name; where it is kept is the operator's knowledge.
    pub file: Option<String>,
    /// SHA-256 of the file as it was written.
    pub sha256: Option<String>,
    /// Accounts with events in it.
    pub accounts: i64,
    /// Messages.
    pub messages: i64,
    /// Events.
    pub events: i64,
    #[serde(skip)]
    pub(super) event_types: Vec<String>,
    /// Its events are in the log again; only their marks in the sealed chain are not all taken away yet.
    #[serde(skip)]
    pub(super) is_back: bool,
}

impl Archived {
    /// Are its events missing in the log?
    #[must_use]
    pub const fn is_out(&self) -> bool {
        self.state.is_out() && !self.is_back
    }
}

/// Where an archived message is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Whereabouts {
    /// The month whose archive holds it.
    pub month: Month,
    /// In the database still, or in its file alone.
    pub state: ArchiveState,
    /// The file's name.
    pub file: String,
}

/// All of them, oldest first.
///
/// # Errors
/// The database.
pub async fn list(pool: &PgPool) -> Result<Vec<Archived>, StoreError> {
    let rows = sqlx::query(
        "SELECT month, state, file, sha256, accounts, messages, events, event_types,
                state = 'restoring' AND detached_at IS NULL AS is_back
           FROM message_archive ORDER BY month",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let month: String = row.try_get("month")?;
            Ok(Archived {
                month: month.parse().map_err(|_| StoreError::Unreadable(format!("message_archive.month: {month}")))?,
                state: ArchiveState::parse(row.try_get("state")?),
                file: row.try_get("file")?,
                sha256: row.try_get("sha256")?,
                accounts: row.try_get("accounts")?,
                messages: row.try_get("messages")?,
                events: row.try_get("events")?,
                event_types: row.try_get("event_types")?,
                is_back: row.try_get("is_back")?,
            })
        })
        .collect()
}

/// Where the stream of a message is, when it is not in the log because its month was archived.
///
/// # Errors
/// The database.
pub async fn whereabouts(pool: &PgPool, aggregate_type: &str, aggregate_id: &str) -> Result<Option<Whereabouts>, StoreError> {
    if aggregate_type != "message" {
        return Ok(None);
    }
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT month, state, file FROM message_archive
          WHERE first_id <= $1 AND until_id > $1
            AND (state IN ('detached', 'dropped') OR state = 'restoring' AND detached_at IS NOT NULL)",
    )
    .bind(aggregate_id)
    .fetch_optional(pool)
    .await?;
    row.map(|(month, state, file)| {
        let month = month.parse().map_err(|_| StoreError::Unreadable(format!("message_archive.month: {month}")))?;
        Ok(Whereabouts { month, state: ArchiveState::parse(&state), file })
    })
    .transpose()
}

/// The months out of the log that hold events of one of these types (all types when empty): a read model that wants them and is built
/// anew from the log alone would silently lose them.
///
/// # Errors
/// The database.
pub async fn months_with(pool: &PgPool, event_types: &[&str]) -> Result<Vec<Month>, StoreError> {
    let archived = list(pool).await?;
    let concerns = |one: &Archived| {
        one.is_out() && (event_types.is_empty() || one.event_types.iter().any(|kind| event_types.contains(&kind.as_str())))
    };
    Ok(archived.iter().filter(|one| concerns(one)).map(|one| one.month).collect())
}
