//! The rows behind a living projection: one per lane. The layout that is stored is in force for every process; only a server that starts
//! its loops changes it to what its program wants, so that an older and a newer program side by side do not fight.

use std::sync::Arc;

use sqlx::{PgConnection, PgPool};

use super::step::{self, Lane, Stepped, lanes_column};
use super::window::{self, Share};
use super::{Projection, ProjectionError};
use crate::{EventLog, Position, StoreError};

const WINDOW: i64 = 500;

/// One row of a living projection.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct LiveRow {
    pub name: String,
    pub lanes: i16,
    pub txid: i64,
    pub position: i64,
    pub fence: i64,
}

impl LiveRow {
    pub const fn at(&self) -> Position {
        Position { txid: self.txid, position: self.position }
    }

    /// Which lane; the only one's name carries no number.
    pub fn lane(&self) -> u16 {
        self.name.rsplit_once('#').and_then(|(_, lane)| lane.parse().ok()).unwrap_or(0)
    }

    pub fn lanes(&self) -> u16 {
        u16::try_from(self.lanes).unwrap_or(1)
    }
}

/// The row names of a projection with this many lanes.
pub(super) fn row_names(name: &str, lanes: u16) -> Vec<String> {
    match lanes {
        0 | 1 => vec![name.to_owned()],
        _ => (0..lanes).map(|lane| format!("{name}#{lane}")).collect(),
    }
}

/// The lanes in force; a projection that was never folded gets its rows, at the beginning of the log.
pub(super) async fn in_force(pool: &PgPool, projection: &dyn Projection) -> Result<Vec<Lane>, StoreError> {
    let mut rows = load(&mut *pool.acquire().await?, projection.name()).await?;
    if rows.is_empty() {
        create(pool, projection.name(), projection.lanes()).await?;
        rows = load(&mut *pool.acquire().await?, projection.name()).await?;
    }
    Ok(lanes_of(&rows))
}

/// [`in_force`] after changing the number of lanes to what the program wants, if it differs.
pub(super) async fn settle(log: &EventLog, projection: &Arc<dyn Projection>) -> Result<Vec<Lane>, ProjectionError> {
    let lanes = in_force(log.pool(), projection.as_ref()).await?;
    if lanes.first().is_none_or(|lane| lane.lanes == projection.lanes().max(1)) {
        return Ok(lanes);
    }
    // Bring the old lanes close to each other first: what is left for the exclusive part is short.
    for lane in &lanes {
        while step::advance(log, projection, lane, WINDOW, None).await? == Stepped::Outrun {}
    }
    resize(log, projection.as_ref()).await?;
    Ok(in_force(log.pool(), projection.as_ref()).await?)
}

async fn load(db: &mut PgConnection, name: &str) -> Result<Vec<LiveRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT name, lanes, txid, position, fence FROM projection WHERE base = $1 AND role = 'live' ORDER BY name",
    )
    .bind(name)
    .fetch_all(db)
    .await?)
}

/// The living rows, locked until the transaction ends: every stepper waits, and then finds whether the fence was raised.
pub(super) async fn lock(db: &mut PgConnection, name: &str) -> Result<Vec<LiveRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT name, lanes, txid, position, fence FROM projection WHERE base = $1 AND role = 'live' ORDER BY name FOR UPDATE",
    )
    .bind(name)
    .fetch_all(db)
    .await?)
}

fn lanes_of(rows: &[LiveRow]) -> Vec<Lane> {
    rows.iter().map(|row| Lane { row: row.name.clone(), lane: row.lane(), lanes: row.lanes(), schema: None }).collect()
}

async fn create(pool: &PgPool, name: &str, lanes: u16) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    // Two programs that want different numbers of lanes must not both create theirs.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('projection/' || $1, 0))")
        .bind(name)
        .execute(&mut *transaction)
        .await?;
    if load(&mut transaction, name).await?.is_empty() {
        insert(&mut transaction, name, lanes, Position::default(), 0).await?;
    }
    Ok(transaction.commit().await?)
}

async fn insert(db: &mut PgConnection, name: &str, lanes: u16, at: Position, fence: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO projection (name, lanes, txid, position, fence) SELECT n, $2, $3, $4, $5 FROM unnest($1::text[]) AS n",
    )
    .bind(row_names(name, lanes))
    .bind(lanes_column(lanes.max(1)))
    .bind(at.txid)
    .bind(at.position)
    .bind(fence)
    .execute(db)
    .await?;
    Ok(())
}

/// Puts as many lanes in force as the program wants. Lanes stand at different places: each old one is folded up to the foremost before
/// the new ones begin there, so that no event is left out and none is folded twice.
async fn resize(log: &EventLog, projection: &dyn Projection) -> Result<(), ProjectionError> {
    let mut transaction = log.pool().begin().await?;
    let rows = lock(&mut transaction, projection.name()).await?;
    let wanted = projection.lanes().max(1);
    if rows.first().is_none_or(|row| row.lanes() == wanted) {
        return Ok(());
    }
    let foremost = rows.iter().map(LiveRow::at).max().unwrap_or_default();
    for row in &rows {
        fold_up_to(&mut transaction, projection, row, foremost).await?;
    }
    let fence = rows.iter().map(|row| row.fence).max().unwrap_or_default() + 1;
    sqlx::query("DELETE FROM projection WHERE base = $1 AND role = 'live'")
        .bind(projection.name())
        .execute(&mut *transaction)
        .await?;
    insert(&mut transaction, projection.name(), wanted, foremost, fence).await?;
    transaction.commit().await?;
    tracing::info!(projection = projection.name(), from = rows.len(), to = wanted, "the number of lanes was changed");
    Ok(())
}

async fn fold_up_to(
    db: &mut PgConnection,
    projection: &dyn Projection,
    row: &LiveRow,
    until: Position,
) -> Result<(), ProjectionError> {
    let share = Share::of(projection, row.lane(), row.lanes());
    let mut at = row.at();
    while at < until {
        let window = window::read(&mut *db, share, at, Some(until), WINDOW).await?;
        let Some(end) = window.end else { return Ok(()) };
        if !window.wanted.is_empty() {
            projection.project(&window.wanted, db).await?;
        }
        at = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lane_has_the_plain_name() {
        assert_eq!(row_names("x@1", 1), ["x@1"]);
        assert_eq!(row_names("x@1", 2), ["x@1#0", "x@1#1"]);
        let row = |name: &str| LiveRow { name: name.into(), lanes: 12, txid: 0, position: 0, fence: 0 }.lane();
        assert_eq!((row("x@1"), row("x@1#0"), row("x@1#11")), (0, 0, 11));
    }
}
