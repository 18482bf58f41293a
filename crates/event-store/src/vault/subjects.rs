//! One key per data subject, wrapped under a data root key, with a small cache.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use recado_kernel::AccountId;
use sqlx::PgPool;
use uuid::Uuid;

use super::keys::NONCE;
use super::roots::Roots;
use crate::StoreError;

/// Purpose of the wrapping.
pub(super) const PURPOSE: &str = "subject-key";
const CACHED: usize = 10_000;
/// Another process may destroy a key. It is forgotten here within seconds ([`super::Vault::keep_fresh`]); where nobody keeps fresh, or
/// the database does not answer, a cached copy lives only this long.
const CACHED_FOR: Duration = Duration::from_secs(60);

/// A subject's living key. The generation tells seals made under an earlier, destroyed key apart.
#[derive(Clone, Copy)]
pub(super) struct SubjectKey {
    pub bytes: [u8; 32],
    pub generation: i32,
}

#[derive(Default)]
pub(super) struct SubjectKeys {
    cache: Mutex<HashMap<Uuid, (SubjectKey, Instant)>>,
}

impl SubjectKeys {
    pub(super) async fn get(&self, pool: &PgPool, roots: &Roots, subject: Uuid) -> Result<Option<SubjectKey>, StoreError> {
        if let Some((key, since)) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&subject)
            && since.elapsed() < CACHED_FOR
        {
            return Ok(Some(*key));
        }
        self.get_stored(pool, roots, subject).await
    }

    /// The same without the cache.
    pub(super) async fn get_stored(&self, pool: &PgPool, roots: &Roots, subject: Uuid) -> Result<Option<SubjectKey>, StoreError> {
        let stored: Option<(Option<Vec<u8>>, i32)> =
            sqlx::query_as("SELECT wrapped_key, generation FROM subject_key WHERE subject_id = $1")
                .bind(subject)
                .fetch_optional(pool)
                .await?;
        match stored {
            Some((Some(wrapped), generation)) => self.remember(pool, roots, subject, &wrapped, generation).await.map(Some),
            _ => {
                self.forget(&[subject]);
                Ok(None)
            }
        }
    }

    /// Several keys in one query: `None` for those destroyed; subjects nobody knows are missing.
    pub(super) async fn get_many(
        &self,
        pool: &PgPool,
        roots: &Roots,
        subjects: &HashSet<Uuid>,
    ) -> Result<HashMap<Uuid, Option<SubjectKey>>, StoreError> {
        let mut found = HashMap::with_capacity(subjects.len());
        {
            let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = subjects.iter().filter_map(|subject| Some((*subject, cache.get(subject)?)));
            found.extend(
                fresh.filter(|(_, (_, since))| since.elapsed() < CACHED_FOR).map(|(subject, (key, _))| (subject, Some(*key))),
            );
        }
        let missing: Vec<Uuid> = subjects.iter().filter(|subject| !found.contains_key(*subject)).copied().collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let stored: Vec<(Uuid, Option<Vec<u8>>, i32)> =
            sqlx::query_as("SELECT subject_id, wrapped_key, generation FROM subject_key WHERE subject_id = ANY ($1)")
                .bind(missing)
                .fetch_all(pool)
                .await?;
        for (subject, wrapped, generation) in stored {
            let key = match wrapped {
                Some(wrapped) => Some(self.remember(pool, roots, subject, &wrapped, generation).await?),
                None => None,
            };
            found.insert(subject, key);
        }
        Ok(found)
    }

    pub(super) async fn get_or_create(
        &self,
        pool: &PgPool,
        roots: &Roots,
        account: AccountId,
        subject: Uuid,
        random: impl Fn() -> ([u8; 32], [u8; NONCE]) + Send,
    ) -> Result<SubjectKey, StoreError> {
        if let Some(key) = self.get(pool, roots, subject).await? {
            return Ok(key);
        }
        let (key, nonce) = random();
        let wrapped = roots.seal(PURPOSE, &nonce, subject.as_bytes(), &key)?;
        // A subject whose key was destroyed starts again with a new one; what was sealed before stays unreadable.
        let (wrapped, generation): (Vec<u8>, i32) = sqlx::query_as(
            "INSERT INTO subject_key AS k (subject_id, account_id, wrapped_key) VALUES ($1, $2, $3)
             ON CONFLICT (subject_id) DO UPDATE
                SET wrapped_key = COALESCE(k.wrapped_key, excluded.wrapped_key), erased_at = NULL,
                    generation = k.generation + CASE WHEN k.wrapped_key IS NULL THEN 1 ELSE 0 END
             RETURNING wrapped_key, generation",
        )
        .bind(subject)
        .bind(account.as_uuid())
        .bind(wrapped)
        .fetch_one(pool)
        .await?;
        self.remember(pool, roots, subject, &wrapped, generation).await
    }

    pub(super) fn forget(&self, subjects: &[Uuid]) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        for subject in subjects {
            cache.remove(subject);
        }
    }

    async fn remember(
        &self,
        pool: &PgPool,
        roots: &Roots,
        subject: Uuid,
        wrapped: &[u8],
        generation: i32,
    ) -> Result<SubjectKey, StoreError> {
        let bytes: [u8; 32] = roots
            .unseal(pool, PURPOSE, subject.as_bytes(), wrapped)
            .await?
            .try_into()
            .map_err(|_| StoreError::Unreadable("a subject key has the wrong length".into()))?;
        let key = SubjectKey { bytes, generation };
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHED {
            cache.clear();
        }
        cache.insert(subject, (key, Instant::now()));
        Ok(key)
    }
}
