//! Reading a window of the log: the next so many events in reading order, of which only the wanted ones travel.

use sqlx::{PgExecutor, Row as _};

use super::Projection;
use crate::{Position, RecordedEvent, StoreError};

/// Which part of the log somebody folds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share<'a> {
    /// Wire types; empty means all.
    pub event_types: &'a [&'static str],
    /// Which lane, from 0.
    pub lane: u16,
    /// Of how many.
    pub lanes: u16,
}

impl<'a> Share<'a> {
    /// What `lane` of `lanes` of a projection folds.
    pub fn of(projection: &'a dyn Projection, lane: u16, lanes: u16) -> Self {
        Self { event_types: projection.event_types(), lane, lanes }
    }
}

/// Consecutive events of the log, unwanted ones left out.
#[derive(Debug)]
pub(super) struct Window {
    /// Place of the last event, wanted or not; `None` when there is nothing to read.
    pub end: Option<Position>,
    /// Is there probably more behind it?
    pub full: bool,
    /// The wanted events, in reading order.
    pub wanted: Vec<RecordedEvent>,
}

/// The lane of an aggregate must be the same for ever and on every server: SHA-256 is, PostgreSQL's own hash functions need not be.
const IN_LANE: &str = "($4 = 1 OR (SELECT (get_byte(d.h, 0) * 256 + get_byte(d.h, 1)) % $4
                                     FROM (SELECT sha256(convert_to(e.aggregate_type || '/' || e.aggregate_id, 'UTF8')) AS h) d) = $5)";

/// Reads the window of `limit` events after `after`: only those no open transaction can still slip in front of (event-sourcing.md 5: the
/// pair rule), and none behind `until`.
pub(super) async fn read(
    db: impl PgExecutor<'_>,
    share: Share<'_>,
    after: Position,
    until: Option<Position>,
    limit: i64,
) -> Result<Window, StoreError> {
    // One pass in index order; the last row comes along even if nobody wants it, so that the checkpoint moves over what is unwanted.
    // Limit and end are part of the text: with parameters in their place PostgreSQL's generic plan reads and sorts the whole log.
    let until = until.map(|Position { txid, position }| format!("AND (e.txid, e.global_position) <= ({txid}, {position})"));
    let statement = format!(
        "SELECT e.* FROM (
             SELECT e.*, (cardinality($3::text[]) = 0 OR e.event_type = ANY ($3)) AND {IN_LANE} AS wanted,
                    row_number() OVER log AS n, lead(0) OVER log IS NULL AS is_last
               FROM (SELECT {columns} FROM events e
                      WHERE (e.txid, e.global_position) > ($1, $2) {until}
                        AND e.txid < log_horizon()
                      ORDER BY e.txid, e.global_position LIMIT {limit}) e
             WINDOW log AS (ORDER BY e.txid, e.global_position)
         ) e WHERE e.wanted OR e.is_last ORDER BY e.txid, e.global_position",
        columns = RecordedEvent::COLUMNS,
        until = until.as_deref().unwrap_or_default(),
    );
    let rows = sqlx::query(&statement)
        // The rare statements with an end in them must not push others out of the connection's cache.
        .persistent(until.is_none())
        .bind(after.txid)
        .bind(after.position)
        .bind(share.event_types)
        .bind(i32::from(share.lanes))
        .bind(i32::from(share.lane))
        .fetch_all(db)
        .await?;
    let Some(last) = rows.last() else { return Ok(Window { end: None, full: false, wanted: vec![] }) };
    let end = Position { txid: last.try_get("txid")?, position: last.try_get("global_position")? };
    let full = last.try_get::<i64, _>("n")? >= limit;
    let mut wanted = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get("wanted")? {
            wanted.push(RecordedEvent::from_row(row)?);
        }
    }
    Ok(Window { end: Some(end), full, wanted })
}
