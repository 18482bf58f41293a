//! Table `idempotency_key`.

use chrono::Duration;
use recado_event_store::{Platform, StoreError, prune};
use recado_kernel::{CommandId, Timestamp};
use sqlx::PgPool;
use uuid::Uuid;

/// How long an answer is repeated.
const KEPT_HOURS: i64 = 24;
/// Vault purpose of stored answers.
const ANSWER_PURPOSE: &str = "idempotent-answer";
/// Rows per statement of the sweeper.
const BATCH: i64 = 2_000;

/// A request as it is compared: digests only.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub scope: Uuid,
    pub key: String,
    /// Method, action and query.
    pub request: String,
    /// `None` while the body has not been read.
    pub body: Option<String>,
}

/// A key that is ours while we renew it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    scope: Uuid,
    key: String,
    fence: i64,
    pub command: CommandId,
}

/// What a key says.
#[derive(Debug)]
pub(super) enum Claim {
    /// Go on.
    Ours(Held),
    /// It was answered; the body's digest then, where it was read to its end.
    Answered { status: u16, answer: String, body: Option<String> },
    /// Somebody is at it.
    Busy,
    /// It belongs to another request.
    Other,
}

/// Request, body, status, answer.
type Known = (String, Option<String>, Option<i32>, Option<String>);

/// Takes the key, or says whose it is.
pub(super) async fn claim(platform: &Platform, asked: &Asked) -> Result<Claim, StoreError> {
    let now = platform.now();
    let ours: Option<(Uuid, i64)> = sqlx::query_as(
        "INSERT INTO idempotency_key AS k (scope, key_digest, request, body_digest, command_id, held_until, created_at)
         VALUES ($1, $2, $3, $4, $5, clock_timestamp() + interval '10 seconds', $6)
         ON CONFLICT (scope, key_digest) DO UPDATE
            SET fence = k.fence + 1, held_until = excluded.held_until, request = excluded.request, status = NULL, answer = NULL,
                command_id = CASE WHEN k.created_at <= $7 THEN excluded.command_id ELSE k.command_id END,
                created_at = CASE WHEN k.created_at <= $7 THEN excluded.created_at ELSE k.created_at END,
                body_digest = CASE WHEN k.created_at <= $7 THEN excluded.body_digest
                                   ELSE COALESCE(k.body_digest, excluded.body_digest) END
          WHERE k.created_at <= $7
             OR (k.status IS NULL AND k.held_until < clock_timestamp() AND k.request = excluded.request
                 AND (k.body_digest IS NULL OR excluded.body_digest IS NULL OR k.body_digest = excluded.body_digest))
         RETURNING command_id, fence",
    )
    .bind(asked.scope)
    .bind(&asked.key)
    .bind(&asked.request)
    .bind(&asked.body)
    .bind(platform.new_uuid())
    .bind(now)
    .bind(now - Duration::hours(KEPT_HOURS))
    .fetch_optional(platform.pool())
    .await?;
    if let Some((command, fence)) = ours {
        let command = CommandId::from_uuid(command);
        return Ok(Claim::Ours(Held { scope: asked.scope, key: asked.key.clone(), fence, command }));
    }
    let known: Option<Known> =
        sqlx::query_as("SELECT request, body_digest, status, answer FROM idempotency_key WHERE scope = $1 AND key_digest = $2")
            .bind(asked.scope)
            .bind(&asked.key)
            .fetch_optional(platform.pool())
            .await?;
    // Swept between the two: the next look takes it.
    let Some((request, body, status, answer)) = known else { return Ok(Claim::Busy) };
    let differs = asked.body.is_some() && body.is_some() && asked.body != body;
    if request != asked.request || differs {
        return Ok(Claim::Other);
    }
    match status.and_then(|status| u16::try_from(status).ok()) {
        None => Ok(Claim::Busy),
        Some(status) => {
            let answer = platform.vault.reveal(ANSWER_PURPOSE, &answer.unwrap_or_default())?;
            Ok(Claim::Answered { status, answer, body })
        }
    }
}

/// We are still at it.
pub(super) async fn renew(pool: &PgPool, held: &Held) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE idempotency_key SET held_until = clock_timestamp() + interval '10 seconds'
          WHERE scope = $1 AND key_digest = $2 AND fence = $3 AND status IS NULL",
    )
    .bind(held.scope)
    .bind(&held.key)
    .bind(held.fence)
    .execute(pool)
    .await?;
    Ok(())
}

/// The body is read. `false`: this key was used with another, or is not ours any more.
pub(super) async fn seal_body(pool: &PgPool, held: &Held, body: &str) -> Result<bool, StoreError> {
    let sealed = sqlx::query(
        "UPDATE idempotency_key SET body_digest = $4
          WHERE scope = $1 AND key_digest = $2 AND fence = $3 AND (body_digest IS NULL OR body_digest = $4)",
    )
    .bind(held.scope)
    .bind(&held.key)
    .bind(held.fence)
    .bind(body)
    .execute(pool)
    .await?;
    Ok(sealed.rows_affected() == 1)
}

/// This was answered.
pub(super) async fn finish(platform: &Platform, held: &Held, status: u16, answer: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE idempotency_key SET status = $4, answer = $5 WHERE scope = $1 AND key_digest = $2 AND fence = $3")
        .bind(held.scope)
        .bind(&held.key)
        .bind(held.fence)
        .bind(i32::from(status))
        .bind(platform.vault.protect(ANSWER_PURPOSE, answer)?)
        .execute(platform.pool())
        .await?;
    Ok(())
}

/// No answer to repeat: whoever comes next goes on at once, under the same command id.
pub(super) async fn release(pool: &PgPool, held: &Held) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE idempotency_key SET held_until = '-infinity' WHERE scope = $1 AND key_digest = $2 AND fence = $3 AND status IS NULL",
    )
    .bind(held.scope)
    .bind(&held.key)
    .bind(held.fence)
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets keys older than a day; at most forty thousand per call. Returns how many.
///
/// # Errors
/// The database.
pub async fn sweep(pool: &PgPool, now: Timestamp) -> Result<u64, StoreError> {
    let before = now - Duration::hours(KEPT_HOURS);
    prune::in_batches(BATCH, |limit| {
        sqlx::query(
            "DELETE FROM idempotency_key WHERE (scope, key_digest) IN (
                 SELECT scope, key_digest FROM idempotency_key WHERE created_at <= $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
        )
        .bind(before)
        .bind(limit)
        .execute(pool)
    })
    .await
}
