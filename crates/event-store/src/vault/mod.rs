//! The vault: what must be readable only while somebody has a reason, and destroyable for ever.
//!
//! * content (message bodies): sealed with [`Vault::seal_content`], stored alongside the events, erased with them;
//! * personal data: [`Vault::seal`] under a key per data subject; destroying the key erases every copy in the log;
//! * secrets we must show again (instance tokens): [`Vault::protect`] and [`Vault::reveal`];
//! * equality without the value: [`Vault::digest`].
//!
//! Three layers of keys: the installation's [`MasterKey`] wraps *data root keys* (table `vault_root`); a root key seals content and wraps
//! *subject keys*; a subject key seals personal data. Digests, ids made from them and protected secrets stand in immutable events, so they
//! stay on the first root key; everything else moves on when the key is rotated ([`Vault::begin_rotation`]).

mod batch;
mod erase;
mod fresh;
mod keys;
mod roots;
mod rotate;
mod subjects;

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use recado_kernel::{AccountId, Rng, Sealed, Timestamp};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

pub use batch::Opened;
pub use erase::{SubjectKeyState, SubjectReferences};
pub use keys::{MasterKey, MasterKeyError};
pub use rotate::{Resealed, RotationLock};

use crate::StoreError;
use roots::Roots;
use subjects::SubjectKeys;

/// Why a vault does not open.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// The data root keys are wrapped under another installation key.
    #[error("this database belongs to another installation key")]
    WrongKey,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sealed content, ready to be stored alongside events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContent {
    /// What it belongs to, e.g. a message id.
    pub id: Uuid,
    /// Encrypted bytes.
    pub ciphertext: Vec<u8>,
    /// Swept after this moment even if nobody erases it.
    pub expires_at: Option<Timestamp>,
}

