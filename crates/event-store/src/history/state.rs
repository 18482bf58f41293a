//! What a thing was at a place or at a moment: its events up to there, folded by its own rules.

use recado_kernel::{AccountId, Timestamp};
use serde_json::Value;
use sqlx::PgPool;

use super::AggregateKind;
use crate::{Position, RecordedEvent, StoreError};

/// Up to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// After the event with this sequence.
    Sequence(i64),
    /// After everything up to this place in the log.
    Position(Position),
    /// As the log knew it at this moment (`recorded_at`), the moment included.
    Moment(Timestamp),
}

impl At {
    fn includes(self, event: &RecordedEvent) -> bool {
        match self {
            Self::Sequence(sequence) => event.sequence <= sequence,
            Self::Position(position) => event.position <= position,
            Self::Moment(moment) => event.recorded_at <= moment,
        }
    }
}

/// A state, and the last event in it.
#[derive(Debug, Clone)]
pub struct StateAt {
    /// As the aggregate serialises itself; holds seals and secrets, which are not for people.
    pub state: Value,
    /// The event that made it what it is.
    pub last: RecordedEvent,
}

/// Events read at a time.
const PART: i64 = 1_000;

/// The states of one thing at several points, in the order asked for; `None` where it did not exist yet, or is not this account's. The
/// stream is read once, in parts.
///
/// # Errors
/// The database, or an event that does not fit the aggregate.
pub async fn states(
    pool: &PgPool,
    account: AccountId,
    kind: AggregateKind,
    id: &str,
    points: &[At],
) -> Result<Vec<Option<StateAt>>, StoreError> {
    let mut found: Vec<Option<StateAt>> = vec![None; points.len()];
    let mut open: Vec<usize> = (0..points.len()).collect();
    let mut folding = kind.begin();
    let mut last: Option<RecordedEvent> = None;
    loop {
        let after = last.as_ref().map_or(0, |event| event.sequence);
        let part = part(pool, account, kind.name(), id, after, PART).await?;
        let is_last = i64::try_from(part.len()).is_ok_and(|read| read < PART);
        for event in part {
            let (still_open, reached): (Vec<usize>, Vec<usize>) = open.into_iter().partition(|n| points[*n].includes(&event));
            open = still_open;
            if let (Some(last), false) = (&last, reached.is_empty()) {
                let state = folding.state()?;
                for n in reached {
                    found[n] = Some(StateAt { state: state.clone(), last: last.clone() });
                }
            }
            if open.is_empty() {
                return Ok(found);
            }
            folding.apply(&event)?;
            last = Some(event);
        }
        if is_last {
            if let Some(last) = last {
                let state = folding.state()?;
                for n in open {
                    found[n] = Some(StateAt { state: state.clone(), last: last.clone() });
                }
            }
            return Ok(found);
        }
    }
}

/// One event of an account by its key.
///
/// # Errors
/// The database, or a row that cannot be decoded.
pub async fn event_at(
    pool: &PgPool,
    account: AccountId,
    kind: &str,
    id: &str,
    sequence: i64,
) -> Result<Option<RecordedEvent>, StoreError> {
    Ok(part(pool, account, kind, id, sequence - 1, 1).await?.into_iter().find(|event| event.sequence == sequence))
}

async fn part(
    pool: &PgPool,
    account: AccountId,
    kind: &str,
    id: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<RecordedEvent>, StoreError> {
    let statement = format!(
        "SELECT {} FROM events e
          WHERE e.aggregate_type = $1 AND e.aggregate_id = $2 AND e.sequence > $3 AND e.account_id = $4 ORDER BY e.sequence LIMIT $5",
        RecordedEvent::COLUMNS
    );
    let rows =
        sqlx::query(&statement).bind(kind).bind(id).bind(after).bind(account.as_uuid()).bind(limit).fetch_all(pool).await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}
