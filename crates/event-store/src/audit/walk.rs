//! An account's sealed events in order, each compared with its seal on the way.

use std::collections::{HashSet, VecDeque};

use recado_kernel::AccountId;
use sqlx::PgPool;

use super::check::{Finding, Tampering};
use super::rows::{SealRow, seals_from};
use super::{AuditKeys, Digest, Fields};
use crate::{Position, RecordedEvent, StoreError};

/// One sealed event.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// 1, 2, 3 … within the account.
    pub ordinal: i64,
    /// Its hash.
    pub leaf: Digest,
    /// The chain's head after it.
    pub head: Digest,
    /// The event; `None` when it was moved into an archive and is not in the log any more.
    pub event: Option<RecordedEvent>,
}

/// Why a walk stopped.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WalkError {
    /// The log is not what was sealed.
    #[error("{0}")]
    Tampered(Box<Finding>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Walks over an account's chain; holds about a thousand events at a time.
#[derive(Debug)]
pub struct Walk {
    pool: PgPool,
    keys: AuditKeys,
    account: AccountId,
    next_ordinal: i64,
    last_ordinal: i64,
    /// End of the seal before, with its head; `None` where the walk begins in the middle of a chain.
    reached: Option<(Position, Digest)>,
    ready: VecDeque<Sealed>,
}

impl Walk {
    /// From event `first` to event `last`, both by ordinal. From 1 on everything is compared; from later on, everything after `first`'s
    /// own seal began.
    #[must_use]
    pub fn new(pool: &PgPool, keys: &AuditKeys, account: AccountId, first: i64, last: i64) -> Self {
        let reached = (first <= 1).then(|| (Position::default(), Digest::genesis(account)));
        let keys = keys.clone();
        Self {
            pool: pool.clone(),
            keys,
            account,
            next_ordinal: first.max(1),
            last_ordinal: last,
            reached,
            ready: VecDeque::new(),
        }
    }

    /// The next event; `None` after the last.
    ///
    /// # Errors
    /// [`WalkError::Tampered`] names the first event that is not as it was sealed; the database.
    pub async fn next(&mut self) -> Result<Option<Sealed>, WalkError> {
        loop {
            if let Some(sealed) = self.ready.pop_front() {
                if sealed.ordinal < self.next_ordinal {
                    continue;
                }
                if sealed.ordinal > self.last_ordinal {
                    self.ready.clear();
                    return Ok(None);
                }
                self.next_ordinal = sealed.ordinal + 1;
                return Ok(Some(sealed));
            }
            if self.next_ordinal > self.last_ordinal || !self.fill().await? {
                return Ok(None);
            }
        }
    }

    /// Up to where in the log the walk has come.
    pub(super) fn reached(&self) -> Position {
        self.reached.map(|(position, _)| position).unwrap_or_default()
    }

    async fn fill(&mut self) -> Result<bool, WalkError> {
        let rows = seals_from(&self.pool, self.account, self.next_ordinal).await?;
        let Some(first) = rows.first() else { return Ok(false) };
        let (after, head) = self.reached.unwrap_or((before(first.first), first.previous_head));
        let expected = if self.reached.is_some() { self.next_ordinal } else { first.first_ordinal };
        let (sound, flaw) = sound_rows(&self.keys, &rows, expected, head);
        let Some(last) = rows[..sound].last() else {
            return Err(WalkError::Tampered(Box::new(flaw.unwrap_or_else(|| Finding::seal(first)))));
        };
        let wanted: Vec<(i64, Digest, bool)> = rows[..sound].iter().flat_map(leaves).collect();
        let found = events_between(&self.pool, self.account, after, last.last, wanted.len() + SPARE).await?;
        let compared = compare(self.account, head, &wanted, found).map_err(|finding| WalkError::Tampered(Box::new(finding)))?;
        if let Some(flaw) = flaw {
            return Err(WalkError::Tampered(Box::new(flaw)));
        }
        self.reached = Some((last.last, last.head));
        self.ready = compared.into();
        Ok(true)
    }
}

/// Events beyond the expected ones that are read, so that insertions are seen.
const SPARE: usize = 1_000;

/// The place just before.
const fn before(place: Position) -> Position {
    Position { txid: place.txid, position: place.position - 1 }
}

fn leaves(row: &SealRow) -> impl Iterator<Item = (i64, Digest, bool)> {
    (row.first_ordinal..).zip(&row.leaves).map(|(ordinal, leaf)| (ordinal, *leaf, row.is_archived(ordinal)))
}

/// How many of the rows are what we wrote and follow each other, and what is wrong with the next.
fn sound_rows(keys: &AuditKeys, rows: &[SealRow], mut ordinal: i64, mut head: Digest) -> (usize, Option<Finding>) {
    for (n, row) in rows.iter().enumerate() {
        if row.first_ordinal != ordinal {
            return (n, Some(Finding::missing_seal(row.account, ordinal)));
        }
        if row.previous_head != head || row.computed_head() != row.head || !row.is_ours(keys) || !row.archived_is_ours(keys) {
            return (n, Some(Finding::seal(row)));
        }
        (ordinal, head) = (row.last_ordinal() + 1, row.head);
    }
    (rows.len(), None)
}

/// Lays found events beside what was sealed; names the first difference.
fn compare(
    account: AccountId,
    mut head: Digest,
    wanted: &[(i64, Digest, bool)],
    found: Vec<RecordedEvent>,
) -> Result<Vec<Sealed>, Finding> {
    let found: Vec<(Digest, RecordedEvent)> = found.into_iter().map(|event| (Fields::of(&event).leaf(), event)).collect();
    // What is marked as archived may be gone; while it is moved out or back in, it is still or again there.
    let here: HashSet<Digest> = found.iter().map(|(leaf, _)| *leaf).collect();
    let is_present = |leaf: &Digest, archived: bool| !archived || here.contains(leaf);
    let present: Vec<(i64, Digest)> = wanted
        .iter()
        .filter(|(_, leaf, archived)| is_present(leaf, *archived))
        .map(|(ordinal, leaf, _)| (*ordinal, *leaf))
        .collect();
    let same = present.iter().zip(&found).take_while(|((_, sealed), (leaf, _))| sealed == leaf).count();
    match (present.get(same), found.get(same)) {
        (None, None) => {}
        (Some((ordinal, _)), None) => return Err(Finding::event(account, Some(*ordinal), Tampering::Removed, None)),
        (None, Some((_, event))) => return Err(Finding::event(account, None, Tampering::Inserted, Some(event))),
        (Some((ordinal, sealed)), Some((leaf, event))) => {
            let comes_later = found[same + 1..].iter().any(|(later, _)| later == sealed);
            let belongs_later = present[same + 1..].iter().any(|(_, later)| later == leaf);
            return Err(match (comes_later, belongs_later) {
                (true, true) => Finding::event(account, Some(*ordinal), Tampering::Reordered, Some(event)),
                (true, false) => Finding::event(account, None, Tampering::Inserted, Some(event)),
                (false, true) => Finding::event(account, Some(*ordinal), Tampering::Removed, None),
                (false, false) => Finding::event(account, Some(*ordinal), Tampering::Changed, Some(event)),
            });
        }
    }
    let mut events = found.into_iter();
    let sealed = wanted.iter().map(|(ordinal, leaf, archived)| {
        head = head.then(*leaf);
        let event = if is_present(leaf, *archived) { events.next().map(|(_, event)| event) } else { None };
        Sealed { ordinal: *ordinal, leaf: *leaf, head, event }
    });
    Ok(sealed.collect())
}

/// An account's events after `after`, up to and including `up_to`, in reading order.
pub(super) async fn events_between(
    pool: &PgPool,
    account: AccountId,
    after: Position,
    up_to: Position,
    limit: usize,
) -> Result<Vec<RecordedEvent>, StoreError> {
    // Range and limit as in `projection::window`, for the planner's sake.
    let statement = format!(
        "SELECT {} FROM events e
          WHERE e.account_id = $1 AND (e.txid, e.global_position) > ((SELECT $2::bigint), (SELECT $3::bigint))
            AND (e.txid, e.global_position) <= ((SELECT $4::bigint), (SELECT $5::bigint))
          ORDER BY e.txid, e.global_position LIMIT {limit}",
        RecordedEvent::COLUMNS
    );
    let rows = sqlx::query(&statement)
        .bind(account.as_uuid())
        .bind(after.txid)
        .bind(after.position)
        .bind(up_to.txid)
        .bind(up_to.position)
        .fetch_all(pool)
        .await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}
