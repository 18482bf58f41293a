//! The statements behind leases. Each is short; none is open while work is being done.

use std::time::Duration;

use recado_kernel::{AccountId, Cause, CommandId, Timestamp};
use sqlx::{PgPool, Row};

use super::ClaimedWork;
use crate::StoreError;

/// A lane somebody holds, with its first work if there is any.
pub(super) struct ClaimedLane {
    pub topic: String,
    pub lane: String,
    pub fence: i64,
    pub signals: i64,
    pub head: Option<ClaimedWork>,
}

/// Leases up to `limit` due lanes of `topic`. Due is by the application clock, leases by the database clock. The fence is the claiming
/// transaction's id: an empty lane disappears, and one of the same name must never give out a fence that an earlier holder still has.
pub(super) async fn claim(
    pool: &PgPool,
    topic: &str,
    holder: &str,
    now: Timestamp,
    lease: Duration,
    limit: i64,
) -> Result<Vec<ClaimedLane>, StoreError> {
    let rows = sqlx::query(
        "WITH picked AS (
             SELECT topic, lane FROM work_lane
              WHERE topic = $1 AND open AND due_at <= $2 AND (leased_until IS NULL OR leased_until < clock_timestamp())
              ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
         ), claimed AS (
             UPDATE work_lane l SET leased_by = $4, leased_until = clock_timestamp() + make_interval(secs => $5),
                                     fence = GREATEST(l.fence + 1, pg_current_xact_id()::text::bigint)
               FROM picked p WHERE l.topic = p.topic AND l.lane = p.lane
             RETURNING l.topic, l.lane, l.fence, l.signals
         ), head AS (
             SELECT c.topic, c.lane, w.id FROM claimed c
               JOIN LATERAL (SELECT id FROM work w WHERE w.topic = c.topic AND w.lane = c.lane AND w.dead_at IS NULL ORDER BY w.seq LIMIT 1) w ON true
         ), begun AS (
             UPDATE work w SET attempts = w.attempts + 1 FROM head h WHERE w.id = h.id
             RETURNING w.id, w.topic, w.lane, w.account_id, w.subject, w.payload, w.due_at, w.attempts, w.correlation_id, w.causation_id
         )
         SELECT c.topic, c.lane, c.fence, c.signals, b.id, b.account_id, b.subject, b.payload, b.due_at, b.attempts, b.correlation_id, b.causation_id
           FROM claimed c LEFT JOIN begun b ON b.topic = c.topic AND b.lane = c.lane",
    )
    .bind(topic)
    .bind(now)
    .bind(limit)
    .bind(holder)
    .bind(lease.as_secs_f64())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let (topic, lane, fence, signals) = (
                row.try_get::<String, _>("topic")?,
                row.try_get::<String, _>("lane")?,
                row.try_get("fence")?,
                row.try_get("signals")?,
            );
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
                    cause: cause(row.try_get("correlation_id")?, row.try_get("causation_id")?),
                    topic: topic.clone(),
                    fence,
                    signals,
                }),
            };
            Ok(ClaimedLane { topic, lane, fence, signals, head })
        })
        .collect()
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

/// When the next lane of the topic that nobody holds is due; `None` when nothing waits in an open lane.
pub(super) async fn next_due(pool: &PgPool, topic: &str) -> Result<Option<Timestamp>, StoreError> {
    // Not min(): an empty lane that only remembers its pacing is due at 'infinity', which no timestamp of ours can hold.
    Ok(sqlx::query_scalar(
        "SELECT due_at FROM work_lane
          WHERE topic = $1 AND open AND due_at < 'infinity' AND (leased_until IS NULL OR leased_until < clock_timestamp())
          ORDER BY due_at LIMIT 1",
    )
    .bind(topic)
    .fetch_optional(pool)
    .await?)
}

