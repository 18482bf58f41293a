//! An account's time line, newest first, in the order in which the log is read.

use recado_kernel::AccountId;
use sqlx::PgPool;

use crate::{Position, RecordedEvent, StoreError};

/// Which part of an account's time line.
#[derive(Debug, Clone, Default)]
pub struct TimelineFilter {
    /// Only this aggregate (type, id).
    pub aggregate: Option<(String, String)>,
    /// Only events of these wire types; empty means all.
    pub event_types: Vec<String>,
    /// Only what stands before this place: the cursor of the next page.
    pub before: Option<Position>,
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
    let before = filter.before.unwrap_or(Position { txid: i64::MAX, position: i64::MAX });
    let rows = match &filter.aggregate {
        None => {
            sqlx::query(&account_timeline())
                .bind(account.as_uuid())
                .bind(before.txid)
                .bind(before.position)
                .bind(&filter.event_types)
                .bind(limit)
                .fetch_all(pool)
                .await?
        }
        Some((kind, id)) => {
            sqlx::query(&aggregate_timeline())
                .bind(account.as_uuid())
                .bind(before.txid)
                .bind(before.position)
                .bind(&filter.event_types)
                .bind(limit)
                .bind(kind)
                .bind(id)
                .fetch_all(pool)
                .await?
        }
    };
    rows.iter().map(RecordedEvent::from_row).collect()
}

/// The statement behind an account's time line, for whoever asks the planner about it: account, txid, position, types, limit.
#[must_use]
pub fn account_timeline() -> String {
    format!(
        "SELECT {} FROM events e
          WHERE e.account_id = $1 AND (e.txid, e.global_position) < ($2, $3)
            AND (cardinality($4::text[]) = 0 OR e.event_type = ANY ($4))
          ORDER BY e.txid DESC, e.global_position DESC LIMIT $5",
        RecordedEvent::COLUMNS
    )
}

/// Within one thing the sequence is the order; so its key finds the page, however long its stream is.
fn aggregate_timeline() -> String {
    format!(
        "SELECT {} FROM events e
          WHERE e.account_id = $1 AND (e.txid, e.global_position) < ($2, $3)
            AND (cardinality($4::text[]) = 0 OR e.event_type = ANY ($4)) AND e.aggregate_type = $6 AND e.aggregate_id = $7
          ORDER BY e.sequence DESC LIMIT $5",
        RecordedEvent::COLUMNS
    )
}
