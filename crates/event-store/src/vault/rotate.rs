//! Exchanging the installation's key. In order, each step harmless when repeated after a crash:
//!
//! 1. [`Vault::begin_rotation`]: one transaction makes the next data root key and wraps all of them under the new installation key. From
//!    its commit on only the new key opens the vault; running servers learn the new root key through the link.
//! 2. [`Vault::reseal`]: subject keys and living content move to the newest root key, batch by batch, beside running servers.
//! 3. [`Vault::finish_rotation`]: the link goes. Whoever has only the old installation key, and an older copy of the table, learns nothing
//!    of what came later.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use uuid::Uuid;

use super::keys::{MasterKey, RootKey};
use super::roots::header;
use super::{Vault, content_purpose, subjects};
use crate::StoreError;

/// Only one rotation at a time, over all processes.
const LOCK: i64 = 0x5265_6361_646f;
const SUBJECTS_AT_ONCE: i64 = 500;
/// Content may be large.
const CONTENTS_AT_ONCE: i64 = 50;

/// What moved to the newest data root key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Subject keys.
    pub subjects: u64,
    /// Living contents.
    pub contents: u64,
}

/// Keeps others from rotating at the same time; let go of with [`Self::release`], or by the end of the process.
#[derive(Debug)]
pub struct RotationLock(PoolConnection<Postgres>);

impl RotationLock {
    /// Others may rotate again.
    ///
    /// # Errors
    /// The database: then the lock ends with the connection.
    pub async fn release(mut self) -> Result<(), StoreError> {
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(&mut *self.0).await?;
        Ok(())
    }
}

