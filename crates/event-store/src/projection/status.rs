//! How far projections are, for people and machines. Cheap: nothing is counted over the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use recado_kernel::Timestamp;
use serde::Serialize;
use sqlx::PgPool;

use super::Projection;
use crate::{Position, StoreError};

/// What a projection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Tables that are read; they can be built anew.
    ReadModel,
    /// Turns events into work; it cannot be built anew.
    Reactor,
}

/// Where one set of tables stands: living, being built, or retired.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// How many lanes fold.
    pub lanes: u16,
    /// The slowest lane's checkpoint.
    pub position: Position,
    /// Events behind the end of the log; at most this many, because positions have holes.
    pub lag_events: i64,
    /// How long the oldest event that was not read has been waiting, in seconds; 0 when all is read.
    pub lag_seconds: f64,
    /// Why it stopped, if it did: the poison event is named.
    pub stopped: Option<String>,
    /// When the checkpoint last moved.
    pub updated_at: Timestamp,
}

/// One projection with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectionStatus {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// The tables that serve.
    pub live: Standing,
    /// A rebuild that was begun and not put in place yet.
    pub rebuild: Option<Standing>,
    /// Tables a rollback can put back.
    pub retired: Option<Standing>,
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    base: String,
    role: String,
    lanes: i16,
    txid: i64,
    position: i64,
    status: String,
    error: Option<String>,
    updated_at: Timestamp,
    lag_events: i64,
    lag_seconds: f64,
}

/// Those of `projections` that were ever folded here, by name. Rows of programs that are no more are left out.
///
/// # Errors
/// The database.
pub async fn statuses(pool: &PgPool, projections: &[Arc<dyn Projection>]) -> Result<Vec<ProjectionStatus>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "WITH newest AS (SELECT e.txid, e.global_position FROM events e ORDER BY e.txid DESC, e.global_position DESC LIMIT 1)
         SELECT p.name, p.base, p.role, p.lanes, p.txid, p.position, p.status, p.error, p.updated_at,
                CASE WHEN (n.txid, n.global_position) > (p.txid, p.position) THEN GREATEST(n.global_position - p.position, 1) ELSE 0 END AS lag_events,
                COALESCE(GREATEST(EXTRACT(EPOCH FROM clock_timestamp() -
                    (SELECT e.recorded_at FROM events e WHERE (e.txid, e.global_position) > (p.txid, p.position)
                      ORDER BY e.txid, e.global_position LIMIT 1)), 0), 0)::float8 AS lag_seconds
           FROM projection p LEFT JOIN newest n ON true ORDER BY p.name",
    )
    .fetch_all(pool)
    .await?;
    let mut found: BTreeMap<String, BTreeMap<String, Standing>> = BTreeMap::new();
    for row in rows {
        let of_role = found.entry(row.base.clone()).or_default();
        let role = row.role.clone();
        let standing = standing(row);
        match of_role.get_mut(&role) {
            None => drop(of_role.insert(role, standing)),
            Some(known) => known.join(standing),
        }
    }
    Ok(found
        .into_iter()
        .filter_map(|(name, mut roles)| {
            let program = projections.iter().find(|projection| projection.name() == name)?;
            let kind = if program.tables().is_empty() { Kind::Reactor } else { Kind::ReadModel };
            let live = roles.remove("live")?;
            Some(ProjectionStatus { name, kind, live, rebuild: roles.remove("rebuild"), retired: roles.remove("retired") })
        })
        .collect())
}

fn standing(row: Row) -> Standing {
    let stopped = (row.status == "stopped").then(|| {
        let error = row.error.unwrap_or_else(|| "no reason recorded".to_owned());
        if row.lanes > 1 { format!("{}: {error}", row.name) } else { error }
    });
    Standing {
        lanes: u16::try_from(row.lanes).unwrap_or(1),
        position: Position { txid: row.txid, position: row.position },
        lag_events: row.lag_events,
        lag_seconds: row.lag_seconds,
        stopped,
        updated_at: row.updated_at,
    }
}

impl Standing {
    /// Together they are as far as the slowest of them.
    fn join(&mut self, other: Self) {
        self.position = self.position.min(other.position);
        self.lag_events = self.lag_events.max(other.lag_events);
        self.lag_seconds = self.lag_seconds.max(other.lag_seconds);
        self.updated_at = self.updated_at.max(other.updated_at);
        self.stopped = match (self.stopped.take(), other.stopped) {
            (Some(one), Some(two)) => Some(format!("{one}; {two}")),
            (one, two) => one.or(two),
        };
    }
}
