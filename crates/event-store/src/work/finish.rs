//! Ending work and letting its lanes go, many at once: two statements for all that ended while the last two ran.

use recado_kernel::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use super::claim::ClaimedLane;
use crate::StoreError;

/// What becomes of the work a lane was held for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Closing {
    /// The lane was empty.
    Nothing,
    /// Done.
    Remove,
    /// It stays first in its lane, which waits for it.
    Keep { due_at: Timestamp, error: Option<String>, was_attempt: bool, step: i16 },
    /// A dead letter.
    Bury { error: String },
}

/// A lane to be let go, by whoever claimed it under this fence.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub lane: String,
    pub fence: i64,
    pub signals: i64,
    pub work: Option<Uuid>,
    pub closing: Closing,
    /// Nothing else of this lane before.
    pub not_before: Option<Timestamp>,
}

impl Ended {
    pub(super) fn new(held: &ClaimedLane, closing: Closing, not_before: Option<Timestamp>) -> Self {
        // What is kept is first in its lane: what came later cannot be done before it, so it need not wake anybody either.
        let not_before = match &closing {
            Closing::Keep { due_at, .. } => Some(*due_at),
            _ => not_before,
        };
        let work = held.head.as_ref().map(|work| work.id);
        Self { lane: held.lane.clone(), fence: held.fence, signals: held.signals, work, closing, not_before }
    }
}

/// Ends the work of the lanes that are still ours (fence), then lets these go. Between the two a crash does no harm: the lane's lease
/// runs out and the next holder finds what is left.
pub(super) async fn finish(pool: &PgPool, topic: &str, ended: &[Ended]) -> Result<(), StoreError> {
    end_work(pool, topic, ended).await?;
    release(pool, topic, ended).await
}

async fn end_work(pool: &PgPool, topic: &str, ended: &[Ended]) -> Result<(), StoreError> {
    let with: Vec<(&Ended, Uuid)> = ended.iter().filter_map(|one| Some((one, one.work?))).collect();
    let with: Vec<_> = with.into_iter().filter(|(one, _)| one.closing != Closing::Nothing).collect();
    if with.is_empty() {
        return Ok(());
    }
    let kept = |one: &Ended| match &one.closing {
        Closing::Keep { due_at, was_attempt, step, .. } => (Some(*due_at), i32::from(!was_attempt), *step),
        _ => (None, 0, 0),
    };
    let error = |one: &Ended| match &one.closing {
        Closing::Keep { error, .. } => error.clone(),
        Closing::Bury { error } => Some(error.clone()),
        Closing::Nothing | Closing::Remove => None,
    };
    sqlx::query(
        "WITH held AS (
             SELECT e.id, e.removed, e.due_at, e.error, e.uncounted, e.step
               FROM unnest($2::text[], $3::bigint[], $4::uuid[], $5::bool[], $6::timestamptz[], $7::text[], $8::int[], $9::smallint[])
                 AS e(lane, fence, id, removed, due_at, error, uncounted, step)
               JOIN work_lane l ON l.topic = $1 AND l.lane = e.lane AND l.fence = e.fence
         ), removed AS (
             DELETE FROM work w USING held h WHERE w.id = h.id AND h.removed
         )
         UPDATE work w
            SET due_at = COALESCE(h.due_at, w.due_at), last_error = COALESCE(h.error, w.last_error), attempts = w.attempts - h.uncounted,
                step = h.step, dead_at = CASE WHEN h.due_at IS NULL THEN clock_timestamp() END
           FROM held h WHERE w.id = h.id AND NOT h.removed",
    )
    .bind(topic)
    .bind(with.iter().map(|(one, _)| one.lane.as_str()).collect::<Vec<_>>())
    .bind(with.iter().map(|(one, _)| one.fence).collect::<Vec<_>>())
    .bind(with.iter().map(|(_, work)| *work).collect::<Vec<_>>())
    .bind(with.iter().map(|(one, _)| one.closing == Closing::Remove).collect::<Vec<_>>())
    .bind(with.iter().map(|(one, _)| kept(one).0).collect::<Vec<_>>())
    .bind(with.iter().map(|(one, _)| error(one)).collect::<Vec<_>>())
    .bind(with.iter().map(|(one, _)| kept(one).1).collect::<Vec<_>>())
    .bind(with.iter().map(|(one, _)| kept(one).2).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    Ok(())
}

/// Gives lanes back: due again with their next work; an empty one disappears unless it must remember something. What a lane waited for
/// before is over: it could not have been claimed otherwise.
///
/// New work that came meanwhile moved `signals` on and may be due at once: then the lane stays due and the next holder looks. This holds
/// also for what this statement's snapshot does not show, because the lane's row is locked and read anew before it is written. Lanes are
/// locked in order, as appends lock them.
async fn release(pool: &PgPool, topic: &str, ended: &[Ended]) -> Result<(), StoreError> {
    sqlx::query(
        "WITH held AS (
             SELECT l.lane, e.fence, e.signals, e.not_before
               FROM work_lane l
               JOIN unnest($2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[]) AS e(lane, fence, signals, not_before)
                 ON l.lane = e.lane AND l.fence = e.fence
              WHERE l.topic = $1 ORDER BY l.lane FOR UPDATE OF l
         ), next AS (
             SELECT h.lane, h.fence, h.signals, h.not_before,
                    (SELECT w.due_at FROM work w WHERE w.topic = $1 AND w.lane = h.lane AND w.dead_at IS NULL ORDER BY w.seq LIMIT 1) AS due_at
               FROM held h
         ), gone AS (
             DELETE FROM work_lane l USING next n
              WHERE l.topic = $1 AND l.lane = n.lane AND l.fence = n.fence
                AND n.due_at IS NULL AND n.not_before IS NULL AND l.signals = n.signals AND l.open AND NOT l.paused
         )
         UPDATE work_lane l
            SET leased_by = NULL, leased_until = NULL, not_before = COALESCE(n.not_before, '-infinity'),
                due_at = GREATEST(n.not_before,
                                  CASE WHEN l.signals = n.signals THEN COALESCE(n.due_at, 'infinity'::timestamptz)
                                       ELSE LEAST(l.due_at, COALESCE(n.due_at, l.due_at)) END)
           FROM next n
          WHERE l.topic = $1 AND l.lane = n.lane AND l.fence = n.fence
            AND NOT (n.due_at IS NULL AND n.not_before IS NULL AND l.signals = n.signals AND l.open AND NOT l.paused)",
    )
    .bind(topic)
    .bind(ended.iter().map(|one| one.lane.as_str()).collect::<Vec<_>>())
    .bind(ended.iter().map(|one| one.fence).collect::<Vec<_>>())
    .bind(ended.iter().map(|one| one.signals).collect::<Vec<_>>())
    .bind(ended.iter().map(|one| one.not_before).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    Ok(())
}
