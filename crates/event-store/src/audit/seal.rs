//! The projection that seals.

use std::collections::BTreeMap;

use async_trait::async_trait;
use recado_kernel::{AccountId, Timestamp};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::rows::seal_message;
use super::{AuditKeys, Digest, Fields};
use crate::{Position, Projection, ProjectionError, RecordedEvent, StoreError};

/// Its name.
pub const AUDIT_SEAL: &str = "audit_seal@1";

/// Seals each account's events, one row per account and batch. Events that are sealed already are passed over, so a checkpoint that
/// was moved back seals nothing twice.
#[derive(Debug, Clone)]
pub struct AuditSeal {
    keys: AuditKeys,
}

impl AuditSeal {
    /// Under the installation's key.
    #[must_use]
    pub const fn new(keys: AuditKeys) -> Self {
        Self { keys }
    }
}

/// Where an account's chain ends.
struct Chain {
    next_ordinal: i64,
    head: Digest,
    last: Position,
}

struct NewSeal {
    account: AccountId,
    first_ordinal: i64,
    first: Position,
    last: Position,
    recorded_from: Timestamp,
    recorded_to: Timestamp,
    leaves: Vec<u8>,
    previous_head: Digest,
    head: Digest,
}

#[async_trait]
impl Projection for AuditSeal {
    fn name(&self) -> &'static str {
        AUDIT_SEAL
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut by_account: BTreeMap<AccountId, Vec<&RecordedEvent>> = BTreeMap::new();
        for event in batch {
            by_account.entry(event.account_id).or_default().push(event);
        }
        let accounts: Vec<Uuid> = by_account.keys().map(AccountId::as_uuid).collect();
        let chains = chains(db, &accounts).await?;
        let seals: Vec<NewSeal> =
            by_account.into_iter().filter_map(|(account, events)| seal(account, chains.get(&account), &events)).collect();
        self.store(db, &seals).await?;
        Ok(())
    }
}

fn seal(account: AccountId, chain: Option<&Chain>, events: &[&RecordedEvent]) -> Option<NewSeal> {
    let (first_ordinal, previous_head, sealed) = chain
        .map_or_else(|| (1, Digest::genesis(account), Position::default()), |chain| (chain.next_ordinal, chain.head, chain.last));
    let events: Vec<&RecordedEvent> = events.iter().copied().filter(|event| event.position > sealed).collect();
    let (first, last) = (events.first()?.position, events.last()?.position);
    let mut head = previous_head;
    let mut leaves = Vec::with_capacity(events.len() * 32);
    for event in &events {
        let leaf = Fields::of(event).leaf();
        head = head.then(leaf);
        leaves.extend_from_slice(leaf.as_bytes());
    }
    let recorded = events.iter().map(|event| event.recorded_at);
    let (recorded_from, recorded_to) = (recorded.clone().min()?, recorded.max()?);
    Some(NewSeal { account, first_ordinal, first, last, recorded_from, recorded_to, leaves, previous_head, head })
}

/// The ends of several accounts' chains in one query.
async fn chains(db: &mut PgConnection, accounts: &[Uuid]) -> Result<BTreeMap<AccountId, Chain>, StoreError> {
    let rows = sqlx::query(
        "SELECT a.id, s.first_ordinal + s.count AS next_ordinal, s.head, s.last_txid, s.last_position
           FROM unnest($1::uuid[]) AS a(id)
          CROSS JOIN LATERAL (SELECT first_ordinal, count, head, last_txid, last_position FROM audit_seal
                               WHERE account_id = a.id ORDER BY first_ordinal DESC LIMIT 1) s",
    )
    .bind(accounts)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let head =
                Digest::from_bytes(row.try_get("head")?).ok_or_else(|| StoreError::Unreadable("audit_seal.head".into()))?;
            let last = Position { txid: row.try_get("last_txid")?, position: row.try_get("last_position")? };
            Ok((AccountId::from_uuid(row.try_get("id")?), Chain { next_ordinal: row.try_get("next_ordinal")?, head, last }))
        })
        .collect()
}

impl AuditSeal {
    async fn store(&self, db: &mut PgConnection, seals: &[NewSeal]) -> Result<(), StoreError> {
        if seals.is_empty() {
            return Ok(());
        }
        let macs: Vec<Vec<u8>> = seals
            .iter()
            .map(|seal| {
                let period = (seal.recorded_from, seal.recorded_to);
                let message = seal_message(seal.account, seal.first_ordinal, period, &seal.previous_head, &seal.head);
                self.keys.mac(&[message.as_bytes(), &seal.leaves]).to_vec()
            })
            .collect();
        sqlx::query(
            "INSERT INTO audit_seal (account_id, first_ordinal, count, first_txid, first_position, last_txid, last_position,
                                     recorded_from, recorded_to, leaves, previous_head, head, mac)
             SELECT account_id, first_ordinal, octet_length(leaves) / 32, first_txid, first_position, last_txid, last_position,
                    recorded_from, recorded_to, leaves, previous_head, head, mac
               FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[],
                           $8::timestamptz[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[])
                 AS s(account_id, first_ordinal, first_txid, first_position, last_txid, last_position, recorded_from,
                      recorded_to, leaves, previous_head, head, mac)",
        )
        .bind(seals.iter().map(|s| s.account.as_uuid()).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.first_ordinal).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.first.txid).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.first.position).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.last.txid).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.last.position).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.recorded_from).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.recorded_to).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.leaves.as_slice()).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.previous_head.as_bytes().as_slice()).collect::<Vec<_>>())
        .bind(seals.iter().map(|s| s.head.as_bytes().as_slice()).collect::<Vec<_>>())
        .bind(macs)
        .execute(db)
        .await?;
        Ok(())
    }
}
