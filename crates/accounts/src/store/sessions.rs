//! Server-side sessions: revocable at once, found by a keyed digest of the cookie.

use chrono::Duration;
use recado_event_store::StoreError;
use recado_kernel::{AccountId, Timestamp};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::people::PersonId;

/// Without a visit a session ends after this long …
pub const IDLE: Duration = Duration::days(14);
/// … and always after this long.
pub const ABSOLUTE: Duration = Duration::days(60);
/// A visit is written down at most this often.
const TOUCH_AFTER: Duration = Duration::minutes(5);

/// A living session with what the read models know about its person (nothing, when they lag).
#[derive(Debug, Clone, FromRow)]
pub struct Found {
    pub id: Uuid,
    pub kind: String,
    pub account_id: Uuid,
    pub person_id: Uuid,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub locale: Option<String>,
    pub verified: Option<bool>,
}

/// When a session that began at `created` and was seen at `seen` ends.
pub fn expiry(created: Timestamp, seen: Timestamp) -> Timestamp {
    (seen + IDLE).min(created + ABSOLUTE)
}

/// Starts a session. Returns when it ends if nobody comes back.
pub async fn start(pool: &PgPool, hash: &str, id: Uuid, person: PersonId, now: Timestamp) -> Result<Timestamp, StoreError> {
    let expires_at = expiry(now, now);
    sqlx::query(
        "INSERT INTO session (token_hash, id, kind, account_id, person_id, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(hash)
    .bind(id)
    .bind(person.kind())
    .bind(person.account().as_uuid())
    .bind(person.uuid())
    .bind(now)
    .bind(expires_at)
    .execute(pool)
    .await?;
    Ok(expires_at)
}

/// The living session behind a token's digest.
pub async fn find(pool: &PgPool, hash: &str, now: Timestamp) -> Result<Option<Found>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT s.id, s.kind, s.account_id, s.person_id, s.created_at, s.last_seen_at, u.name, COALESCE(u.email, f.email) AS email,
                COALESCE(u.role, f.role) AS role, COALESCE(u.locale, f.locale) AS locale, u.verified
           FROM session s
           LEFT JOIN view_user u ON s.kind = 'user' AND u.user_id = s.person_id AND u.account_id = s.account_id
           LEFT JOIN view_staff f ON s.kind = 'staff' AND f.staff_id = s.person_id
          WHERE s.token_hash = $1 AND s.expires_at > $2",
    )
    .bind(hash)
    .bind(now)
    .fetch_optional(pool)
    .await?)
}

/// Writes a visit down, unless one was just written.
pub async fn touch(pool: &PgPool, session: &Found, now: Timestamp) -> Result<(), StoreError> {
    if now - session.last_seen_at < TOUCH_AFTER {
        return Ok(());
    }
    sqlx::query("UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE id = $1 AND last_seen_at < $2")
        .bind(session.id)
        .bind(now)
        .bind(expiry(session.created_at, now))
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends one session.
pub async fn end(pool: &PgPool, hash: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(hash).execute(pool).await?;
    Ok(())
}

/// Ends a person's sessions that began up to `until`, except `kept`. Harmless when repeated: later sessions stay.
pub async fn end_all(
    db: &mut PgConnection,
    account: AccountId,
    person: Uuid,
    until: Timestamp,
    kept: Option<Uuid>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE account_id = $1 AND person_id = $2 AND created_at <= $3 AND id IS DISTINCT FROM $4")
        .bind(account.as_uuid())
        .bind(person)
        .bind(until)
        .bind(kept)
        .execute(db)
        .await?;
    Ok(())
}

/// Removes sessions that are over. Returns how many.
pub async fn sweep(pool: &PgPool, now: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query("DELETE FROM session WHERE expires_at <= $1").bind(now).execute(pool).await?.rows_affected())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_session_slides_but_not_for_ever() {
        let created: Timestamp = "2026-10-05T12:00:00Z".parse().unwrap();
        assert_eq!(expiry(created, created), created + Duration::days(14));
        assert_eq!(expiry(created, created + Duration::days(10)), created + Duration::days(24));
        assert_eq!(expiry(created, created + Duration::days(59)), created + Duration::days(60));
    }
}
