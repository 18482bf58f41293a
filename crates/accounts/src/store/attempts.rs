//! Counted attempts. Each is written down before its password is checked, so that a hundred at once cannot slip through together.

use recado_event_store::StoreError;
use recado_kernel::Timestamp;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::lockout::Lockout;

/// What is counted: a scope ("email", "ip", "mail"), a digest, and its rule.
#[derive(Debug, Clone)]
pub struct Counted {
    pub id: Uuid,
    pub scope: &'static str,
    pub key: String,
    pub rule: Lockout,
}

/// May the attempt go on?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes. If it fails, the door is closed until then.
    Admitted {
        /// `None`: it stays open.
        closed_if_wrong: Option<Timestamp>,
    },
    /// No: the door is closed until then. Nothing was counted.
    Closed {
        /// When to try again.
        until: Timestamp,
    },
}

/// Counts an attempt under every key, or none if one of them is closed. Serialised per key by an advisory lock of this short
/// transaction; keys must always come in the same order of scopes.
pub async fn admit(pool: &PgPool, now: Timestamp, keys: &[Counted]) -> Result<Admission, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut closed_if_wrong = None;
    for counted in keys {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("{}/{}", counted.scope, counted.key))
            .execute(&mut *transaction)
            .await?;
        let mut times = newest(&mut transaction, counted).await?;
        if let Some(until) = counted.rule.closed_until(&times, now) {
            transaction.rollback().await?;
            return Ok(Admission::Closed { until });
        }
        times.insert(0, now);
        closed_if_wrong = closed_if_wrong.max(counted.rule.closed_until(&times, now));
        sqlx::query("INSERT INTO sign_in_attempt (id, scope, key, at) VALUES ($1, $2, $3, $4)")
            .bind(counted.id)
            .bind(counted.scope)
            .bind(&counted.key)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(Admission::Admitted { closed_if_wrong })
}

async fn newest(db: &mut PgConnection, counted: &Counted) -> Result<Vec<Timestamp>, StoreError> {
    let limit = i64::try_from(counted.rule.failures).unwrap_or(i64::MAX);
    Ok(sqlx::query_scalar("SELECT at FROM sign_in_attempt WHERE scope = $1 AND key = $2 ORDER BY at DESC LIMIT $3")
        .bind(counted.scope)
        .bind(&counted.key)
        .bind(limit)
        .fetch_all(db)
        .await?)
}

/// The attempt was right: it was no failure, and those before it under the first key no longer count.
pub async fn forgive(pool: &PgPool, keys: &[Counted]) -> Result<(), StoreError> {
    let Some(first) = keys.first() else { return Ok(()) };
    let ids: Vec<Uuid> = keys.iter().map(|counted| counted.id).collect();
    sqlx::query("DELETE FROM sign_in_attempt WHERE id = ANY ($1) OR (scope = $2 AND key = $3)")
        .bind(ids)
        .bind(first.scope)
        .bind(&first.key)
        .execute(pool)
        .await?;
    Ok(())
}

/// Opens the door of `key`, e.g. after a new password was set through the mailbox.
pub async fn reopen(pool: &PgPool, scope: &str, key: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sign_in_attempt WHERE scope = $1 AND key = $2").bind(scope).bind(key).execute(pool).await?;
    Ok(())
}

/// Forgets attempts before `before`. Returns how many.
pub async fn sweep(pool: &PgPool, before: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query("DELETE FROM sign_in_attempt WHERE at < $1").bind(before).execute(pool).await?.rows_affected())
}
