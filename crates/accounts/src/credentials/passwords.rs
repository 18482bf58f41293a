//! argon2id, off the async threads.
//!
//! Parameters: 19 MiB of memory, 2 passes, 1 lane: the first choice of OWASP's password storage guide for argon2id. About 20 ms on
//! one of our cores; memory is what makes guessing on graphics cards expensive, and 19 MiB times the few hashes we allow at once
//! stays small for the server. The parameters stand in every hash, so they can grow without breaking old ones.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use recado_event_store::{Platform, StoreError};
use recado_kernel::Secret;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes computed at once; more would only compete for the cores.
const AT_ONCE: usize = 4;

/// Nobody's hash, with the same parameters: whoever asks for an unknown address waits exactly as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5c3NhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    platform: Platform,
    slots: Arc<Semaphore>,
}

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, PASSES, LANES, None)?))
}

fn defect(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("password hashing: {error}"))
}

impl Passwords {
    /// Salt comes from the platform's generator.
    pub fn new(platform: Platform) -> Self {
        Self { platform, slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// A new hash in PHC form.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, StoreError> {
        let salt = self.platform.random_bytes::<16>();
        self.off_thread(move || {
            let salt = SaltString::encode_b64(&salt).map_err(defect)?;
            let hash = argon2().map_err(defect)?.hash_password(password.expose().as_bytes(), &salt).map_err(defect)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Does `password` belong to `hash`? Without a hash the answer is no, after the same work.
    pub async fn verify(&self, password: Secret<String>, hash: Option<String>) -> Result<bool, StoreError> {
        self.off_thread(move || {
            let parsed = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(defect)?;
            let matches = argon2().map_err(defect)?.verify_password(password.expose().as_bytes(), &parsed).is_ok();
            Ok(matches && hash.is_some())
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _slot = self.slots.acquire().await.map_err(defect)?;
        tokio::task::spawn_blocking(work).await.map_err(defect)?
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_costs_what_everybodys_does() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let real = argon2().unwrap();
        let real = real.hash_password(b"uma senha qualquer", &salt).unwrap();
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(nobody.version, real.version);
        assert_eq!(nobody.params.to_string(), real.params.to_string());
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
    }
}
