//! The data root keys in memory, and what is sealed under one of them: `[mark, generation,] nonce, ciphertext`. Generation 0 has no mark:
//! it wrote before there were generations.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use sqlx::PgPool;

use super::VaultError;
use super::keys::{MasterKey, NONCE, RootKey, decrypt, encrypt};
use crate::StoreError;

/// Begins what is sealed under generation 1 and later.
const MARK: &[u8; 4] = b"RvR\x01";
const HEADER: usize = MARK.len() + 4;

/// What begins everything sealed under `generation`; empty for 0.
pub(super) fn header(generation: i32) -> Vec<u8> {
    if generation == 0 { vec![] } else { [MARK.as_slice(), &generation.to_be_bytes()].concat() }
}

/// The generation a sealed value claims. A value of generation 0 begins with a random nonce, so it may look like another's once in
/// 2^32: whoever opens it tries both.
fn claimed(sealed: &[u8]) -> Option<(i32, &[u8])> {
    let (head, body) = sealed.split_at_checked(HEADER)?;
    let generation = head.strip_prefix(MARK)?;
    generation.try_into().ok().map(|bytes| (i32::from_be_bytes(bytes), body))
}

/// All generations. Never empty: generation 0 is always there.
pub(super) struct Roots(RwLock<BTreeMap<i32, RootKey>>);

/// A stored row.
#[derive(sqlx::FromRow)]
pub(super) struct StoredRoot {
    pub generation: i32,
    pub wrapped_key: Vec<u8>,
    pub link: Option<Vec<u8>>,
}

pub(super) async fn stored(pool: &PgPool) -> Result<Vec<StoredRoot>, StoreError> {
    Ok(sqlx::query_as("SELECT generation, wrapped_key, link FROM vault_root ORDER BY generation").fetch_all(pool).await?)
}

impl Roots {
    /// Loads and unwraps every generation; makes the first one where there is none.
    pub(super) async fn open(pool: &PgPool, master: &MasterKey, random: impl Fn() -> [u8; 32]) -> Result<Self, VaultError> {
        let mut rows = stored(pool).await?;
        if rows.is_empty() {
            let first = first_root(pool, master, &random).await?;
            let mut nonce = [0; NONCE];
            nonce.copy_from_slice(&random()[..NONCE]);
            // Another process may be faster: what is stored counts.
            sqlx::query("INSERT INTO vault_root (generation, wrapped_key) VALUES (0, $1) ON CONFLICT DO NOTHING")
                .bind(master.wrap(0, &first, &nonce)?)
                .execute(pool)
                .await
                .map_err(StoreError::from)?;
            rows = stored(pool).await?;
        }
        let mut roots = BTreeMap::new();
        for row in rows {
            roots.insert(row.generation, master.unwrap(row.generation, &row.wrapped_key).ok_or(VaultError::WrongKey)?);
        }
        Ok(Self(RwLock::new(roots)))
    }

    /// The same keys for another process's vault.
    pub(super) fn copy(&self) -> Self {
        Self(RwLock::new(self.0.read().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    /// Learns generations that a running rotation made since.
    pub(super) async fn refresh(&self, pool: &PgPool) -> Result<(), StoreError> {
        for row in stored(pool).await? {
            let known = self.get(row.generation).is_some();
            if let (false, Some(link), Some(before)) = (known, &row.link, self.get(row.generation - 1)) {
                self.learn(row.generation, before.follow(row.generation, link)?);
            }
        }
        Ok(())
    }

    pub(super) fn learn(&self, generation: i32, root: RootKey) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(generation, root);
    }

    pub(super) fn get(&self, generation: i32) -> Option<RootKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&generation).copied()
    }

    pub(super) fn all(&self) -> Vec<(i32, RootKey)> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().map(|(generation, root)| (*generation, *root)).collect()
    }

    /// Digests, ids and protected secrets: these stand in immutable events.
    pub(super) fn first(&self) -> RootKey {
        self.get(0).unwrap_or(RootKey::new([0; 32]))
    }

    pub(super) fn newest(&self) -> (i32, RootKey) {
        let roots = self.0.read().unwrap_or_else(PoisonError::into_inner);
        roots.last_key_value().map_or((0, RootKey::new([0; 32])), |(generation, root)| (*generation, *root))
    }

    /// Seals under the newest generation.
    pub(super) fn seal(&self, purpose: &str, nonce: &[u8; NONCE], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (generation, root) = self.newest();
        let mut sealed = header(generation);
        sealed.extend(encrypt(&root.derive(purpose), nonce, aad, plain)?);
        Ok(sealed)
    }

    /// Opens what any known generation sealed. `Ok(None)`: under a generation this process has not heard of yet.
    pub(super) fn open_known(&self, purpose: &str, aad: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let first = || decrypt(&self.first().derive(purpose), aad, sealed);
        match claimed(sealed) {
            None => first().map(Some),
            Some((generation, body)) => match self.get(generation) {
                Some(root) => decrypt(&root.derive(purpose), aad, body).or_else(|_| first()).map(Some),
                None => Ok(first().ok()),
            },
        }
    }

    /// The same; asks the database for new generations if need be.
    pub(super) async fn unseal(&self, pool: &PgPool, purpose: &str, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        if let Some(plain) = self.open_known(purpose, aad, sealed)? {
            return Ok(plain);
        }
        self.refresh(pool).await?;
        self.open_known(purpose, aad, sealed)?.ok_or_else(|| {
            StoreError::Unreadable(
                "sealed under a key made after this process started: restart it with the present installation key".into(),
            )
        })
    }
}

