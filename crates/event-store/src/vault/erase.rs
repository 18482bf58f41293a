//! Forgetting a data subject: the key goes, and with it everything that was sealed under it.

use std::collections::BTreeMap;

use recado_kernel::{AccountId, Timestamp};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::Vault;
use crate::StoreError;

/// Events looked through at once.
const PAGE: i64 = 20_000;

/// A subject's key as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectKeyState {
    /// The subject's keyed id: names nobody without the installation's keys.
    pub subject: Uuid,
    /// Generation of the living key; `None`: nothing was ever sealed, or it is erased.
    pub living: Option<i32>,
}

/// Events that hold something sealed under a subject's living key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectReferences {
    /// Wire type to number of events.
    pub events: BTreeMap<String, u64>,
}

impl SubjectReferences {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.events.values().sum()
    }
}

impl Vault {
    /// The keyed id and key of a subject (e.g. "owner", "contact/5562…").
    ///
    /// # Errors
    /// The database.
    pub async fn subject_key_state(&self, account: AccountId, subject: &str) -> Result<SubjectKeyState, StoreError> {
        let subject = self.subject_id(account, subject);
        let living = sqlx::query_scalar(
            "SELECT generation FROM subject_key WHERE subject_id = $1 AND account_id = $2 AND wrapped_key IS NOT NULL",
        )
        .bind(subject)
        .bind(account.as_uuid())
        .fetch_optional(&self.pool)
        .await?;
        Ok(SubjectKeyState { subject, living })
    }

    /// Which events of the account become unreadable in part when the subject's key of this generation goes. Reads all of the account's
    /// events, page by page.
    ///
    /// # Errors
    /// The database.
    pub async fn subject_references(
        &self,
        account: AccountId,
        subject: Uuid,
        key_generation: i32,
    ) -> Result<SubjectReferences, StoreError> {
        let seal = format!("{}.{key_generation}.", subject.simple());
        let (mut references, mut after) = (SubjectReferences::default(), 0);
        loop {
            let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
                "WITH page AS (
                     SELECT event_type, global_position, payload FROM events
                      WHERE account_id = $1 AND global_position > $2 ORDER BY global_position LIMIT $3
                 )
                 SELECT event_type, count(*) FILTER (WHERE strpos(payload::text, $4) > 0), count(*), max(global_position)
                   FROM page GROUP BY event_type",
            )
            .bind(account.as_uuid())
            .bind(after)
            .bind(PAGE)
            .bind(&seal)
            .fetch_all(&self.pool)
            .await?;
            let read: i64 = rows.iter().map(|(_, _, read, _)| read).sum();
            after = rows.iter().map(|(_, _, _, last)| *last).max().unwrap_or(after);
            for (event_type, hits, _, _) in rows.into_iter().filter(|(_, hits, _, _)| *hits > 0) {
                *references.events.entry(event_type).or_default() += u64::try_from(hits).unwrap_or_default();
            }
            if read < PAGE {
                return Ok(references);
            }
        }
    }

    /// Which of these contents exist, for a report before they go.
    ///
    /// # Errors
    /// The database.
    pub async fn living_contents(&self, account: AccountId, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar("SELECT id FROM content WHERE account_id = $1 AND id = ANY ($2) ORDER BY id")
            .bind(account.as_uuid())
            .bind(ids)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Destroys a subject's key: everything sealed under it is unreadable from now on. Record it with an event. `false`: there was none.
    ///
    /// # Errors
    /// The database.
    pub async fn erase_subject(&self, account: AccountId, subject: &str, now: Timestamp) -> Result<bool, StoreError> {
        let state = self.subject_key_state(account, subject).await?;
        let Some(generation) = state.living else { return Ok(false) };
        self.destroy_key(state.subject, generation, now).await
    }

    /// The same for a keyed id and one generation of its key: a subject that came back since keeps its new key, so a repeat is harmless.
    ///
    /// # Errors
    /// The database.
    pub async fn destroy_key(&self, subject: Uuid, key_generation: i32, now: Timestamp) -> Result<bool, StoreError> {
        self.subjects.forget(&[subject]);
        let destroyed = destroy(&self.pool, subject, key_generation, now).await?;
        // Somebody may have read it into the cache just before.
        self.subjects.forget(&[subject]);
        Ok(destroyed)
    }

    /// The same inside a reactor's transaction.
    ///
    /// # Errors
    /// The database.
    pub async fn destroy_key_in_tx(
        &self,
        db: &mut PgConnection,
        subject: Uuid,
        key_generation: i32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.subjects.forget(&[subject]);
        Ok(sqlx::query(DESTROY).bind(subject).bind(key_generation).bind(now).execute(db).await?.rows_affected() > 0)
    }
}

const DESTROY: &str = "UPDATE subject_key SET wrapped_key = NULL, erased_at = $3, last_erased_at = clock_timestamp() \
     WHERE subject_id = $1 AND generation = $2 AND erased_at IS NULL";

async fn destroy(pool: &PgPool, subject: Uuid, key_generation: i32, now: Timestamp) -> Result<bool, StoreError> {
    Ok(sqlx::query(DESTROY).bind(subject).bind(key_generation).bind(now).execute(pool).await?.rows_affected() > 0)
}
