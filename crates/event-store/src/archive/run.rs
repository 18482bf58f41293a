//! One month, step by step. Every step finds its work done if it was: a run that was cut off is simply run again.

use std::path::{Path, PathBuf};

use recado_kernel::{AccountId, Timestamp};
use sqlx::PgPool;
use sqlx::postgres::PgQueryResult;

use super::file::{ArchiveReader, Item, broken};
use super::write::{Written, write};
use super::{ArchiveError, ArchiveState, ArchiveVerified, Archived, detach, eligible, list, lock, verify_file};
use crate::audit::{AuditKeys, mark_archived};
use crate::partitions::{Month, first_id, months, table_of};
use crate::{StoreError, limits};

/// How often a month that still moves is written.
const ROUNDS: usize = 3;
/// Marks made in one transaction.
const MARKS: usize = 5_000;

/// What to do with it.
#[derive(Debug)]
pub struct Job<'a> {
    /// The database.
    pub pool: &'a PgPool,
    /// The keys of the sealed chain.
    pub keys: &'a AuditKeys,
    /// The present moment.
    pub now: Timestamp,
    /// Where the file goes.
    pub folder: &'a Path,
    /// Remove the month from the database when the file is proved.
    pub drop: bool,
}

/// The months before `before` that have events in the log or are detached but not dropped, oldest first.
///
/// # Errors
/// The database.
pub async fn candidates(pool: &PgPool, before: Month) -> Result<Vec<Month>, StoreError> {
    let archived = list(pool).await?;
    let mut found = vec![];
    for month in months(pool).await?.into_iter().filter(|month| *month < before) {
        match archived.iter().find(|one| one.month == month).map(|one| one.state) {
            Some(ArchiveState::Detached) => found.push(month),
            Some(ArchiveState::Dropped | ArchiveState::Restoring) => {}
            Some(ArchiveState::Writing | ArchiveState::Written) | None => {
                if eligible::newest(&mut *pool.acquire().await?, &table_of(month)).await?.is_some() {
                    found.push(month);
                }
            }
        }
    }
    Ok(found)
}

/// The name of a month's file.
fn file_name(month: Month) -> String {
    format!("recado-messages-{month}.jsonl.gz")
}

/// Archives a month, while nobody else archives or restores.
///
/// # Errors
/// See [`ArchiveError`]; the log is complete unless the month is out already.
pub async fn archive_month(job: &Job<'_>, month: Month) -> Result<Archived, ArchiveError> {
    lock::alone(job.pool, archive_alone(job, month)).await
}

async fn archive_alone(job: &Job<'_>, month: Month) -> Result<Archived, ArchiveError> {
    let path = job.folder.join(file_name(month));
    let known = list(job.pool).await?.into_iter().find(|one| one.month == month);
    if !known.as_ref().is_some_and(|one| one.state.is_out()) {
        move_out(job, month, &path).await?;
    }
    let archived = one(job.pool, month).await?;
    if job.drop && archived.state == ArchiveState::Detached {
        drop_month(job, &archived, &path).await?;
    }
    one(job.pool, month).await
}

async fn one(pool: &PgPool, month: Month) -> Result<Archived, ArchiveError> {
    list(pool).await?.into_iter().find(|one| one.month == month).ok_or(ArchiveError::NotArchived(month))
}

async fn move_out(job: &Job<'_>, month: Month, path: &Path) -> Result<(), ArchiveError> {
    std::fs::create_dir_all(job.folder).map_err(ArchiveError::file(job.folder))?;
    for _ in 0..ROUNDS {
        eligible::require(job.pool, month, job.now).await?;
        begin(job.pool, month).await?;
        let draft = draft_of(path);
        let written = write(job.pool, job.keys, month, job.now, &draft).await?;
        if written.events == 0 {
            // What lies at `path` may be all there is of the month.
            std::fs::remove_file(&draft).map_err(ArchiveError::file(&draft))?;
            return Err(ArchiveError::Nothing(month));
        }
        prove(&draft, job.keys, &written.sha256)?;
        may_be_replaced(path, month, job.keys)?;
        std::fs::rename(&draft, path).map_err(ArchiveError::file(path))?;
        // The name as well must survive a power cut.
        std::fs::File::open(job.folder).and_then(|folder| folder.sync_all()).map_err(ArchiveError::file(job.folder))?;
        note(job.pool, month, path, &written).await?;
        mark(job, path).await?;
        if detach::detach(job.pool, month, &written).await? {
            return Ok(());
        }
    }
    Err(ArchiveError::StillMoving(month))
}

fn draft_of(path: &Path) -> PathBuf {
    path.with_extension("gz.part")
}

