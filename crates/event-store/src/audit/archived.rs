//! Saying, under our own key, that sealed events now live in an archive.

use std::collections::BTreeMap;

use recado_kernel::AccountId;
use sqlx::{PgConnection, PgPool};

use super::AuditKeys;
use super::rows::archived_message;
use crate::StoreError;

/// Ordinal, its seal's first ordinal and count, and an earlier mark with its MAC.
type SealOf = (i64, i64, i64, Option<Vec<u8>>, Option<Vec<u8>>);

/// [`mark_archived_in_tx`] in a transaction of its own.
///
/// # Errors
/// The database, or an ordinal that is not sealed.
pub async fn mark_archived(pool: &PgPool, keys: &AuditKeys, account: AccountId, ordinals: &[i64]) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    mark_archived_in_tx(&mut transaction, keys, account, ordinals).await?;
    transaction.commit().await?;
    Ok(())
}

/// Takes marks away again: the events are back in the log, and their absence is a removal.
///
/// # Errors
/// As [`mark_archived`].
pub async fn unmark_archived(pool: &PgPool, keys: &AuditKeys, account: AccountId, ordinals: &[i64]) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    set_marks(&mut transaction, keys, account, ordinals, false).await?;
    transaction.commit().await?;
    Ok(())
}

/// Marks events of an account, by ordinal, as moved into an archive: from the commit on their absence is no removal, and exports show
/// their hash alone once they are gone. Mark them before they leave the log, in short transactions. Earlier marks stay.
///
/// # Errors
/// The database, an ordinal that is not sealed, or an earlier mark that is not ours.
pub async fn mark_archived_in_tx(
    db: &mut PgConnection,
    keys: &AuditKeys,
    account: AccountId,
    ordinals: &[i64],
) -> Result<(), StoreError> {
    set_marks(db, keys, account, ordinals, true).await
}

async fn set_marks(
    db: &mut PgConnection,
    keys: &AuditKeys,
    account: AccountId,
    ordinals: &[i64],
    archived: bool,
) -> Result<(), StoreError> {
    let mut by_seal: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    let seals: Vec<SealOf> = sqlx::query_as(
        "SELECT o.ordinal, s.first_ordinal, s.count, a.bits, a.mac
           FROM unnest($2::bigint[]) AS o(ordinal)
          CROSS JOIN LATERAL (SELECT first_ordinal, count FROM audit_seal
                               WHERE account_id = $1 AND first_ordinal <= o.ordinal ORDER BY first_ordinal DESC LIMIT 1) s
           LEFT JOIN audit_archived a ON a.account_id = $1 AND a.first_ordinal = s.first_ordinal
          WHERE o.ordinal < s.first_ordinal + s.count",
    )
    .bind(account.as_uuid())
    .bind(ordinals)
    .fetch_all(&mut *db)
    .await?;
    if seals.len() != ordinals.len() {
        return Err(StoreError::Unreadable("an event that is not sealed cannot be archived".into()));
    }
    for (ordinal, first, count, bits, mac) in seals {
        let message = archived_message(account, first);
        if let (Some(bits), Some(mac)) = (&bits, &mac)
            && !keys.mac_is(&[message.as_bytes(), bits], mac)
        {
            return Err(StoreError::Unreadable(format!("the mark of archived events from number {first} on was edited")));
        }
        let width = usize::try_from(count).unwrap_or_default().div_ceil(8);
        let bits = by_seal.entry(first).or_insert_with(|| bits.unwrap_or_else(|| vec![0; width]));
        let n = usize::try_from(ordinal - first).unwrap_or_default();
        if let Some(byte) = bits.get_mut(n / 8) {
            let bit = 1 << (n % 8);
            *byte = if archived { *byte | bit } else { *byte & !bit };
        }
    }
    let macs: Vec<Vec<u8>> =
        by_seal.iter().map(|(first, bits)| keys.mac(&[archived_message(account, *first).as_bytes(), bits]).to_vec()).collect();
    sqlx::query(
        "INSERT INTO audit_archived (account_id, first_ordinal, bits, mac)
         SELECT $1, n.first_ordinal, n.bits, n.mac FROM unnest($2::bigint[], $3::bytea[], $4::bytea[]) AS n(first_ordinal, bits, mac)
         ON CONFLICT (account_id, first_ordinal) DO UPDATE SET bits = excluded.bits, mac = excluded.mac",
    )
    .bind(account.as_uuid())
    .bind(by_seal.keys().copied().collect::<Vec<_>>())
    .bind(by_seal.values().map(Vec::as_slice).collect::<Vec<_>>())
    .bind(macs)
    .execute(db)
    .await?;
    Ok(())
}
