//! Seals as they are stored.

use recado_kernel::{AccountId, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};

use super::{AuditKeys, Digest};
use crate::{Position, StoreError};

/// One row of `audit_seal`, with what was archived of it.
#[derive(Debug, Clone)]
pub(super) struct SealRow {
    pub account: AccountId,
    pub first_ordinal: i64,
    pub first: Position,
    pub last: Position,
    pub recorded_from: Timestamp,
    pub recorded_to: Timestamp,
    pub leaves: Vec<Digest>,
    pub previous_head: Digest,
    pub head: Digest,
    pub mac: Vec<u8>,
    pub archived: Option<(Vec<u8>, Vec<u8>)>,
}

impl SealRow {
    pub(super) fn last_ordinal(&self) -> i64 {
        self.first_ordinal + i64::try_from(self.leaves.len()).unwrap_or(i64::MAX) - 1
    }

    /// The head that follows from the leaves.
    pub(super) fn computed_head(&self) -> Digest {
        self.leaves.iter().fold(self.previous_head, |head, leaf| head.then(*leaf))
    }

    /// Was the event with this ordinal moved into an archive?
    pub(super) fn is_archived(&self, ordinal: i64) -> bool {
        let Some((bits, _)) = &self.archived else { return false };
        let Ok(n) = usize::try_from(ordinal - self.first_ordinal) else { return false };
        bits.get(n / 8).is_some_and(|byte| byte >> (n % 8) & 1 == 1)
    }

    /// Is the row what we wrote?
    pub(super) fn is_ours(&self, keys: &AuditKeys) -> bool {
        let leaves: Vec<u8> = self.leaves.iter().flat_map(|leaf| *leaf.as_bytes()).collect();
        let period = (self.recorded_from, self.recorded_to);
        let message = seal_message(self.account, self.first_ordinal, period, &self.previous_head, &self.head);
        keys.mac_is(&[message.as_bytes(), &leaves], &self.mac)
    }

    /// Is the mark of what was archived ours?
    pub(super) fn archived_is_ours(&self, keys: &AuditKeys) -> bool {
        self.archived
            .as_ref()
            .is_none_or(|(bits, mac)| keys.mac_is(&[archived_message(self.account, self.first_ordinal).as_bytes(), bits], mac))
    }

    fn from_row(row: &PgRow) -> Result<Self, StoreError> {
        let unreadable = |what: &str| StoreError::Unreadable(format!("audit_seal.{what}"));
        let digest =
            |name: &str| -> Result<Digest, StoreError> { Digest::from_bytes(row.try_get(name)?).ok_or_else(|| unreadable(name)) };
        let leaves: &[u8] = row.try_get("leaves")?;
        let bits: Option<Vec<u8>> = row.try_get("bits")?;
        let bits_mac: Option<Vec<u8>> = row.try_get("bits_mac")?;
        Ok(Self {
            account: AccountId::from_uuid(row.try_get("account_id")?),
            first_ordinal: row.try_get("first_ordinal")?,
            first: Position { txid: row.try_get("first_txid")?, position: row.try_get("first_position")? },
            last: Position { txid: row.try_get("last_txid")?, position: row.try_get("last_position")? },
            recorded_from: row.try_get("recorded_from")?,
            recorded_to: row.try_get("recorded_to")?,
            leaves: leaves.chunks_exact(32).filter_map(Digest::from_bytes).collect(),
            previous_head: digest("previous_head")?,
            head: digest("head")?,
            mac: row.try_get("mac")?,
            archived: bits.zip(bits_mac),
        })
    }
}

/// What a seal's MAC covers, together with the leaves. The places in the log are not part of it (see `fields`).
pub(super) fn seal_message(
    account: AccountId,
    first_ordinal: i64,
    (from, to): (Timestamp, Timestamp),
    previous_head: &Digest,
    head: &Digest,
) -> String {
    let (from, to) = (from.timestamp_micros(), to.timestamp_micros());
    format!("recado.audit.seal.1\n{account}\n{first_ordinal}\n{from}\n{to}\n{previous_head}\n{head}\n")
}

/// What the MAC of archived events covers, together with the bits.
pub(super) fn archived_message(account: AccountId, first_ordinal: i64) -> String {
    format!("recado.audit.archived.1\n{account}\n{first_ordinal}\n")
}

/// The seals that hold `ordinal` and what follows: as many as make about 1,000 events, at least one.
pub(super) async fn seals_from(pool: &PgPool, account: AccountId, ordinal: i64) -> Result<Vec<SealRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.*, a.bits, a.mac AS bits_mac
           FROM (SELECT p.*, sum(p.count) OVER (ORDER BY p.first_ordinal) - p.count AS before
                   FROM (SELECT * FROM audit_seal
                          WHERE account_id = $1
                            AND first_ordinal >= COALESCE((SELECT max(first_ordinal) FROM audit_seal WHERE account_id = $1 AND first_ordinal <= $2), $2)
                            AND first_ordinal + count > $2
                          ORDER BY first_ordinal LIMIT 500) p) s
           LEFT JOIN audit_archived a ON a.account_id = s.account_id AND a.first_ordinal = s.first_ordinal
          WHERE s.before < 1000
          ORDER BY s.first_ordinal",
    )
    .bind(account.as_uuid())
    .bind(ordinal)
    .fetch_all(pool)
    .await?;
    rows.iter().map(SealRow::from_row).collect()
}
