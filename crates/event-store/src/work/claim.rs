//! Leasing lanes, many at once. Each statement is short; none is open while work is being done.

use std::time::Duration;

use recado_kernel::{AccountId, Cause, CommandId, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};

use super::ClaimedWork;
use crate::StoreError;

/// A lane somebody holds, with its first work if there is any.
pub(super) struct ClaimedLane {
    pub lane: String,
    pub fence: i64,
    pub signals: i64,
    pub head: Option<ClaimedWork>,
}

/// What a look at a topic found.
pub(super) struct Claimed {
    /// Ours now.
    pub lanes: Vec<ClaimedLane>,
    /// When the next of the other lanes is due.
    pub next_due: Option<Timestamp>,
}

/// Leases up to `limit` due lanes of `topic`, and tells when the next is due: one statement, whatever the number of lanes. Due is by the
/// application clock, leases by the database clock. The fence is the claiming transaction's id: an empty lane disappears, and one of the
/// same name must never give out a fence that an earlier holder still has. Work that is cancelled at this very moment may be handed out all the
/// same: whoever does it finds out by its own means.
pub(super) async fn claim(
    pool: &PgPool,
    topic: &str,
    holder: &str,
    now: Timestamp,
    lease: Duration,
    limit: i64,
) -> Result<Claimed, StoreError> {
    // 'infinity', an empty lane that only remembers its pacing, is no moment of ours.
    let rows = sqlx::query(
        "WITH picked AS (
             SELECT topic, lane FROM work_lane
              WHERE topic = $1 AND open AND NOT paused AND due_at <= $2 AND (leased_until IS NULL OR leased_until < clock_timestamp())
              ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
         ), claimed AS (
             UPDATE work_lane l SET leased_by = $4, leased_until = clock_timestamp() + make_interval(secs => $5),
                                     fence = GREATEST(l.fence + 1, pg_current_xact_id()::text::bigint)
               FROM picked p WHERE l.topic = p.topic AND l.lane = p.lane
             RETURNING l.lane, l.fence, l.signals
         ), head AS (
             SELECT c.lane, c.fence, c.signals, w.id, w.account_id, w.subject, w.payload, w.due_at, w.attempts + 1 AS attempts, w.step,
                    w.correlation_id, w.causation_id
               FROM claimed c
               LEFT JOIN LATERAL (SELECT * FROM work w WHERE w.topic = $1 AND w.lane = c.lane AND w.dead_at IS NULL ORDER BY w.seq LIMIT 1) w ON true
         ), begun AS (
             UPDATE work w SET attempts = w.attempts + 1 FROM head h WHERE w.id = h.id
         ), later AS (
             SELECT (SELECT due_at FROM work_lane WHERE topic = $1 AND open AND NOT paused AND due_at > $2 AND due_at < 'infinity'
                      ORDER BY due_at LIMIT 1) AS next_due
         )
         SELECT n.next_due, h.lane, h.fence, h.signals, h.id, h.account_id, h.subject, h.payload, h.due_at, h.attempts, h.step,
                h.correlation_id, h.causation_id
           FROM later n LEFT JOIN head h ON true",
    )
    .bind(topic)
    .bind(now)
    .bind(limit)
    .bind(holder)
    .bind(lease.as_secs_f64())
    .fetch_all(pool)
    .await?;
    let next_due = rows.first().map(|row| row.try_get("next_due")).transpose()?.flatten();
    let mut lanes = Vec::with_capacity(rows.len());
    for row in &rows {
        lanes.extend(claimed_lane(topic, row)?);
    }
    Ok(Claimed { lanes, next_due })
}

/// `None`: the row that only tells when the next is due.
fn claimed_lane(topic: &str, row: &PgRow) -> Result<Option<ClaimedLane>, StoreError> {
    let Some(lane) = row.try_get::<Option<String>, _>("lane")? else { return Ok(None) };
    let (fence, signals): (i64, i64) = (row.try_get("fence")?, row.try_get("signals")?);
    let head = match row.try_get::<Option<uuid::Uuid>, _>("id")? {
        None => None,
        Some(id) => Some(ClaimedWork {
            id,
            lane: lane.clone(),
            account_id: AccountId::from_uuid(row.try_get("account_id")?),
            subject: row.try_get("subject")?,
            payload: row.try_get("payload")?,
            due_at: row.try_get("due_at")?,
            attempts: row.try_get("attempts")?,
            step: row.try_get("step")?,
            cause: cause(row.try_get("correlation_id")?, row.try_get("causation_id")?),
            topic: topic.to_owned(),
            fence,
        }),
    };
    Ok(Some(ClaimedLane { lane, fence, signals, head }))
}

/// From its two columns.
fn cause(correlation_id: Option<uuid::Uuid>, causation_id: Option<uuid::Uuid>) -> Option<Cause> {
    let command_id = causation_id.map(CommandId::from_uuid);
    correlation_id.zip(command_id).map(|(correlation_id, command_id)| Cause { correlation_id, command_id })
}

/// A sign of life for lanes this holder works on, each with the fence it was claimed under. Answers which are still ours.
pub(super) async fn renew(
    pool: &PgPool,
    topic: &str,
    holder: &str,
    lanes: &[(String, i64)],
    lease: Duration,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "UPDATE work_lane l SET leased_until = clock_timestamp() + make_interval(secs => $5)
           FROM unnest($3::text[], $4::bigint[]) AS ours(lane, fence)
          WHERE l.topic = $1 AND l.leased_by = $2 AND l.lane = ours.lane AND l.fence = ours.fence
         RETURNING l.lane",
    )
    .bind(topic)
    .bind(holder)
    .bind(lanes.iter().map(|(lane, _)| lane.as_str()).collect::<Vec<_>>())
    .bind(lanes.iter().map(|(_, fence)| *fence).collect::<Vec<_>>())
    .bind(lease.as_secs_f64())
    .fetch_all(pool)
    .await?)
}