/// A file of this month that we wrote may be: the month is in the log, so everything in it is as well. Another installation that writes
/// to the same folder must not lose its own.
fn may_be_replaced(path: &Path, month: Month, keys: &AuditKeys) -> Result<(), ArchiveError> {
    let in_the_way = |why: String| ArchiveError::InTheWay { path: path.to_owned(), why };
    if !path.try_exists().map_err(ArchiveError::file(path))? {
        return Ok(());
    }
    match verify_file(path, Some(keys.public_key()?)) {
        Ok(ours) if ours.month == month => Ok(()),
        Ok(other) => Err(in_the_way(format!("it holds {}", other.month))),
        Err(ArchiveError::Broken { why, .. }) => Err(in_the_way(why.to_string())),
        Err(error) => Err(error),
    }
}

fn prove(path: &Path, keys: &AuditKeys, sha256: &str) -> Result<ArchiveVerified, ArchiveError> {
    let verified = verify_file(path, Some(keys.public_key()?))?;
    if verified.sha256 == sha256 {
        return Ok(verified);
    }
    let why = format!("it has the hash {}, written was {sha256}", verified.sha256);
    Err(ArchiveError::Foreign { path: path.to_owned(), why })
}

async fn begin(pool: &PgPool, month: Month) -> Result<(), ArchiveError> {
    let begun = sqlx::query(
        "INSERT INTO message_archive (month, first_id, until_id, state) VALUES ($1, $2, $3, 'writing')
         ON CONFLICT (month) DO UPDATE SET state = 'writing', begun_at = clock_timestamp()
          WHERE message_archive.state IN ('writing', 'written')",
    )
    .bind(month.to_string())
    .bind(first_id(month))
    .bind(first_id(month.next()))
    .execute(pool)
    .await?;
    only_this(month, &begun)
}

/// The month's row was as this run left it.
pub(super) fn only_this(month: Month, done: &PgQueryResult) -> Result<(), ArchiveError> {
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(ArchiveError::Interfered(month)),
    }
}

async fn note(pool: &PgPool, month: Month, path: &Path, written: &Written) -> Result<(), ArchiveError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let noted = sqlx::query(
        "UPDATE message_archive SET state = 'written', file = $2, sha256 = $3, accounts = $4, messages = $5, events = $6, event_types = $7,
                                    last_txid = $8, last_position = $9
          WHERE month = $1 AND state = 'writing'",
    )
    .bind(month.to_string())
    .bind(name)
    .bind(&written.sha256)
    .bind(written.accounts)
    .bind(written.messages)
    .bind(written.events)
    .bind(&written.event_types)
    .bind(written.last.txid)
    .bind(written.last.position)
    .execute(pool)
    .await?;
    only_this(month, &noted)
}

/// Says in the sealed chain that the file's events may be gone from now on.
async fn mark(job: &Job<'_>, path: &Path) -> Result<(), ArchiveError> {
    for_each_account(path, job.keys, async |account, ordinals| mark_archived(job.pool, job.keys, account, ordinals).await).await
}

/// Hands over the ordinals of a file's events, account by account, a few thousand at a time.
pub(super) async fn for_each_account(
    path: &Path,
    keys: &AuditKeys,
    mut use_them: impl AsyncFnMut(AccountId, &[i64]) -> Result<(), StoreError>,
) -> Result<(), ArchiveError> {
    let mut reader = ArchiveReader::open(path, Some(keys.public_key()?))?;
    let mut ordinals = vec![];
    loop {
        match reader.next().map_err(broken(path))? {
            Item::Event { ordinal, .. } => ordinals.push(ordinal),
            Item::Section(verified) => {
                let account =
                    verified.account.parse().map_err(|_| StoreError::Unreadable(format!("account {}", verified.account)))?;
                for chunk in ordinals.chunks(MARKS) {
                    use_them(account, chunk).await?;
                }
                ordinals.clear();
            }
            Item::End(_) => return Ok(()),
        }
    }
}

async fn drop_month(job: &Job<'_>, archived: &Archived, path: &Path) -> Result<(), ArchiveError> {
    let verified = prove(path, job.keys, archived.sha256.as_deref().unwrap_or_default())?;
    let table = table_of(archived.month);
    let mut transaction = job.pool.begin().await?;
    limits::within(&mut transaction, limits::LONG).await?;
    let stored: i64 = sqlx::query_scalar(&format!("SELECT count(*) FROM archive.{table}")).fetch_one(&mut *transaction).await?;
    if stored != verified.events {
        let why = format!("it holds {} events, the database {stored}", verified.events);
        return Err(ArchiveError::Foreign { path: path.to_owned(), why });
    }
    sqlx::query(&format!("DROP TABLE archive.{table}")).execute(&mut *transaction).await?;
    let noted = sqlx::query(
        "UPDATE message_archive SET state = 'dropped', dropped_at = clock_timestamp() WHERE month = $1 AND state = 'detached'",
    )
    .bind(archived.month.to_string())
    .execute(&mut *transaction)
    .await?;
    only_this(archived.month, &noted)?;
    transaction.commit().await?;
    Ok(())
}
