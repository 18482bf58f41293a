//! The two switches of a lane. Work in a lane that is closed (the world: the instance is disconnected) or paused (people) waits without
//! being looked at; both must be on for it to go on.

use recado_kernel::Timestamp;
use sqlx::{PgConnection, PgPool};

use crate::StoreError;
use crate::wake::note;

/// What becomes of a lane's switches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneSwitch {
    /// Which lane.
    pub lane: String,
    /// `false`: its work waits for the world. `None`: as it is.
    pub open: Option<bool>,
    /// `true`: its work waits for people. `None`: as it is.
    pub paused: Option<bool>,
    /// When (application clock). Work that was only held until a later moment is due again when its lane opens: what it waited for is
    /// there. Pacing stands.
    pub at: Timestamp,
}

/// Sets the switches of many lanes; a lane that does not exist is made. Idempotent. At most one entry per lane.
///
/// # Errors
/// The database.
pub async fn set_lanes(db: &mut PgConnection, topic: &str, switches: &[LaneSwitch]) -> Result<(), StoreError> {
    if switches.is_empty() {
        return Ok(());
    }
    note(std::iter::once(topic));
    let mut switches: Vec<&LaneSwitch> = switches.iter().collect();
    switches.sort_by(|a, b| a.lane.cmp(&b.lane));
    let lanes: Vec<&str> = switches.iter().map(|switch| switch.lane.as_str()).collect();
    sqlx::query(
        "INSERT INTO work_lane (topic, lane, due_at)
         SELECT $1, s.lane, COALESCE((SELECT w.due_at FROM work w WHERE w.topic = $1 AND w.lane = s.lane AND w.dead_at IS NULL ORDER BY w.seq LIMIT 1),
                                     'infinity')
           FROM unnest($2::text[]) AS s(lane)
         ON CONFLICT (topic, lane) DO NOTHING",
    )
    .bind(topic)
    .bind(&lanes)
    .execute(&mut *db)
    .await?;
    // A lane's not_before is the moment of held work exactly while its first work is held: pacing was over when that was begun.
    sqlx::query(
        "WITH wanted AS (
             SELECT l.lane, s.open, s.paused, s.at
               FROM work_lane l JOIN unnest($2::text[], $3::bool[], $4::bool[], $5::timestamptz[]) AS s(lane, open, paused, at) ON l.lane = s.lane
              WHERE l.topic = $1 ORDER BY l.lane FOR UPDATE OF l
         ), head AS (
             SELECT s.lane, s.open, s.paused, s.at, w.id, w.due_at, COALESCE(s.open AND w.due_at > s.at, false) AS held
               FROM wanted s
               LEFT JOIN LATERAL (SELECT w.id, w.due_at FROM work w WHERE w.topic = $1 AND w.lane = s.lane AND w.dead_at IS NULL ORDER BY w.seq LIMIT 1) w ON true
         ), freed AS (
             UPDATE work w SET due_at = h.at FROM head h WHERE w.id = h.id AND h.held
         )
         UPDATE work_lane l
            SET open = COALESCE(h.open, l.open), paused = COALESCE(h.paused, l.paused), signals = l.signals + 1,
                not_before = CASE WHEN h.held THEN LEAST(l.not_before, h.at) ELSE l.not_before END,
                due_at = CASE WHEN h.held THEN h.at ELSE GREATEST(l.not_before, LEAST(l.due_at, COALESCE(h.due_at, 'infinity'))) END
           FROM head h WHERE l.topic = $1 AND l.lane = h.lane",
    )
    .bind(topic)
    .bind(&lanes)
    .bind(switches.iter().map(|switch| switch.open).collect::<Vec<_>>())
    .bind(switches.iter().map(|switch| switch.paused).collect::<Vec<_>>())
    .bind(switches.iter().map(|switch| switch.at).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Where a lane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneState {
    /// Does the world let its work go on?
    pub open: bool,
    /// Do people want it to wait?
    pub paused: bool,
    /// Nothing of it goes on before this moment (pacing); `None`: at once.
    pub not_before: Option<Timestamp>,
}

/// The state of a lane; one that does not exist is open and free.
///
/// # Errors
/// The database.
pub async fn lane_state(pool: &PgPool, topic: &str, lane: &str) -> Result<LaneState, StoreError> {
    let row: Option<(bool, bool, Option<Timestamp>)> = sqlx::query_as(
        "SELECT open, paused, CASE WHEN not_before > '-infinity' THEN not_before END FROM work_lane WHERE topic = $1 AND lane = $2",
    )
    .bind(topic)
    .bind(lane)
    .fetch_optional(pool)
    .await?;
    let (open, paused, not_before) = row.unwrap_or((true, false, None));
    Ok(LaneState { open, paused, not_before })
}