impl Vault {
    /// `None`: somebody else is rotating.
    ///
    /// # Errors
    /// The database.
    pub async fn lock_rotation(&self) -> Result<Option<RotationLock>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut *connection).await?;
        Ok(taken.then_some(RotationLock(connection)))
    }

    /// Generation of the newest data root key this process knows; 0 before the first rotation.
    #[must_use]
    pub fn root_generation(&self) -> i32 {
        self.roots.newest().0
    }

    /// Has a rotation begun that was not finished?
    ///
    /// # Errors
    /// The database.
    pub async fn rotation_is_unfinished(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM vault_root WHERE link IS NOT NULL)").fetch_one(&self.pool).await?)
    }

    /// A new data root key, and all of them under `new`. Returns the new generation.
    ///
    /// # Errors
    /// The database; nothing changed then.
    pub async fn begin_rotation(&self, new: &MasterKey) -> Result<i32, StoreError> {
        self.refresh().await?;
        let (before, last) = self.roots.newest();
        let (generation, root) = (before + 1, RootKey::new(self.random_key()));
        let mut transaction = self.pool.begin().await?;
        for (known, key) in self.roots.all() {
            self.rewrap(&mut transaction, new, known, &key).await?;
        }
        sqlx::query("UPDATE vault_root SET retired_at = clock_timestamp() WHERE retired_at IS NULL")
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO vault_root (generation, wrapped_key, link) VALUES ($1, $2, $3)")
            .bind(generation)
            .bind(new.wrap(generation, &root, &self.nonce())?)
            .bind(last.link(generation, &root, &self.nonce())?)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.roots.learn(generation, root);
        Ok(generation)
    }

    async fn rewrap(&self, db: &mut PgConnection, new: &MasterKey, generation: i32, key: &RootKey) -> Result<(), StoreError> {
        let rewrapped = sqlx::query("UPDATE vault_root SET wrapped_key = $2 WHERE generation = $1")
            .bind(generation)
            .bind(new.wrap(generation, key, &self.nonce())?)
            .execute(db)
            .await?;
        match rewrapped.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Unreadable(format!("data root key {generation} is not in the database any more"))),
        }
    }

    /// Moves everything that is still under an older data root key. Small statements with compare-and-swap: servers go on, and what is
    /// erased meanwhile stays erased.
    ///
    /// # Errors
    /// The database, or a row that no known key opens.
    pub async fn reseal(&self) -> Result<Resealed, StoreError> {
        let mut moved = Resealed::default();
        let mut after = Uuid::nil();
        while let Some(last) = self.reseal_subjects(after, &mut moved).await? {
            after = last;
        }
        after = Uuid::nil();
        while let Some(last) = self.reseal_contents(after, &mut moved).await? {
            after = last;
        }
        Ok(moved)
    }

    async fn reseal_subjects(&self, after: Uuid, moved: &mut Resealed) -> Result<Option<Uuid>, StoreError> {
        let rows: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(
            "SELECT subject_id, wrapped_key FROM subject_key
              WHERE subject_id > $1 AND wrapped_key IS NOT NULL AND substring(wrapped_key FROM 1 FOR $2) <> $3
              ORDER BY subject_id LIMIT $4",
        )
        .bind(after)
        .bind(self.header_length())
        .bind(header(self.root_generation()))
        .bind(SUBJECTS_AT_ONCE)
        .fetch_all(&self.pool)
        .await?;
        let Some(last) = rows.last().map(|(id, _)| *id) else { return Ok(None) };
        let mut fresh = Vec::with_capacity(rows.len());
        for (id, wrapped) in &rows {
            let key = self.roots.unseal(&self.pool, subjects::PURPOSE, id.as_bytes(), wrapped).await?;
            fresh.push(self.roots.seal(subjects::PURPOSE, &self.nonce(), id.as_bytes(), &key)?);
        }
        let (ids, old): (Vec<Uuid>, Vec<Vec<u8>>) = rows.into_iter().unzip();
        let stored = sqlx::query(
            "UPDATE subject_key k SET wrapped_key = n.fresh
               FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n(id, old, fresh)
              WHERE k.subject_id = n.id AND k.wrapped_key = n.old",
        )
        .bind(ids)
        .bind(old)
        .bind(fresh)
        .execute(&self.pool)
        .await?;
        moved.subjects += stored.rows_affected();
        Ok(Some(last))
    }

    async fn reseal_contents(&self, after: Uuid, moved: &mut Resealed) -> Result<Option<Uuid>, StoreError> {
        let rows: Vec<(Uuid, Uuid, Vec<u8>)> = sqlx::query_as(
            "SELECT id, account_id, ciphertext FROM content
              WHERE id > $1 AND substring(ciphertext FROM 1 FOR $2) <> $3 ORDER BY id LIMIT $4",
        )
        .bind(after)
        .bind(self.header_length())
        .bind(header(self.root_generation()))
        .bind(CONTENTS_AT_ONCE)
        .fetch_all(&self.pool)
        .await?;
        let Some(last) = rows.last().map(|(id, ..)| *id) else { return Ok(None) };
        let (mut ids, mut old, mut fresh) = (vec![], vec![], vec![]);
        for (id, account, ciphertext) in rows {
            let purpose = content_purpose(recado_kernel::AccountId::from_uuid(account));
            let plain = self.roots.unseal(&self.pool, &purpose, id.as_bytes(), &ciphertext).await?;
            fresh.push(self.roots.seal(&purpose, &self.nonce(), id.as_bytes(), &plain)?);
            ids.push(id);
            old.push(ciphertext);
        }
        let stored = sqlx::query(
            "UPDATE content c SET ciphertext = n.fresh
               FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n(id, old, fresh)
              WHERE c.id = n.id AND c.ciphertext = n.old",
        )
        .bind(ids)
        .bind(old)
        .bind(fresh)
        .execute(&self.pool)
        .await?;
        moved.contents += stored.rows_affected();
        Ok(Some(last))
    }

    fn header_length(&self) -> i32 {
        i32::try_from(header(self.root_generation()).len()).unwrap_or(0)
    }

    /// The link between the generations goes: from now on only the new installation key leads to the newest data root key.
    ///
    /// # Errors
    /// The database.
    pub async fn finish_rotation(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE vault_root SET link = NULL WHERE link IS NOT NULL").execute(&self.pool).await?;
        Ok(())
    }
}
