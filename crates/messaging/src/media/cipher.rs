//! Encryption of files at rest: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over XChaCha20-Poly1305 in chunks of 64 KiB. Every file has
//! a random key of its own, so the nonce may begin at zero; a chunk that is missing, moved, changed or cut off is noticed.

use chacha20poly1305::aead::KeyInit as _;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{Key, XChaCha20Poly1305};

/// Bytes of a file in one chunk.
pub(super) const CHUNK: usize = 64 * 1024;
/// Bytes that a chunk grows by.
const TAG: usize = 16;
/// A chunk as it lies in the store.
pub(super) const SEALED_CHUNK: usize = CHUNK + TAG;

/// A file's key.
pub(super) type FileKey = [u8; 32];

/// Encrypts one file, front to back.
pub(super) struct Encryptor(EncryptorBE32<XChaCha20Poly1305>);

/// Decrypts one file, front to back.
pub(super) struct Decryptor(DecryptorBE32<XChaCha20Poly1305>);

/// It was not written with this key, or not by us.
#[derive(Debug)]
pub(super) struct Damaged;

impl Encryptor {
    pub(super) fn new(key: &FileKey) -> Self {
        let cipher = XChaCha20Poly1305::new(Key::from_slice(key));
        Self(EncryptorBE32::from_aead(cipher, GenericArray::from_slice(&[0; 19])))
    }

    /// A chunk that another follows.
    pub(super) fn next(&mut self, chunk: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.0.encrypt_next(chunk).map_err(|_| Damaged)
    }

    /// The last chunk; may be shorter, also empty.
    pub(super) fn last(self, chunk: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.0.encrypt_last(chunk).map_err(|_| Damaged)
    }
}

impl Decryptor {
    pub(super) fn new(key: &FileKey) -> Self {
        let cipher = XChaCha20Poly1305::new(Key::from_slice(key));
        Self(DecryptorBE32::from_aead(cipher, GenericArray::from_slice(&[0; 19])))
    }

    /// A sealed chunk that another follows.
    pub(super) fn next(&mut self, chunk: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.0.decrypt_next(chunk).map_err(|_| Damaged)
    }

    /// The last sealed chunk.
    pub(super) fn last(self, chunk: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.0.decrypt_last(chunk).map_err(|_| Damaged)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_or_changed_is_noticed() {
        let key = [7; 32];
        let mut encryptor = Encryptor::new(&key);
        let first = encryptor.next(&[1; CHUNK]).unwrap();
        let second = encryptor.last(b"end").unwrap();
        assert_eq!(first.len(), SEALED_CHUNK);
        let mut decryptor = Decryptor::new(&key);
        assert_eq!(decryptor.next(&first).unwrap(), [1; CHUNK]);
        assert_eq!(decryptor.last(&second).unwrap(), b"end");
        assert!(Decryptor::new(&key).last(&first).is_err(), "the end is missing");
        let mut changed = first.clone();
        changed[9] ^= 1;
        assert!(Decryptor::new(&key).next(&changed).is_err());
        assert!(Decryptor::new(&[8; 32]).next(&first).is_err());
    }
}
