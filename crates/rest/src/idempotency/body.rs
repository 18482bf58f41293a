//! A body's digest. Short ones are read first; long ones (media) are digested while their handler reads them, and stand in memory once.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use http_body_util::BodyExt as _;
use recado_event_store::{Platform, Vault};
use sha2::{Digest as _, Sha256};

use super::store::{self, Held};
use crate::RestError;

/// The stored form. Keyed: a short body could be guessed from a plain digest.
pub(super) fn digest(vault: &Vault, body: &[u8]) -> String {
    keyed(vault, Sha256::digest(body).as_slice())
}

fn keyed(vault: &Vault, plain: &[u8]) -> String {
    let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
    vault.digest("idempotency-body", None, &hex)
}

/// What was found out at a long body's end; told instead of the handler's answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict(Arc<Mutex<Option<RestError>>>);

impl Verdict {
    fn set(&self, error: RestError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    pub(super) fn take(&self) -> Option<RestError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct Reading {
    inner: Body,
    hasher: Sha256,
    platform: Platform,
    held: Held,
    verdict: Verdict,
    ended: bool,
}

/// The same body, whose end the handler sees only after its digest has been stored and found to be the key's own.
pub(super) fn digested(inner: Body, platform: Platform, held: Held, verdict: Verdict) -> Body {
    let reading = Reading { inner, hasher: Sha256::new(), platform, held, verdict, ended: false };
    Body::from_stream(stream::unfold(reading, next))
}

async fn next(mut reading: Reading) -> Option<(Result<Bytes, axum::Error>, Reading)> {
    if reading.ended {
        return None;
    }
    loop {
        match reading.inner.frame().await {
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { continue };
                reading.hasher.update(&data);
                return Some((Ok(data), reading));
            }
            Some(Err(error)) => {
                reading.ended = true;
                return Some((Err(error), reading));
            }
            None => {
                reading.ended = true;
                let body = keyed(&reading.platform.vault, reading.hasher.finalize_reset().as_slice());
                let refused = match store::seal_body(reading.platform.pool(), &reading.held, &body).await {
                    Ok(true) => return None,
                    Ok(false) => RestError::IdempotencyKeyReused,
                    Err(error) => error.into(),
                };
                reading.verdict.set(refused);
                return Some((Err(axum::Error::new("the body is not the key's")), reading));
            }
        }
    }
}

/// The digest of a body that nobody else will read, of at most `most` bytes.
pub(super) async fn digest_of_rest(mut body: Body, vault: &Vault, most: usize) -> Result<String, RestError> {
    let (mut hasher, mut size) = (Sha256::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| RestError::BodyTimeout)?.into_data() else { continue };
        size += data.len();
        if size > most {
            return Err(RestError::BodyTooLarge);
        }
        hasher.update(&data);
    }
    Ok(keyed(vault, hasher.finalize().as_slice()))
}