/// The key of an installation from before there were generations, if it is the right one; a new random one for a new installation.
async fn first_root(pool: &PgPool, master: &MasterKey, random: &impl Fn() -> [u8; 32]) -> Result<RootKey, VaultError> {
    let known: Option<String> =
        sqlx::query_scalar("SELECT key_check FROM installation").fetch_optional(pool).await.map_err(StoreError::from)?;
    match known {
        None => Ok(RootKey::new(random())),
        Some(check) if check == super::hex(&master.as_first_root().digest("installation", None, "key-check")) => {
            Ok(master.as_first_root())
        }
        Some(_) => Err(VaultError::WrongKey),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use recado_kernel::{AccountId, SeededRng};
    use recado_testkit::TestDatabase;
    use uuid::Uuid;

    use super::super::Vault;
    use super::*;

    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// What a program from before there were generations stored under its installation key.
    async fn old_installation(pool: &PgPool, account: AccountId, content: Uuid) {
        let root = MasterKey::from_base64(OLD).unwrap().as_first_root();
        sqlx::query("INSERT INTO installation (key_check) VALUES ($1)")
            .bind(super::super::hex(&root.digest("installation", None, "key-check")))
            .execute(pool)
            .await
            .unwrap();
        let purpose = format!("content/{account}");
        sqlx::query("INSERT INTO content (id, account_id, ciphertext) VALUES ($1, $2, $3)")
            .bind(content)
            .bind(account.as_uuid())
            .bind(encrypt(&root.derive(&purpose), &[7; NONCE], content.as_bytes(), b"texto antigo").unwrap())
            .execute(pool)
            .await
            .unwrap();
    }

    async fn open(pool: &PgPool, master: &MasterKey) -> Result<Vault, VaultError> {
        Vault::open(pool.clone(), master, Box::new(SeededRng::new(1))).await
    }

    #[tokio::test]
    async fn an_old_installation_goes_on_with_its_key_as_the_first_generation() {
        let pool = TestDatabase::create().await.pool;
        let (account, content) = (AccountId::from_uuid(Uuid::from_u128(1)), Uuid::from_u128(2));
        old_installation(&pool, account, content).await;
        let wrong = MasterKey::generate(&mut SeededRng::new(2));
        assert!(matches!(open(&pool, &wrong).await, Err(VaultError::WrongKey)));
        assert!(stored(&pool).await.unwrap().is_empty(), "a wrong key leaves nothing behind");
        let vault = open(&pool, &MasterKey::from_base64(OLD).unwrap()).await.unwrap();
        let check: String = sqlx::query_scalar("SELECT key_check FROM installation").fetch_one(&pool).await.unwrap();
        assert_eq!(vault.digest("installation", None, "key-check"), check);
        vault.begin_rotation(&wrong).await.unwrap();
        assert_eq!(vault.reseal().await.unwrap().contents, 1);
        vault.finish_rotation().await.unwrap();
        let after = open(&pool, &wrong).await.unwrap();
        assert_eq!(after.open_content(account, content).await.unwrap().as_deref(), Some(b"texto antigo".as_slice()));
        assert_eq!(after.digest("installation", None, "key-check"), check, "the check outlives rotations");
    }

    #[tokio::test]
    async fn a_new_installation_has_a_root_key_of_its_own_and_all_processes_the_same() {
        let pool = TestDatabase::create().await.pool;
        let master = MasterKey::from_base64(OLD).unwrap();
        let (a, b) = tokio::join!(open(&pool, &master), open(&pool, &master));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a.digest("x", None, "y"), b.digest("x", None, "y"));
        assert_ne!(a.digest("x", None, "y"), super::super::hex(&master.as_first_root().digest("x", None, "y")));
    }

    #[test]
    fn a_nonce_that_looks_like_a_mark_is_opened_all_the_same() {
        let first = RootKey::new([1; 32]);
        let roots = Roots(RwLock::new(BTreeMap::from([(0, first), (1, RootKey::new([2; 32]))])));
        let mut nonce = [9; NONCE];
        for generation in [1, 5] {
            nonce[..HEADER].copy_from_slice(&header(generation));
            let sealed = encrypt(&first.derive("p"), &nonce, b"a", b"plain").unwrap();
            assert_eq!(roots.open_known("p", b"a", &sealed).unwrap().as_deref(), Some(b"plain".as_slice()));
        }
        assert!(roots.open_known("p", b"other", &roots.seal("p", &nonce, b"a", b"plain").unwrap()).is_err());
    }
}
