//! Table `sim_file_part`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use recado_event_store::{Platform, StoreError};
use uuid::Uuid;

const PURPOSE: &str = "sim-phone-file";

/// Bytes of one piece.
pub(crate) const PART_BYTES: usize = 192 * 1024;

/// Stores one piece; one that is there stays.
pub(crate) async fn put(platform: &Platform, file: Uuid, part: usize, bytes: &[u8]) -> Result<(), StoreError> {
    let sealed = platform.vault.protect(PURPOSE, &STANDARD_NO_PAD.encode(bytes))?;
    sqlx::query(
        "INSERT INTO sim_file_part (file_id, part, part_protected) VALUES ($1, $2, $3) ON CONFLICT (file_id, part) DO NOTHING",
    )
    .bind(file)
    .bind(i32::try_from(part).unwrap_or(i32::MAX))
    .bind(sealed)
    .execute(platform.pool())
    .await?;
    Ok(())
}

/// One piece; `None` behind the last.
pub(crate) async fn get(platform: &Platform, file: Uuid, part: usize) -> Result<Option<Vec<u8>>, StoreError> {
    let sealed: Option<String> = sqlx::query_scalar("SELECT part_protected FROM sim_file_part WHERE file_id = $1 AND part = $2")
        .bind(file)
        .bind(i32::try_from(part).unwrap_or(i32::MAX))
        .fetch_optional(platform.pool())
        .await?;
    let Some(sealed) = sealed else { return Ok(None) };
    let text = platform.vault.reveal(PURPOSE, &sealed)?;
    STANDARD_NO_PAD.decode(text).map(Some).map_err(|_| StoreError::Unreadable("sim_file_part.part_protected".into()))
}

/// Is the whole file there? Its first piece is stored last.
pub(crate) async fn is_complete(platform: &Platform, file: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sim_file_part WHERE file_id = $1 AND part = 0)")
        .bind(file)
        .fetch_one(platform.pool())
        .await?)
}

/// Those of the files that are there as a whole.
pub(crate) async fn complete(platform: &Platform, files: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar("SELECT file_id FROM sim_file_part WHERE file_id = ANY($1) AND part = 0")
        .bind(files)
        .fetch_all(platform.pool())
        .await?)
}