/// Encrypts, decrypts, destroys. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    pool: PgPool,
    roots: Arc<Roots>,
    rng: Arc<Mutex<Box<dyn Rng>>>,
    subjects: Arc<SubjectKeys>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// The vault of the installation with this key; makes the first data root key in a new installation. `rng` must be the operating
    /// system's outside tests.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`], or the database.
    pub async fn open(pool: PgPool, master: &MasterKey, rng: Box<dyn Rng>) -> Result<Self, VaultError> {
        let rng = Arc::new(Mutex::new(rng));
        let roots = Roots::open(&pool, master, || random(&rng)).await?;
        Ok(Self { pool, roots: Arc::new(roots), rng, subjects: Arc::default() })
    }

    /// A key of our own for `purpose`, e.g. for what must be authenticated rather than hidden. It stays the same when the installation key is
    /// exchanged: what was authenticated must stay so.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        self.roots.first().derive(purpose)
    }

    /// The same vault as another process that opened it now would have it: same keys, a cache of its own. For tests.
    #[must_use]
    pub fn as_another_process(&self, rng: Box<dyn Rng>) -> Self {
        Self {
            pool: self.pool.clone(),
            roots: Arc::new(self.roots.copy()),
            rng: Arc::new(Mutex::new(rng)),
            subjects: Arc::default(),
        }
    }

    fn nonce(&self) -> [u8; keys::NONCE] {
        random(&self.rng)
    }

    fn random_key(&self) -> [u8; 32] {
        random(&self.rng)
    }

    /// Keyed digest of `value` (hex, 64 digits): equal values of the same `scope` and account have equal digests, nothing else can be
    /// learnt without the installation's key. `account` is `None` for values unique across accounts (e-mails, tokens).
    #[must_use]
    pub fn digest(&self, scope: &str, account: Option<AccountId>, value: &str) -> String {
        hex(&self.roots.first().digest(scope, account, value))
    }

    /// The raw keyed digest, for ids made from secrets.
    #[must_use]
    pub fn digest_bytes(&self, scope: &str, account: Option<AccountId>, value: &str) -> [u8; 32] {
        self.roots.first().digest(scope, account, value)
    }

    /// Encrypts a secret we must be able to show again; `purpose` binds the text to its use.
    ///
    /// # Errors
    /// Only when the value is absurdly large.
    pub fn protect(&self, purpose: &str, secret: &str) -> Result<String, StoreError> {
        Ok(URL_SAFE_NO_PAD.encode(keys::encrypt(
            &self.roots.first().derive(purpose),
            &self.nonce(),
            purpose.as_bytes(),
            secret.as_bytes(),
        )?))
    }

    /// The secret behind [`Self::protect`]'s text.
    ///
    /// # Errors
    /// It was made for another purpose or under another installation key.
    pub fn reveal(&self, purpose: &str, protected: &str) -> Result<String, StoreError> {
        let bytes = URL_SAFE_NO_PAD.decode(protected).map_err(|_| StoreError::Unreadable("not a protected value".into()))?;
        utf8(keys::decrypt(&self.roots.first().derive(purpose), purpose.as_bytes(), &bytes)?)
    }

    /// Seals content for storage alongside events.
    ///
    /// # Errors
    /// Only when the value is absurdly large.
    pub fn seal_content(
        &self,
        account: AccountId,
        id: Uuid,
        bytes: &[u8],
        expires_at: Option<Timestamp>,
    ) -> Result<NewContent, StoreError> {
        let ciphertext = self.roots.seal(&content_purpose(account), &self.nonce(), id.as_bytes(), bytes)?;
        Ok(NewContent { id, ciphertext, expires_at })
    }

    /// Content by id; `None` once erased.
    ///
    /// # Errors
    /// The database, or content sealed under another installation key.
    pub async fn open_content(&self, account: AccountId, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let stored: Option<Vec<u8>> = sqlx::query_scalar("SELECT ciphertext FROM content WHERE id = $1 AND account_id = $2")
            .bind(id)
            .bind(account.as_uuid())
            .fetch_optional(&self.pool)
            .await?;
        match stored {
            Some(bytes) => self.roots.unseal(&self.pool, &content_purpose(account), id.as_bytes(), &bytes).await.map(Some),
            None => Ok(None),
        }
    }

    /// Several contents at once, in no particular order; erased ones are missing.
    ///
    /// # Errors
    /// The database, or content sealed under another installation key.
    pub async fn open_contents(&self, account: AccountId, ids: &[Uuid]) -> Result<Vec<(Uuid, Vec<u8>)>, StoreError> {
        let stored: Vec<(Uuid, Vec<u8>)> =
            sqlx::query_as("SELECT id, ciphertext FROM content WHERE id = ANY ($1) AND account_id = $2")
                .bind(ids)
                .bind(account.as_uuid())
                .fetch_all(&self.pool)
                .await?;
        let purpose = content_purpose(account);
        let mut opened = Vec::with_capacity(stored.len());
        for (id, bytes) in stored {
            opened.push((id, self.roots.unseal(&self.pool, &purpose, id.as_bytes(), &bytes).await?));
        }
        Ok(opened)
    }

    /// Destroys content inside a transaction of the caller's.
    ///
    /// # Errors
    /// The database.
    pub async fn erase_contents(db: &mut PgConnection, ids: &[Uuid]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM content WHERE id = ANY ($1)").bind(ids).execute(db).await?;
        Ok(())
    }

    /// Destroys content whose time is over. Returns how many.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep_expired(&self, now: Timestamp) -> Result<u64, StoreError> {
        Ok(sqlx::query("DELETE FROM content WHERE expires_at <= $1").bind(now).execute(&self.pool).await?.rows_affected())
    }

    /// Seals a personal text under the key of `subject` (e.g. "owner", "contact/5562…"; the name itself is not stored), creating the key on
    /// first use.
    ///
    /// # Errors
    /// The database.
    pub async fn seal(&self, account: AccountId, subject: &str, text: &str) -> Result<Sealed, StoreError> {
        let subject_id = self.subject_id(account, subject);
        let key = self
            .subjects
            .get_or_create(&self.pool, &self.roots, account, subject_id, || (self.random_key(), self.nonce()))
            .await?;
        let bytes = keys::encrypt(&key.bytes, &self.nonce(), subject_id.as_bytes(), text.as_bytes())?;
        Ok(Sealed::from_token(format!("{}.{}.{}", subject_id.simple(), key.generation, URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The text behind a seal; `None` once its subject's key was destroyed.
    ///
    /// # Errors
    /// The database, or a seal that is not ours.
    pub async fn unseal(&self, sealed: &Sealed) -> Result<Option<String>, StoreError> {
        let not_ours = || StoreError::Unreadable("not a sealed value".into());
        let (subject, rest) = sealed.as_token().split_once('.').ok_or_else(not_ours)?;
        let (generation, body) = rest.split_once('.').ok_or_else(not_ours)?;
        let subject_id = Uuid::parse_str(subject).map_err(|_| not_ours())?;
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| not_ours())?;
        let mut key = self.subjects.get(&self.pool, &self.roots, subject_id).await?;
        if key.is_some_and(|key| key.generation.to_string() != generation) {
            // Erased or begun again in another process: what this one remembers may be old.
            key = self.subjects.get_stored(&self.pool, &self.roots, subject_id).await?;
        }
        match key.filter(|key| key.generation.to_string() == generation) {
            Some(key) => Ok(Some(utf8(keys::decrypt(&key.bytes, subject_id.as_bytes(), &bytes)?)?)),
            None => Ok(None),
        }
    }

    fn subject_id(&self, account: AccountId, subject: &str) -> Uuid {
        let digest = self.roots.first().digest("subject", Some(account), subject);
        Uuid::new_v5(&account.as_uuid(), &digest)
    }
}

fn content_purpose(account: AccountId) -> String {
    format!("content/{account}")
}

fn random<const N: usize>(rng: &Mutex<Box<dyn Rng>>) -> [u8; N] {
    let mut bytes = [0; N];
    rng.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut bytes);
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn utf8(bytes: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|_| StoreError::Unreadable("decrypted value is not text".into()))
}
