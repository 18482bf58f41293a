//! The whole log compared with its seals.

use std::fmt;

use recado_kernel::AccountId;
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::rows::SealRow;
use super::walk::events_between;
use super::{AuditKeys, Walk, WalkError, sealed_up_to};
use crate::{Position, RecordedEvent, StoreError};

/// What was done to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tampering {
    /// An event says something else than when it was sealed.
    Changed,
    /// A sealed event is not there any more.
    Removed,
    /// An event stands where none was sealed.
    Inserted,
    /// Events stand in another order.
    Reordered,
    /// A seal itself was edited.
    SealChanged,
    /// A seal is gone.
    SealRemoved,
}

/// The first thing that is wrong with an account's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whose.
    pub account: Uuid,
    /// Number of the event within the account, where one was sealed.
    pub ordinal: Option<i64>,
    /// What.
    pub tampering: Tampering,
    /// The event found at the place, `aggregate_type/aggregate_id#sequence event_type`.
    pub event: Option<String>,
    /// Its global position.
    pub position: Option<i64>,
}

impl Finding {
    pub(super) fn event(account: AccountId, ordinal: Option<i64>, tampering: Tampering, event: Option<&RecordedEvent>) -> Self {
        let name = |e: &RecordedEvent| format!("{}/{}#{} {}", e.aggregate_type, e.aggregate_id, e.sequence, e.event_type);
        let position = event.map(|event| event.position.position);
        Self { account: account.as_uuid(), ordinal, tampering, event: event.map(name), position }
    }

    pub(super) fn seal(row: &SealRow) -> Self {
        Self::event(row.account, Some(row.first_ordinal), Tampering::SealChanged, None)
    }

    pub(super) fn missing_seal(account: AccountId, ordinal: i64) -> Self {
        Self::event(account, Some(ordinal), Tampering::SealRemoved, None)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = self.account;
        let ordinal = self.ordinal.unwrap_or_default();
        let event = match (&self.event, self.position) {
            (Some(event), Some(position)) => format!("{event} at position {position}"),
            _ => String::new(),
        };
        match self.tampering {
            Tampering::Changed => write!(f, "account {account}: event number {ordinal} was changed: {event}"),
            Tampering::Removed => write!(f, "account {account}: event number {ordinal} was removed"),
            Tampering::Inserted => write!(f, "account {account}: an event that was never sealed was inserted: {event}"),
            Tampering::Reordered => write!(f, "account {account}: from event number {ordinal} on the order was changed: {event}"),
            Tampering::SealChanged => {
                write!(f, "account {account}: the seal that begins with event number {ordinal} was edited")
            }
            Tampering::SealRemoved => write!(f, "account {account}: the seal of event number {ordinal} was removed"),
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Checked {
    /// Accounts looked at.
    pub accounts: u64,
    /// Sealed events compared.
    pub events: u64,
    /// Of these, how many were moved into archives: their files prove them.
    pub archived: u64,
    /// The first thing wrong with each account's chain.
    pub findings: Vec<Finding>,
}

/// Recomputes every chain.
///
/// # Errors
/// The database.
pub async fn check(pool: &PgPool, keys: &AuditKeys) -> Result<Checked, StoreError> {
    let mut checked = Checked::default();
    let mut last = None;
    while let Some(account) = next_account(pool, last).await? {
        check_account(pool, keys, account, &mut checked).await?;
        last = Some(account);
    }
    Ok(checked)
}

/// The same for one account, added to `checked`.
///
/// # Errors
/// The database.
pub async fn check_account(pool: &PgPool, keys: &AuditKeys, account: AccountId, checked: &mut Checked) -> Result<(), StoreError> {
    // First: what is sealed meanwhile must not look unsealed.
    let sealed = sealed_up_to(pool).await?;
    checked.accounts += 1;
    let mut walk = Walk::new(pool, keys, account, 1, i64::MAX);
    loop {
        match walk.next().await {
            Ok(Some(event)) => {
                checked.events += 1;
                checked.archived += u64::from(event.event.is_none());
            }
            Ok(None) => break,
            Err(WalkError::Tampered(finding)) => {
                checked.findings.push(*finding);
                return Ok(());
            }
            Err(WalkError::Store(error)) => return Err(error),
        }
    }
    let unsealed = unsealed(pool, account, walk.reached(), sealed).await?;
    checked.findings.extend(unsealed.map(|event| Finding::event(account, None, Tampering::Inserted, Some(&event))));
    Ok(())
}

/// An event the sealing has passed without sealing it.
async fn unsealed(
    pool: &PgPool,
    account: AccountId,
    after: Position,
    sealed: Position,
) -> Result<Option<RecordedEvent>, StoreError> {
    Ok(events_between(pool, account, after, sealed, 1).await?.pop())
}

/// Accounts one after the other: those with events and those with seals.
async fn next_account(pool: &PgPool, after: Option<AccountId>) -> Result<Option<AccountId>, StoreError> {
    let next: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM (
             (SELECT account_id AS id FROM events WHERE $1::uuid IS NULL OR account_id > $1 ORDER BY account_id LIMIT 1)
             UNION ALL
             (SELECT account_id AS id FROM audit_seal WHERE $1::uuid IS NULL OR account_id > $1 ORDER BY account_id LIMIT 1)) found
          ORDER BY id LIMIT 1",
    )
    .bind(after.map(|account| account.as_uuid()))
    .fetch_optional(pool)
    .await?;
    Ok(next.map(AccountId::from_uuid))
}
