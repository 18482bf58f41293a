//! A month back into the log.

use std::path::Path;

use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use super::file::{ArchiveReader, EventLine, Item, broken};
use super::{ArchiveError, ArchiveState, ArchiveVerified, Archived, detach, list, lock, run, verify_file};
use crate::audit::{AuditKeys, Verified, head_after, unmark_archived};
use crate::partitions::{Month, table_of};
use crate::{Position, StoreError, limits};

const BATCH: usize = 500;

/// What was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Which month.
    pub month: Month,
    /// How many events.
    pub events: i64,
    /// Read from the file, or still in the database.
    pub from_file: bool,
}

/// Puts the month of an archive back into the log; where the month was not dropped its table is used and the file only proves what it
/// must hold. Every event is compared with the sealed chain before anybody can see it. A run that was cut off is gone on with. Nobody else
/// archives or restores meanwhile.
///
/// # Errors
/// A file that is broken, or of another installation; [`ArchiveError::NotArchived`]; [`ArchiveError::Busy`]; the database.
pub async fn restore(pool: &PgPool, keys: &AuditKeys, path: &Path) -> Result<Restored, ArchiveError> {
    let verified = verify_file(path, Some(keys.public_key()?))?;
    lock::alone(pool, restore_alone(pool, keys, path, &verified)).await
}

async fn restore_alone(
    pool: &PgPool,
    keys: &AuditKeys,
    path: &Path,
    verified: &ArchiveVerified,
) -> Result<Restored, ArchiveError> {
    let month = verified.month;
    let archived = list(pool).await?.into_iter().find(|one| one.month == month && one.state.is_out());
    let archived = archived.ok_or(ArchiveError::NotArchived(month))?;
    if archived.sha256.as_deref() != Some(verified.sha256.as_str()) {
        let why = format!(
            "the month was archived in {} with the hash {}",
            archived.file.unwrap_or_default(),
            archived.sha256.unwrap_or_default()
        );
        return Err(ArchiveError::Foreign { path: path.to_owned(), why });
    }
    let from_file = archived.state != ArchiveState::Detached;
    if archived.is_out() {
        if from_file {
            read_back(pool, path, keys, &archived, verified).await?;
        }
        detach::attach(pool, month).await?;
    }
    run::for_each_account(path, keys, async |account, ordinals| unmark_archived(pool, keys, account, ordinals).await).await?;
    // Last of all: until then running it again takes away the marks that are left.
    let done = sqlx::query("DELETE FROM message_archive WHERE month = $1 AND state = 'restoring' AND detached_at IS NULL")
        .bind(month.to_string())
        .execute(pool)
        .await?;
    run::only_this(month, &done)?;
    Ok(Restored { month, events: archived.events, from_file })
}

async fn read_back(
    pool: &PgPool,
    path: &Path,
    keys: &AuditKeys,
    archived: &Archived,
    verified: &ArchiveVerified,
) -> Result<(), ArchiveError> {
    let table = table_of(archived.month);
    let begun = sqlx::query(
        "UPDATE message_archive SET state = 'restoring', detached_at = COALESCE(detached_at, clock_timestamp())
          WHERE month = $1 AND state IN ('dropped', 'restoring')",
    )
    .bind(archived.month.to_string())
    .execute(pool)
    .await?;
    run::only_this(archived.month, &begun)?;
    let mut db = limits::session(pool, limits::LONG).await?;
    for statement in [
        // A run before was cut off.
        format!("DROP TABLE IF EXISTS archive.{table}"),
        format!("CREATE TABLE archive.{table} (LIKE events_message INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)"),
    ] {
        sqlx::query(&statement).execute(&mut db).await?;
    }
    let mut reader = ArchiveReader::open(path, Some(keys.public_key()?))?;
    let mut batch: Vec<(Position, EventLine)> = vec![];
    let mut stored = 0;
    loop {
        let item = reader.next().map_err(broken(path))?;
        if batch.len() >= BATCH || matches!(item, Item::End(_)) {
            stored += insert(&mut db, &table, &batch).await?;
            batch.clear();
        }
        match item {
            Item::Event { place, line, .. } => batch.push((place, EventLine::read(&line)?)),
            Item::Section(section) => belongs(pool, path, &section).await?,
            Item::End(_) => break,
        }
    }
    if stored != verified.events.unsigned_abs() {
        let why = format!("{stored} of {} events could be stored", verified.events);
        return Err(ArchiveError::Foreign { path: path.to_owned(), why });
    }
    Ok(())
}

/// The file's chain leads to the head that was sealed here: then every event of it is the one that was sealed.
async fn belongs(pool: &PgPool, path: &Path, section: &Verified) -> Result<(), ArchiveError> {
    let account = section.account.parse().map_err(|_| StoreError::Unreadable(format!("account {}", section.account)))?;
    let sealed = head_after(pool, account, section.last_ordinal).await?;
    if sealed.to_string() == section.head {
        return Ok(());
    }
    let why = format!("the chain of account {account} does not lead to what was sealed");
    Err(ArchiveError::Foreign { path: path.to_owned(), why })
}

async fn insert(db: &mut PgConnection, table: &str, batch: &[(Position, EventLine)]) -> Result<u64, StoreError> {
    let statement = format!(
        "INSERT INTO archive.{table} (txid, global_position, account_id, aggregate_type, aggregate_id, sequence, event_type, event_version,
                                      payload, actor, door, command_id, correlation_id, causation_id, occurred_at, recorded_at)
         SELECT txid, global_position, account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
                actor, door, command_id, correlation_id, causation_id, occurred_at, recorded_at
           FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::jsonb[],
                       $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::uuid[], $15::timestamptz[], $16::timestamptz[])
             AS e(txid, global_position, account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                  command_id, correlation_id, causation_id, occurred_at, recorded_at)"
    );
    let texts = |field: fn(&EventLine) -> &String| batch.iter().map(|(_, event)| field(event).as_str()).collect::<Vec<_>>();
    let done = sqlx::query(&statement)
        .bind(batch.iter().map(|(place, _)| place.txid).collect::<Vec<_>>())
        .bind(batch.iter().map(|(place, _)| place.position).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, event)| event.account).collect::<Vec<_>>())
        .bind(texts(|event| &event.aggregate_type))
        .bind(texts(|event| &event.aggregate_id))
        .bind(batch.iter().map(|(_, event)| event.sequence).collect::<Vec<_>>())
        .bind(texts(|event| &event.event_type))
        .bind(texts(|event| &event.event_version))
        .bind(batch.iter().map(|(_, event)| &event.payload).collect::<Vec<_>>())
        .bind(texts(|event| &event.actor))
        .bind(texts(|event| &event.door))
        .bind(batch.iter().map(|(_, event)| event.command_id).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, event)| event.correlation_id).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, event)| event.causation_id).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, event)| event.occurred_at).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, event)| event.recorded_at).collect::<Vec<_>>())
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}
