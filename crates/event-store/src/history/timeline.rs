//! The log as people read it: an account's time line, an aggregate's story, causes and consequences.

use recado_kernel::AccountId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{RecordedEvent, StoreError};

/// Which part of an account's time line.
#[derive(Debug, Clone, Default)]
pub struct TimelineFilter {
    /// Only this aggregate (type, id).
    pub aggregate: Option<(String, String)>,
    /// Only events of these wire types; empty means all.
    pub event_types: Vec<String>,
    /// Only positions before this one: the cursor of the next page.
    pub before: Option<i64>,
}

/// An account's events, newest first.
///
/// # Errors
/// The database does not answer, or a row cannot be decoded.
pub async fn timeline(
    pool: &PgPool,
    account: AccountId,
    filter: &TimelineFilter,
    limit: i64,
) -> Result<Vec<RecordedEvent>, StoreError> {
    let statement = format!(
        "SELECT {} FROM events e
          WHERE e.account_id = $1 AND ($2::text IS NULL OR (e.aggregate_type = $2 AND e.aggregate_id = $3))
            AND (cardinality($4::text[]) = 0 OR e.event_type = ANY ($4)) AND e.global_position < COALESCE($5, 9223372036854775807)
          ORDER BY e.global_position DESC LIMIT $6",
        RecordedEvent::COLUMNS
    );
    let (kind, id) = filter.aggregate.clone().unzip();
    let rows = sqlx::query(&statement)
        .bind(account.as_uuid())
        .bind(kind)
        .bind(id)
        .bind(&filter.event_types)
        .bind(filter.before)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}

/// Every event of one story within an account, oldest first.
///
/// # Errors
/// The database does not answer, or a row cannot be decoded.
pub async fn story(pool: &PgPool, account: AccountId, correlation_id: Uuid) -> Result<Vec<RecordedEvent>, StoreError> {
    let statement = format!(
        "SELECT {} FROM events e WHERE e.account_id = $1 AND e.correlation_id = $2 ORDER BY e.global_position LIMIT 1000",
        RecordedEvent::COLUMNS
    );
    let rows = sqlx::query(&statement).bind(account.as_uuid()).bind(correlation_id).fetch_all(pool).await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}
