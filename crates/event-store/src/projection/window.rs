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
    let statement = statement(until, limit);
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
    let Some(first) = rows.first() else { return Ok(Window { end: None, full: false, wanted: vec![] }) };
    let (Some(txid), Some(position)) = (first.try_get("end_txid")?, first.try_get("end_position")?) else {
        return Ok(Window { end: None, full: false, wanted: vec![] });
    };
    let end = Position { txid, position };
    let full = first.try_get::<i64, _>("n")? >= limit;
    // Without a wanted event there is one row all the same.
    let nothing = first.try_get::<Option<bool>, _>("wanted")?.is_none();
    let wanted =
        if nothing { vec![] } else { rows.iter().map(RecordedEvent::from_row).collect::<Result<Vec<_>, StoreError>>()? };
    Ok(Window { end: Some(end), full, wanted })
}

/// Parameters: txid and position of the beginning, event types, number of lanes, lane.
fn statement(until: Option<Position>, limit: i64) -> String {
    // One pass in index order. The end comes along even if nobody wants its row, so that the checkpoint moves over what is unwanted.
    // (No window functions: `lead` moves what it has buffered for every row.)
    // Limit and end are part of the text: with parameters in their place PostgreSQL's generic plan reads and sorts the whole log. The
    // beginning is hidden from the planner: where its statistics end it expects no rows, and would read and sort all that are left.
    let until = until.map(|Position { txid, position }| format!("AND (e.txid, e.global_position) <= ({txid}, {position})"));
    format!(
        "WITH e AS MATERIALIZED (
             SELECT {columns}, (cardinality($3::text[]) = 0 OR e.event_type = ANY ($3)) AND {IN_LANE} AS wanted
               FROM events e
              WHERE (e.txid, e.global_position) > ((SELECT $1::bigint), (SELECT $2::bigint)) {until}
                AND e.txid < log_horizon()
              ORDER BY e.txid, e.global_position LIMIT {limit}
         ), read AS (
             SELECT count(*) AS n, max(txid) AS end_txid,
                    max(global_position) FILTER (WHERE txid = (SELECT max(txid) FROM e)) AS end_position FROM e
         )
         SELECT read.*, e.* FROM read LEFT JOIN e ON e.wanted ORDER BY e.txid, e.global_position",
        columns = RecordedEvent::COLUMNS,
        until = until.as_deref().unwrap_or_default(),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// Many events of one transaction at the end of the log, where PostgreSQL's statistics promise nothing after the checkpoint: a plan that
    /// sorts what is left reads it all for every window.
    #[tokio::test]
    async fn a_window_is_read_in_index_order_whatever_the_statistics_say() {
        let database = recado_testkit::TestDatabase::create().await;
        let mut db = database.pool.acquire().await.unwrap();
        sqlx::query(
            "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                                 command_id, correlation_id, occurred_at)
             SELECT gen_random_uuid(), 'counter', n::text, 1, 'counter.added', '1', '{}', 'system:test', 'job', gen_random_uuid(),
                    gen_random_uuid(), now() FROM generate_series(1, 20000) n",
        )
        .execute(&mut *db)
        .await
        .unwrap();
        sqlx::query("ANALYZE events").execute(&mut *db).await.unwrap();
        let (txid, first): (i64, i64) =
            sqlx::query_as("SELECT max(txid), min(global_position) FROM events").fetch_one(&mut *db).await.unwrap();
        for mode in ["force_custom_plan", "force_generic_plan"] {
            sqlx::raw_sql(&format!("SET plan_cache_mode = {mode}; DEALLOCATE ALL; PREPARE w AS {}", statement(None, 500)))
                .execute(&mut *db)
                .await
                .unwrap();
            let explain = format!("EXPLAIN EXECUTE w({txid}, {}, '{{}}', 1, 0)", first + 10_000);
            let plan: Vec<String> = sqlx::query_scalar(&explain).persistent(false).fetch_all(&mut *db).await.unwrap();
            let plan = plan.join("\n");
            assert!(plan.contains("Merge Append"), "{mode}\n{plan}");
            // The one sort is that of the window itself.
            assert_eq!(plan.matches("Sort  (").count(), 1, "{mode}\n{plan}");
        }
    }
}
