//! The keys of the chain, derived from the installation's key: one that authenticates seals inside the database, one that signs exports.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, Mac};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::Sha256;

use super::digest::{from_hex, to_hex};
use crate::{StoreError, Vault};

/// Both keys. Cheap to clone.
#[derive(Clone)]
pub struct AuditKeys {
    mac: [u8; 32],
    signing_seed: [u8; 32],
}

impl AuditKeys {
    /// The installation's.
    #[must_use]
    pub fn of(vault: &Vault) -> Self {
        Self { mac: vault.derive("audit-seal"), signing_seed: vault.derive("audit-signing") }
    }

    /// Keys of a made-up installation.
    #[cfg(test)]
    pub(super) const fn for_tests(seed: u8) -> Self {
        Self { mac: [seed; 32], signing_seed: [seed; 32] }
    }

    /// Whoever has an export checks its signature with this.
    ///
    /// # Errors
    /// Never with the keys there are; the library's signature says so.
    pub fn public_key(&self) -> Result<PublicKey, StoreError> {
        PublicKey::from_bytes(self.pair()?.public_key().as_ref())
            .ok_or_else(|| StoreError::Unreadable("the signing key has an unknown form".into()))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<[u8; 64], StoreError> {
        let signature = self.pair()?.sign(message);
        signature.as_ref().try_into().map_err(|_| StoreError::Unreadable("a signature has an unknown form".into()))
    }

    fn pair(&self) -> Result<Ed25519KeyPair, StoreError> {
        Ed25519KeyPair::from_seed_unchecked(&self.signing_seed)
            .map_err(|_| StoreError::Unreadable("the signing key was refused".into()))
    }

    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.hmac(parts).map(|mac| mac.finalize().into_bytes().into()).unwrap_or_default()
    }

    /// Compares without telling where the difference is.
    pub(super) fn mac_is(&self, parts: &[&[u8]], stored: &[u8]) -> bool {
        self.hmac(parts).is_some_and(|mac| mac.verify_slice(stored).is_ok())
    }

    fn hmac(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of any length, so there always is one.
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.mac).ok()?;
        for part in parts {
            mac.update(part);
        }
        Some(mac)
    }
}

impl fmt::Debug for AuditKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKeys(…)")
    }
}

/// An Ed25519 public key. Text form: 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = super::InvalidDigest;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        from_hex(text).map(Self).ok_or(super::InvalidDigest)
    }
}
