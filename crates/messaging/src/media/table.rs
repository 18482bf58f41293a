//! Table `media_file` and the keys in `content`.

use recado_event_store::{NewContent, StoreError};
use recado_kernel::{AccountId, MessageId, Timestamp};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::own::copy_of;
use crate::domain::message::MediaId;

/// A file about to be written: noted first, so that nothing of it can be lost sight of.
pub(super) struct NewFile {
    pub file: Uuid,
    pub account: AccountId,
    pub media: MediaId,
    pub message: Option<MessageId>,
    pub at: Timestamp,
    pub check_after: Timestamp,
}

pub(super) async fn note(pool: &PgPool, new: &NewFile) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO media_file (file_id, account_id, media_id, copy_id, message_id, created_at, check_after)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.file)
    .bind(new.account.as_uuid())
    .bind(new.media.as_uuid())
    .bind(copy_of(new.media))
    .bind(new.message.map(|message| message.as_uuid()))
    .bind(new.at)
    .bind(new.check_after)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn remove(pool: &PgPool, files: &[Uuid]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM media_file WHERE file_id = ANY ($1)").bind(files).execute(pool).await?;
    Ok(())
}

/// Stores a key outside an append. A repeat keeps the first.
pub(super) async fn keep_key(pool: &PgPool, account: AccountId, key: NewContent) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO content (id, account_id, ciphertext, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
    )
    .bind(key.id)
    .bind(account.as_uuid())
    .bind(key.ciphertext)
    .bind(key.expires_at)
    .execute(pool)
    .await?;
    Ok(())
}

/// Whose file is this?
pub(super) async fn account_of(pool: &PgPool, media: MediaId) -> Result<Option<AccountId>, StoreError> {
    let account: Option<Uuid> = sqlx::query_scalar("SELECT account_id FROM media_file WHERE media_id = $1 LIMIT 1")
        .bind(media.as_uuid())
        .fetch_optional(pool)
        .await?;
    Ok(account.map(AccountId::from_uuid))
}

/// Received files belong to this message from now on, and are kept until `expires_at`.
pub(super) async fn adopt(
    pool: &PgPool,
    account: AccountId,
    message: MessageId,
    media: &[Uuid],
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "WITH adopted AS (
             UPDATE media_file SET message_id = $3 WHERE account_id = $1 AND media_id = ANY ($2) RETURNING media_id
         )
         UPDATE content SET expires_at = $4 WHERE account_id = $1 AND id IN (SELECT media_id FROM adopted)",
    )
    .bind(account.as_uuid())
    .bind(media)
    .bind(message.as_uuid())
    .bind(expires_at)
    .execute(pool)
    .await?;
    Ok(())
}

/// Destroys the keys of these messages' files and has the files looked at soon.
pub(super) async fn abandon(db: &mut PgConnection, messages: &[Uuid]) -> Result<(), StoreError> {
    sqlx::query(
        "WITH gone AS (
             UPDATE media_file SET check_after = created_at WHERE message_id = ANY ($1) RETURNING media_id, copy_id
         )
         DELETE FROM content WHERE id IN (SELECT media_id FROM gone UNION ALL SELECT copy_id FROM gone)",
    )
    .bind(messages)
    .execute(db)
    .await?;
    Ok(())
}

/// Every id under which the keys of these messages' files may lie.
pub(super) async fn keys_of(pool: &PgPool, account: AccountId, messages: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let rows: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT media_id, copy_id FROM media_file WHERE account_id = $1 AND message_id = ANY ($2)")
            .bind(account.as_uuid())
            .bind(messages)
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().flat_map(|(media, copy)| [media, copy]).collect())
}

/// Files of a message whose keys are gone.
pub(super) async fn keyless_of(pool: &PgPool, account: AccountId, message: MessageId) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT file_id FROM media_file m WHERE message_id = $2 AND account_id = $1
            AND NOT EXISTS (SELECT 1 FROM content c WHERE c.id IN (m.media_id, m.copy_id))",
    )
    .bind(account.as_uuid())
    .bind(message.as_uuid())
    .fetch_all(pool)
    .await?)
}

/// Files that are due to be looked at: those whose keys are gone are returned, the others are looked at again tomorrow at the latest.
pub(super) async fn keyless_due(pool: &PgPool, now: Timestamp, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar(
        "WITH due AS (
             SELECT file_id, media_id, copy_id FROM media_file WHERE check_after <= $1 ORDER BY check_after LIMIT $2 FOR UPDATE SKIP LOCKED
         ), alive AS (
             SELECT d.file_id, min(COALESCE(c.expires_at, 'infinity')) AS expires_at
               FROM due d JOIN content c ON c.id IN (d.media_id, d.copy_id) GROUP BY d.file_id
         ), later AS (
             UPDATE media_file m SET check_after = GREATEST(LEAST(a.expires_at, $1 + interval '1 day'), $1 + interval '1 minute')
               FROM alive a WHERE a.file_id = m.file_id
         )
         SELECT file_id FROM due WHERE file_id NOT IN (SELECT file_id FROM alive)",
    )
    .bind(now)
    .bind(most)
    .fetch_all(pool)
    .await?)
}
