//! Writing a month: account by account, each event compared with its seal on the way.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use recado_kernel::{AccountId, Timestamp};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use super::ArchiveError;
use super::places::{self, Header, Place, Trailer, VERSION};
use crate::audit::{AuditKeys, Digest, Fields, Format, Opening, Walk, Writer};
use crate::partitions::{Month, first_id, table_of};
use crate::{Position, RecordedEvent, StoreError, limits};

/// What was written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub accounts: i64,
    pub messages: i64,
    pub events: i64,
    pub event_types: Vec<String>,
    pub last: Position,
    pub sha256: String,
}

/// An account's share of the month.
struct Share {
    account: AccountId,
    events: i64,
    first_txid: i64,
}

/// Writes the month to `path`, which is on the disk when this returns.
pub(super) async fn write(
    pool: &PgPool,
    keys: &AuditKeys,
    month: Month,
    now: Timestamp,
    path: &Path,
) -> Result<Written, ArchiveError> {
    let shares = shares(pool, month).await?;
    let mut file = Output::create(path, pool, keys, month)?;
    let header = Header {
        recado_archive: VERSION,
        month,
        first_id: file.first_id.clone(),
        until_id: file.until_id.clone(),
        made_at: now.to_rfc3339(),
    };
    file.put(&places::line(&header)?)?;
    for share in &shares {
        file.section(share, now).await?;
    }
    file.finish(i64::try_from(shares.len()).unwrap_or(i64::MAX))
}

async fn shares(pool: &PgPool, month: Month) -> Result<Vec<Share>, ArchiveError> {
    // Reads the whole month once.
    let mut db = limits::session(pool, limits::LONG).await?;
    let statement =
        format!("SELECT account_id, count(*), min(txid) FROM {} GROUP BY account_id ORDER BY account_id", table_of(month));
    let rows: Vec<(Uuid, i64, i64)> = sqlx::query_as(&statement).fetch_all(&mut db).await?;
    let share = |(account, events, first_txid)| Share { account: AccountId::from_uuid(account), events, first_txid };
    Ok(rows.into_iter().map(share).collect())
}

struct Output<'a> {
    path: &'a Path,
    pool: &'a PgPool,
    keys: &'a AuditKeys,
    month: Month,
    first_id: String,
    until_id: String,
    packed: GzEncoder<BufWriter<File>>,
    hash: Sha256,
    messages: i64,
    events: i64,
    event_types: BTreeSet<String>,
    last: Position,
}

impl<'a> Output<'a> {
    fn create(path: &'a Path, pool: &'a PgPool, keys: &'a AuditKeys, month: Month) -> Result<Self, ArchiveError> {
        let file = File::create(path).map_err(ArchiveError::file(path))?;
        Ok(Self {
            path,
            pool,
            keys,
            month,
            first_id: first_id(month),
            until_id: first_id(month.next()),
            packed: GzEncoder::new(BufWriter::new(file), Compression::default()),
            hash: Sha256::new(),
            messages: 0,
            events: 0,
            event_types: BTreeSet::new(),
            last: Position::default(),
        })
    }

    fn put(&mut self, text: &str) -> Result<(), ArchiveError> {
        self.hash.update(text.as_bytes());
        self.packed.write_all(text.as_bytes()).map_err(ArchiveError::file(self.path))
    }

    fn is_member(&self, event: &RecordedEvent) -> bool {
        let id = event.aggregate_id.as_str();
        event.aggregate_type == "message" && self.first_id.as_str() <= id && id < self.until_id.as_str()
    }

    /// The account's chain from its first event of the month to the last one; of what lies between, the hash alone.
    async fn section(&mut self, share: &Share, now: Timestamp) -> Result<(), ArchiveError> {
        let (first, mut head) = self.seal_before(share).await?;
        let mut walk = Walk::new(self.pool, self.keys, share.account, first, i64::MAX);
        let mut writer: Option<Writer> = None;
        let mut left = share.events;
        while left > 0 {
            let Some(sealed) = walk.next().await? else { return Err(ArchiveError::NotSealed(self.month)) };
            match (sealed.event.filter(|event| self.is_member(event)), &mut writer) {
                (Some(event), writer) => {
                    if writer.is_none() {
                        let opening = Opening {
                            account: share.account,
                            from: None,
                            until: None,
                            after_ordinal: sealed.ordinal - 1,
                            previous_head: head,
                            exported_at: now,
                        };
                        let (new, text) = Writer::opening(Format::Jsonl, &opening);
                        self.put(&text)?;
                        *writer = Some(new);
                    }
                    if let Some(writer) = writer {
                        let place = Place { place: (event.position.txid, event.position.position) };
                        self.put(&places::line(&place)?)?;
                        self.put(&writer.event(Fields::of(&event))?)?;
                    }
                    self.note(event);
                    left -= 1;
                }
                (None, Some(writer)) => self.put(&writer.archived(sealed.leaf))?,
                (None, None) => {}
            }
            head = sealed.head;
        }
        match writer {
            Some(writer) => self.put(&writer.end(self.keys)?),
            None => Ok(()),
        }
    }

    fn note(&mut self, event: RecordedEvent) {
        self.events += 1;
        self.messages += i64::from(event.sequence == 1);
        self.last = self.last.max(event.position);
        self.event_types.insert(event.event_type);
    }

    /// The seal with the account's first event of the month, and the head before it.
    async fn seal_before(&self, share: &Share) -> Result<(i64, Digest), ArchiveError> {
        let seal: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT first_ordinal, previous_head FROM audit_seal WHERE account_id = $1 AND last_txid >= $2
              ORDER BY first_ordinal LIMIT 1",
        )
        .bind(share.account.as_uuid())
        .bind(share.first_txid)
        .fetch_optional(self.pool)
        .await?;
        let (first, head) = seal.ok_or(ArchiveError::NotSealed(self.month))?;
        Ok((first, Digest::from_bytes(&head).ok_or_else(|| StoreError::Unreadable("audit_seal.previous_head".into()))?))
    }

    fn finish(mut self, accounts: i64) -> Result<Written, ArchiveError> {
        let sha256 = places::digest(std::mem::take(&mut self.hash)).to_string();
        let mut trailer = Trailer {
            archive_end: true,
            accounts,
            messages: self.messages,
            events: self.events,
            sha256: sha256.clone(),
            public_key: self.keys.public_key()?.to_string(),
            signature: String::new(),
        };
        trailer.signature = places::signature_text(&self.keys.sign(trailer.message().as_bytes())?);
        self.packed.write_all(places::line(&trailer)?.as_bytes()).map_err(ArchiveError::file(self.path))?;
        let file = self.packed.finish().map_err(ArchiveError::file(self.path))?;
        let file = file.into_inner().map_err(|error| ArchiveError::file(self.path)(error.into_error()))?;
        file.sync_all().map_err(ArchiveError::file(self.path))?;
        Ok(Written {
            accounts,
            messages: self.messages,
            events: self.events,
            event_types: self.event_types.into_iter().collect(),
            last: self.last,
            sha256,
        })
    }
}