/// What becomes of the work a lane was held for.
pub(super) enum Closing<'a> {
    Remove,
    Keep { due_at: Timestamp, error: Option<&'a str>, was_attempt: bool },
    Bury { error: &'a str },
}

/// Ends the work, if the lane is still ours (fence); then lets the lane go.
pub(super) async fn finish(
    pool: &PgPool,
    work: &ClaimedWork,
    closing: Closing<'_>,
    not_before: Option<Timestamp>,
) -> Result<(), StoreError> {
    let held = "EXISTS (SELECT 1 FROM work_lane l WHERE l.topic = $2 AND l.lane = $3 AND l.fence = $4)";
    let query = match closing {
        Closing::Remove => sqlx::query(&format!("DELETE FROM work WHERE id = $1 AND {held}")).bind(work.id).bind(&work.topic).bind(&work.lane).bind(work.fence).execute(pool).await,
        Closing::Keep { due_at, error, was_attempt } => {
            sqlx::query(&format!("UPDATE work SET due_at = $5, last_error = COALESCE($6, last_error), attempts = attempts - $7 WHERE id = $1 AND {held}"))
                .bind(work.id)
                .bind(&work.topic)
                .bind(&work.lane)
                .bind(work.fence)
                .bind(due_at)
                .bind(error)
                .bind(i32::from(!was_attempt))
                .execute(pool)
                .await
        }
        Closing::Bury { error } => {
            sqlx::query(&format!("UPDATE work SET dead_at = clock_timestamp(), last_error = $5 WHERE id = $1 AND {held}"))
                .bind(work.id)
                .bind(&work.topic)
                .bind(&work.lane)
                .bind(work.fence)
                .bind(error)
                .execute(pool)
                .await
        }
    };
    query?;
    release(pool, &work.topic, &work.lane, work.fence, work.signals, not_before).await
}

/// Gives the lane back: due again with its next work; an empty one disappears unless it must remember its pacing.
pub(super) async fn release(
    pool: &PgPool,
    topic: &str,
    lane: &str,
    fence: i64,
    signals: i64,
    not_before: Option<Timestamp>,
) -> Result<(), StoreError> {
    let next: Option<Timestamp> =
        sqlx::query_scalar("SELECT due_at FROM work WHERE topic = $1 AND lane = $2 AND dead_at IS NULL ORDER BY seq LIMIT 1")
            .bind(topic)
            .bind(lane)
            .fetch_optional(pool)
            .await?;
    if next.is_none() && not_before.is_none() {
        let gone = sqlx::query("DELETE FROM work_lane WHERE topic = $1 AND lane = $2 AND fence = $3 AND signals = $4 AND open AND not_before = '-infinity'")
            .bind(topic)
            .bind(lane)
            .bind(fence)
            .bind(signals)
            .execute(pool)
            .await?;
        if gone.rows_affected() > 0 {
            return Ok(());
        }
    }
    // New work that came meanwhile (signals moved on) may be due at once: then the lane stays due and the next holder looks.
    sqlx::query(
        "UPDATE work_lane
            SET leased_by = NULL, leased_until = NULL, not_before = COALESCE($5, not_before),
                due_at = GREATEST(COALESCE($5, not_before), CASE WHEN signals = $4 THEN COALESCE($6, 'infinity'::timestamptz) ELSE LEAST(due_at, COALESCE($6, due_at)) END)
          WHERE topic = $1 AND lane = $2 AND fence = $3",
    )
    .bind(topic)
    .bind(lane)
    .bind(fence)
    .bind(signals)
    .bind(not_before)
    .bind(next)
    .execute(pool)
    .await?;
    Ok(())
}

/// Opens or closes a lane: work in a closed lane waits (the instance is disconnected, the queue is paused). Idempotent.
///
/// # Errors
/// The database.
pub async fn set_lane_open(db: &mut sqlx::PgConnection, topic: &str, lane: &str, open: bool) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO work_lane AS l (topic, lane, open, due_at)
         VALUES ($1, $2, $3, COALESCE((SELECT min(due_at) FROM work WHERE topic = $1 AND lane = $2 AND dead_at IS NULL), 'infinity'))
         ON CONFLICT (topic, lane) DO UPDATE SET open = excluded.open, signals = l.signals + 1, due_at = GREATEST(l.not_before, LEAST(l.due_at, excluded.due_at))",
    )
    .bind(topic)
    .bind(lane)
    .bind(open)
    .execute(db)
    .await?;
    Ok(())
}

/// Is the lane open? One that does not exist is.
///
/// # Errors
/// The database.
pub async fn lane_is_open(pool: &PgPool, topic: &str, lane: &str) -> Result<bool, StoreError> {
    let open: Option<bool> = sqlx::query_scalar("SELECT open FROM work_lane WHERE topic = $1 AND lane = $2")
        .bind(topic)
        .bind(lane)
        .fetch_optional(pool)
        .await?;
    Ok(open.unwrap_or(true))
}
