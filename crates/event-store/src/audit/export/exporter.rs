//! A period of an account's history, from the database, piece by piece.

use recado_kernel::{AccountId, Timestamp};
use sqlx::PgPool;

use super::{Format, Opening, Writer};
use crate::StoreError;
use crate::audit::rows::seals_from;
use crate::audit::{AuditKeys, Digest, Fields, Finding, Period, Sealed, Walk, WalkError, seal_state};

/// Why there is no file, or only the beginning of one.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ExportError {
    /// The log is not what was sealed: nothing is exported as if it were.
    #[error("the history is not what was sealed, so it is not exported: {0}")]
    Tampered(Box<Finding>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<WalkError> for ExportError {
    fn from(error: WalkError) -> Self {
        match error {
            WalkError::Tampered(finding) => Self::Tampered(finding),
            WalkError::Store(error) => Self::Store(error),
        }
    }
}

/// About this many bytes make a piece.
const PIECE: usize = 64 * 1024;

/// Gives the file in pieces; memory does not grow with its size.
#[derive(Debug)]
pub struct Exporter {
    keys: AuditKeys,
    walk: Walk,
    opening: Opening,
    last_ordinal: i64,
    beginning: Option<String>,
    writer: Option<Writer>,
}

impl Exporter {
    /// Finds the period's events: every sealed event the log learnt of within it, and those between them.
    ///
    /// # Errors
    /// The database, or a log that is not what was sealed.
    pub async fn begin(
        pool: &PgPool,
        keys: &AuditKeys,
        account: AccountId,
        period: Period,
        format: Format,
        now: Timestamp,
    ) -> Result<Self, ExportError> {
        let sealed = seal_state(pool, account).await?.map_or(0, |state| state.last_ordinal);
        let first = first_in(pool, keys, account, period.from).await?.unwrap_or(sealed + 1);
        let last = match period.until {
            None => sealed,
            Some(until) => last_before(pool, keys, account, until).await?,
        };
        let last_ordinal = last.max(first - 1);
        let opening = Opening {
            account,
            from: period.from,
            until: period.until,
            after_ordinal: first - 1,
            previous_head: head_after(pool, account, first - 1).await?,
            exported_at: now,
        };
        let walk = Walk::new(pool, keys, account, first, last_ordinal);
        let (writer, beginning) = Writer::opening(format, &opening);
        Ok(Self { keys: keys.clone(), walk, opening, last_ordinal, beginning: Some(beginning), writer: Some(writer) })
    }

    /// What the file will hold.
    #[must_use]
    pub const fn opening(&self) -> &Opening {
        &self.opening
    }

    /// How many events it will hold.
    #[must_use]
    pub const fn events(&self) -> i64 {
        self.last_ordinal - self.opening.after_ordinal
    }

    /// The next piece; `None` after the end. A file that breaks off without its last line does not verify.
    ///
    /// # Errors
    /// The database, or an event that is not as it was sealed.
    pub async fn next(&mut self) -> Result<Option<String>, ExportError> {
        let Some(writer) = &mut self.writer else { return Ok(None) };
        let mut piece = self.beginning.take().unwrap_or_default();
        while piece.len() < PIECE {
            match self.walk.next().await? {
                Some(Sealed { event: Some(event), .. }) => piece.push_str(&writer.event(Fields::of(&event))?),
                Some(Sealed { leaf, .. }) => piece.push_str(&writer.archived(leaf)),
                None => {
                    if let Some(writer) = self.writer.take() {
                        piece.push_str(&writer.end(&self.keys)?);
                    }
                    break;
                }
            }
        }
        Ok(Some(piece))
    }
}

/// The first event the log learnt of at `from` or later. Events in archives count: their moments are not here.
async fn first_in(
    pool: &PgPool,
    keys: &AuditKeys,
    account: AccountId,
    from: Option<Timestamp>,
) -> Result<Option<i64>, ExportError> {
    let Some(from) = from else { return Ok(Some(1)) };
    let seal: Option<i64> = sqlx::query_scalar(
        "SELECT first_ordinal FROM audit_seal WHERE account_id = $1 AND recorded_to >= $2 ORDER BY first_ordinal LIMIT 1",
    )
    .bind(account.as_uuid())
    .bind(from)
    .fetch_optional(pool)
    .await
    .map_err(StoreError::from)?;
    let Some(seal) = seal else { return Ok(None) };
    let mut walk = Walk::new(pool, keys, account, seal, i64::MAX);
    while let Some(sealed) = walk.next().await? {
        if sealed.event.as_ref().is_none_or(|event| event.recorded_at >= from) {
            return Ok(Some(sealed.ordinal));
        }
    }
    Ok(None)
}

/// The last event the log learnt of before `until`; 0 when there is none.
async fn last_before(pool: &PgPool, keys: &AuditKeys, account: AccountId, until: Timestamp) -> Result<i64, ExportError> {
    let seal: Option<(i64, i64)> = sqlx::query_as(
        "SELECT first_ordinal, first_ordinal + count - 1 FROM audit_seal
          WHERE account_id = $1 AND recorded_from < $2 ORDER BY first_ordinal DESC LIMIT 1",
    )
    .bind(account.as_uuid())
    .bind(until)
    .fetch_optional(pool)
    .await
    .map_err(StoreError::from)?;
    let Some((first, last)) = seal else { return Ok(0) };
    let mut walk = Walk::new(pool, keys, account, first, last);
    let mut found = first - 1;
    while let Some(sealed) = walk.next().await? {
        if sealed.event.as_ref().is_none_or(|event| event.recorded_at < until) {
            found = sealed.ordinal;
        }
    }
    Ok(found)
}

/// The chain's head after an event, from its seal.
pub(crate) async fn head_after(pool: &PgPool, account: AccountId, ordinal: i64) -> Result<Digest, StoreError> {
    if ordinal < 1 {
        return Ok(Digest::genesis(account));
    }
    let row = seals_from(pool, account, ordinal).await?.into_iter().next();
    let row = row.filter(|row| row.first_ordinal <= ordinal && ordinal <= row.last_ordinal());
    let row = row.ok_or_else(|| StoreError::Unreadable(format!("event number {ordinal} of the account is not sealed")))?;
    let until = usize::try_from(ordinal - row.first_ordinal).unwrap_or_default();
    Ok(row.leaves.iter().take(until + 1).fold(row.previous_head, |head, leaf| head.then(*leaf)))
}
