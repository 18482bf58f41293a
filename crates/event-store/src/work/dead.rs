//! Dead letters: looked at, and done again or thrown away by people.

use recado_kernel::{AccountId, Timestamp};
use serde::Serialize;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

use crate::StoreError;

/// Work that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// Its id.
    pub id: Uuid,
    /// Which handler gave up.
    pub topic: String,
    /// Its lane.
    pub lane: String,
    /// The tenant.
    pub account_id: AccountId,
    /// What it is about.
    pub subject: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it was given up.
    pub error: String,
    /// When.
    pub dead_at: Timestamp,
}

/// The newest dead letters, of one topic or of all.
///
/// # Errors
/// The database.
pub async fn dead_letters(pool: &PgPool, topic: Option<&str>, limit: i64) -> Result<Vec<DeadLetter>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, topic, lane, account_id, subject, attempts, COALESCE(last_error, '') AS error, dead_at FROM work
          WHERE dead_at IS NOT NULL AND ($1::text IS NULL OR topic = $1) ORDER BY dead_at DESC LIMIT $2",
    )
    .bind(topic)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DeadLetter {
                id: row.try_get("id")?,
                topic: row.try_get("topic")?,
                lane: row.try_get("lane")?,
                account_id: AccountId::from_uuid(row.try_get("account_id")?),
                subject: row.try_get("subject")?,
                attempts: row.try_get("attempts")?,
                error: row.try_get("error")?,
                dead_at: row.try_get("dead_at")?,
            })
        })
        .collect()
}

/// Puts a dead letter back into its lane, due at `now` and as if never tried. It takes its old place: work that came later waits behind it.
/// `false`: there is no such dead letter.
///
/// # Errors
/// The database.
pub async fn revive(pool: &PgPool, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let revived = sqlx::query(
        "WITH revived AS (
             UPDATE work SET dead_at = NULL, attempts = 0, due_at = $2 WHERE id = $1 AND dead_at IS NOT NULL RETURNING topic, lane, due_at
         )
         INSERT INTO work_lane AS l (topic, lane, due_at) SELECT topic, lane, due_at FROM revived
         ON CONFLICT (topic, lane) DO UPDATE SET signals = l.signals + 1, due_at = GREATEST(l.not_before, LEAST(l.due_at, excluded.due_at))",
    )
    .bind(id)
    .bind(now)
    .execute(pool)
    .await?;
    Ok(revived.rows_affected() > 0)
}

/// Throws a dead letter away. `false`: there is no such dead letter.
///
/// # Errors
/// The database.
pub async fn discard(pool: &PgPool, id: Uuid) -> Result<bool, StoreError> {
    let gone = sqlx::query("DELETE FROM work WHERE id = $1 AND dead_at IS NOT NULL").bind(id).execute(pool).await?;
    Ok(gone.rows_affected() > 0)
}
