//! Read models and the queries that read them.

pub mod facts;
pub mod invoices;
pub mod months;

use recado_event_store::{Position, ProjectionError, RecordedEvent, StoreError};
use sqlx::PgPool;

/// Turns what an event says into the reader's poison.
fn poison(event: &RecordedEvent, reason: impl std::fmt::Display) -> ProjectionError {
    ProjectionError::Poison { position: event.position.position, reason: reason.to_string() }
}

/// A stored value that does not read back.
fn unreadable(reason: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(reason.to_string())
}

/// Where the newest committed event stands, readable for projections yet or not.
pub(crate) async fn newest_event(pool: &PgPool) -> Result<Position, StoreError> {
    let row: Option<(i64, i64)> =
        sqlx::query_as("SELECT txid, global_position FROM events ORDER BY txid DESC, global_position DESC LIMIT 1")
            .fetch_optional(pool)
            .await?;
    Ok(row.map_or_else(Position::default, |(txid, position)| Position { txid, position }))
}
