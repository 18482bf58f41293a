//! One lane's step: a window is folded and the checkpoint moved, in one transaction, by compare-and-swap with a fence.

use std::sync::Arc;

use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;

use super::window::{self, Share, Window};
use super::{Projection, ProjectionError};
use crate::wake::Noted;
use crate::{EventLog, Position, StoreError};

/// Which checkpoint is moved, and where its tables are.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    /// The row in `projection`.
    pub row: String,
    /// From 0.
    pub lane: u16,
    /// Of how many.
    pub lanes: u16,
    /// Schema of the tables when they are not the living ones.
    pub schema: Option<String>,
}

/// A checkpoint as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    pub position: Position,
    pub fence: i64,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    /// Folded; there may be more.
    Moved,
    /// Nothing to read.
    AtEnd,
    /// Nothing to read yet: there are events, but a transaction that is still open could slip in front of them.
    HeldBack,
    /// Another process moved the checkpoint first; ours was rolled back.
    Outrun,
    /// The row is gone: the projection has other lanes now.
    Gone,
}

impl Lane {
    /// Where it stands, and whether there is any event behind it, readable or not yet: the only question of a loop with nothing to do.
    /// `None` when the row is gone.
    async fn cursor(&self, pool: &PgPool) -> Result<Option<(Cursor, bool)>, StoreError> {
        // Ordered, so that the index is used: EXISTS alone may read the whole log to find that there is nothing.
        let row: Option<(i64, i64, i64, bool)> = sqlx::query_as(
            "SELECT p.txid, p.position, p.fence,
                    COALESCE((SELECT true FROM events e WHERE (e.txid, e.global_position) > (p.txid, p.position)
                               ORDER BY e.txid, e.global_position LIMIT 1), false)
               FROM projection p WHERE p.name = $1 AND p.lanes = $2",
        )
        .bind(&self.row)
        .bind(lanes_column(self.lanes))
        .fetch_optional(pool)
        .await?;
        Ok(row.map(|(txid, position, fence, more)| (Cursor { position: Position { txid, position }, fence }, more)))
    }
}

/// `lanes` as its column holds it.
pub(super) fn lanes_column(lanes: u16) -> i16 {
    i16::try_from(lanes).unwrap_or(i16::MAX)
}

/// Folds window after window, the next one read while this one is folded, until the end of the log, a stop, or somebody else's move.
/// In a task of its own: a projection that panics must not end its loop unseen.
pub(super) async fn advance(
    log: &EventLog,
    projection: &Arc<dyn Projection>,
    lane: &Lane,
    limit: i64,
    stop: Option<watch::Receiver<bool>>,
) -> Result<Stepped, ProjectionError> {
    let (log, projection, lane) = (log.clone(), projection.clone(), lane.clone());
    let steps = tokio::spawn(async move { windows(&log, projection.as_ref(), &lane, limit, stop).await });
    steps.await.unwrap_or_else(|_| Err(StoreError::Unreadable("the projection panicked: this is a defect".into()).into()))
}

async fn windows(
    log: &EventLog,
    projection: &dyn Projection,
    lane: &Lane,
    limit: i64,
    stop: Option<watch::Receiver<bool>>,
) -> Result<Stepped, ProjectionError> {
    let share = Share::of(projection, lane.lane, lane.lanes);
    let Some((mut cursor, more)) = lane.cursor(log.pool()).await? else { return Ok(Stepped::Gone) };
    if !more {
        log.progress().moved(projection.name(), lane.lane, lane.lanes, cursor.position);
        return Ok(Stepped::AtEnd);
    }
    // Read outside the transaction: an open writing transaction would hold every reader of the cluster back.
    let mut window = window::read(log.pool(), share, cursor.position, None, limit).await?;
    if window.end.is_none() {
        log.progress().moved(projection.name(), lane.lane, lane.lanes, cursor.position);
        return Ok(Stepped::HeldBack);
    }
    while let Some(end) = window.end {
        let prefetch = async {
            match window.full {
                true => window::read(log.pool(), share, end, None, limit).await.map(Some),
                false => Ok(None),
            }
        };
        let (folded, next) = tokio::join!(fold(log, projection, lane, cursor, &window), prefetch);
        if !folded? {
            return Ok(Stepped::Outrun);
        }
        cursor.position = end;
        match next? {
            Some(next) if !stop.as_ref().is_some_and(|stop| *stop.borrow()) => window = next,
            _ => break,
        }
    }
    Ok(Stepped::Moved)
}

/// One transaction: checkpoint and tables. `false` when the checkpoint is not where it was read: nothing is stored then.
pub(super) async fn fold(
    log: &EventLog,
    projection: &dyn Projection,
    lane: &Lane,
    from: Cursor,
    window: &Window,
) -> Result<bool, ProjectionError> {
    let Some(end) = window.end else { return Ok(true) };
    let mut transaction = log.pool().begin().await?;
    // The checkpoint first: a second process on the same window waits here and then finds it taken.
    let moved = sqlx::query(
        "UPDATE projection SET txid = $2, position = $3, status = 'running', error = NULL, updated_at = clock_timestamp()
          WHERE name = $1 AND lanes = $4 AND fence = $5 AND txid = $6 AND position = $7",
    )
    .bind(&lane.row)
    .bind(end.txid)
    .bind(end.position)
    .bind(lanes_column(lane.lanes))
    .bind(from.fence)
    .bind(from.position.txid)
    .bind(from.position.position)
    .execute(&mut *transaction)
    .await?;
    if moved.rows_affected() == 0 {
        // Another process was faster, or other tables were put in place: those stand, ours are rolled back.
        transaction.rollback().await?;
        return Ok(false);
    }
    let noted = Noted::default();
    if !window.wanted.is_empty() {
        noted.during(project_into(projection, lane.schema.as_deref(), window, &mut transaction)).await?;
    }
    transaction.commit().await?;
    if lane.schema.is_none() {
        log.progress().moved(projection.name(), lane.lane, lane.lanes, end);
        let topics = noted.take();
        if !topics.is_empty() {
            log.ring_topics(&topics.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
    Ok(true)
}

/// Lets the projection fold; its unqualified table names mean those of `schema` for the rest of the transaction.
pub(super) async fn project_into(
    projection: &dyn Projection,
    schema: Option<&str>,
    window: &Window,
    db: &mut PgConnection,
) -> Result<(), ProjectionError> {
    if let Some(schema) = schema {
        set_search_path(db, &format!("{schema}, public")).await?;
    }
    projection.project(&window.wanted, db).await
}

/// `SET LOCAL search_path`: until the transaction ends.
pub(super) async fn set_search_path(db: &mut PgConnection, path: &str) -> Result<(), StoreError> {
    sqlx::query("SELECT set_config('search_path', $1, true)").bind(path).execute(db).await?;
    Ok(())
}

/// Says that a lane cannot go on, and why; its next step that succeeds says that it runs again.
pub(super) async fn mark_stopped(log: &EventLog, row: &str, error: &str) {
    let stopped =
        sqlx::query("UPDATE projection SET status = 'stopped', error = $2, updated_at = clock_timestamp() WHERE name = $1")
            .bind(row)
            .bind(error)
            .execute(log.pool())
            .await;
    if let Err(error) = stopped {
        tracing::warn!(projection = row, %error, "could not record that the projection stopped");
    }
}
