//! Reading the log in order.

use sqlx::PgPool;

use crate::{Position, RecordedEvent, StoreError};

/// The next events after `after`, only those no open transaction can still slip in front of (event-sourcing.md 5: the pair rule).
///
/// # Errors
/// The database does not answer, or a row cannot be decoded.
pub async fn read_after(pool: &PgPool, after: Position, limit: i64) -> Result<Vec<RecordedEvent>, StoreError> {
    // Beginning and limit as in `projection::window`, for the planner's sake.
    let statement = format!(
        "SELECT {} FROM events e
          WHERE (e.txid, e.global_position) > ((SELECT $1::bigint), (SELECT $2::bigint))
            AND e.txid < log_horizon()
          ORDER BY e.txid, e.global_position LIMIT {limit}",
        RecordedEvent::COLUMNS
    );
    let rows = sqlx::query(&statement).bind(after.txid).bind(after.position).fetch_all(pool).await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}

/// One aggregate's events after `sequence`.
///
/// # Errors
/// The database does not answer, or a row cannot be decoded.
pub async fn read_stream(
    pool: &PgPool,
    aggregate_type: &str,
    aggregate_id: &str,
    after_sequence: i64,
) -> Result<Vec<RecordedEvent>, StoreError> {
    let statement = format!(
        "SELECT {} FROM events e WHERE e.aggregate_type = $1 AND e.aggregate_id = $2 AND e.sequence > $3 ORDER BY e.sequence",
        RecordedEvent::COLUMNS
    );
    let rows = sqlx::query(&statement).bind(aggregate_type).bind(aggregate_id).bind(after_sequence).fetch_all(pool).await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}

/// How far a projection has read, by its slowest lane; `None` before its first batch.
///
/// # Errors
/// The database does not answer.
pub async fn checkpoint(pool: &PgPool, name: &str) -> Result<Option<Position>, StoreError> {
    let row: Option<(i64, i64)> =
        sqlx::query_as("SELECT txid, position FROM projection WHERE base = $1 AND role = 'live' ORDER BY txid, position LIMIT 1")
            .bind(name)
            .fetch_optional(pool)
            .await?;
    Ok(row.map(|(txid, position)| Position { txid, position }))
}
