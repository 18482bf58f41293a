//! Keys and ciphers. XChaCha20-Poly1305 with random 24-byte nonces; HMAC-SHA-256 for derivation and digests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use recado_kernel::{AccountId, Rng};
use sha2::Sha256;

use crate::StoreError;

pub(super) const NONCE: usize = 24;

/// The installation's key-encryption key: 32 bytes, base64 in a file or in the environment. It wraps the data root keys and nothing
/// else, so it can be exchanged (`recado vault rotate`). Losing it loses all sealed data.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey([u8; 32]);

/// Not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the installation key must be 32 bytes in base64 (44 characters)")]
pub struct MasterKeyError;

impl MasterKey {
    /// A new random key.
    #[must_use]
    pub fn generate(rng: &mut dyn Rng) -> Self {
        let mut key = [0; 32];
        rng.fill(&mut key);
        Self(key)
    }

    /// From its base64 text.
    ///
    /// # Errors
    /// Not 32 bytes of base64.
    pub fn from_base64(text: &str) -> Result<Self, MasterKeyError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| MasterKeyError)?;
        Ok(Self(bytes.try_into().map_err(|_| MasterKeyError)?))
    }

    /// As base64, to be stored with care.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Before there were data root keys, the installation's key did their work: it is generation 0 there.
    pub(super) const fn as_first_root(&self) -> RootKey {
        RootKey(self.0)
    }

    pub(super) fn wrap(&self, generation: i32, root: &RootKey, nonce: &[u8; NONCE]) -> Result<Vec<u8>, StoreError> {
        encrypt(&derived(&self.0, "wrap-root"), nonce, &generation.to_be_bytes(), &root.0)
    }

    /// `None`: not under this key.
    pub(super) fn unwrap(&self, generation: i32, wrapped: &[u8]) -> Option<RootKey> {
        let bytes = decrypt(&derived(&self.0, "wrap-root"), &generation.to_be_bytes(), wrapped).ok()?;
        bytes.try_into().ok().map(RootKey)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// A data root key: what everything else is derived from.
#[derive(Clone, Copy)]
pub(super) struct RootKey([u8; 32]);

impl RootKey {
    pub(super) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn derive(&self, purpose: &str) -> [u8; 32] {
        derived(&self.0, purpose)
    }

    pub(super) fn digest(&self, scope: &str, account: Option<AccountId>, value: &str) -> [u8; 32] {
        let account = account.map(|id| id.as_uuid().into_bytes()).unwrap_or_default();
        mac(&self.0, &[b"digest\0", scope.as_bytes(), b"\0", &account, value.as_bytes()])
    }

    /// The next generation's key under this one.
    pub(super) fn link(&self, generation: i32, next: &Self, nonce: &[u8; NONCE]) -> Result<Vec<u8>, StoreError> {
        encrypt(&self.derive("link-root"), nonce, &generation.to_be_bytes(), &next.0)
    }

    pub(super) fn follow(&self, generation: i32, link: &[u8]) -> Result<Self, StoreError> {
        let bytes = decrypt(&self.derive("link-root"), &generation.to_be_bytes(), link)?;
        bytes.try_into().map(Self).map_err(|_| StoreError::Unreadable("a data root key has the wrong length".into()))
    }
}

fn derived(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    mac(key, &[b"derive\0", purpose.as_bytes()])
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(super) fn encrypt(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(nonce), Payload { msg: plain, aad })
        .map_err(|_| StoreError::Unreadable("value too large to encrypt".into()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(super) fn decrypt(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let wrong = || StoreError::Unreadable("cannot be decrypted: another installation key, or damaged".into());
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(wrong)?;
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad }).map_err(|_| wrong())
}
