//! Reads a body to its end within the limits of size and time.

use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::{RestError, RestSettings};

/// A body up to this size is read without asking: texts are smaller.
const SMALL: usize = 1024 * 1024;
/// At most this many larger bodies are in memory at once, from their first byte until the request is answered; others wait for their turn.
const LARGE_AT_ONCE: usize = 4;

/// Places for large bodies.
#[derive(Debug)]
pub struct LargeBodies(Arc<Semaphore>);

impl Default for LargeBodies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_AT_ONCE)))
    }
}

/// The whole body, at most `most` bytes, and its place.
///
/// # Errors
/// Too large (said before reading, when the client announces it), too slow, or broken off.
pub async fn whole(
    mut body: Body,
    headers: &HeaderMap,
    settings: &RestSettings,
    large: &LargeBodies,
    most: usize,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), RestError> {
    let most = most.min(settings.max_body_bytes);
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(RestError::BodyTooLarge);
    }
    let end = Instant::now() + settings.body_total_timeout;
    let mut read = BytesMut::new();
    let mut place: Option<OwnedSemaphorePermit> = None;
    loop {
        if read.len() > SMALL && place.is_none() {
            // The connection's own flow control holds the client back meanwhile.
            place = timeout_at(end, large.0.clone().acquire_owned()).await.map_err(|_| RestError::Unavailable)?.ok();
            // In one piece: growing by doubling would hold up to three times as much for a moment.
            read.reserve(announced.unwrap_or_default().saturating_sub(read.len()));
        }
        let silent_until = (Instant::now() + settings.body_idle_timeout).min(end);
        let frame = match timeout_at(silent_until, body.frame()).await {
            Ok(None) => return Ok((read.freeze(), place)),
            Ok(Some(Ok(frame))) => frame,
            // Broken off by the client, or silent: it will not read an answer either way.
            Ok(Some(Err(_))) | Err(_) => return Err(RestError::BodyTimeout),
        };
        if let Ok(data) = frame.into_data() {
            if read.len() + data.len() > most {
                return Err(RestError::BodyTooLarge);
            }
            read.extend_from_slice(&data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn whole(body: Body, headers: &HeaderMap, settings: &RestSettings, large: &LargeBodies) -> Result<Bytes, RestError> {
        super::whole(body, headers, settings, large, usize::MAX).await.map(|(read, _)| read)
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_with_and_without_announcement() {
        let settings = RestSettings { max_body_bytes: 10, ..RestSettings::default() };
        let announced = HeaderMap::from_iter([(CONTENT_LENGTH, http::HeaderValue::from_static("11"))]);
        assert_eq!(whole(Body::empty(), &announced, &settings, &LargeBodies::default()).await, Err(RestError::BodyTooLarge));
        assert_eq!(
            whole(Body::from("12345678901"), &HeaderMap::new(), &settings, &LargeBodies::default()).await,
            Err(RestError::BodyTooLarge)
        );
        assert_eq!(
            whole(Body::from("1234567890"), &HeaderMap::new(), &settings, &LargeBodies::default()).await,
            Ok(Bytes::from("1234567890"))
        );
    }

    #[tokio::test]
    async fn a_silent_body_is_given_up() {
        let settings = RestSettings { body_idle_timeout: Duration::from_millis(20), ..RestSettings::default() };
        let silent = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(whole(silent, &HeaderMap::new(), &settings, &LargeBodies::default()).await, Err(RestError::BodyTimeout));
    }

    #[tokio::test]
    async fn only_so_many_large_bodies_are_in_memory_at_once() {
        let settings = RestSettings { body_total_timeout: Duration::from_millis(50), ..RestSettings::default() };
        let large = LargeBodies::default();
        let taken = large.0.acquire_many(u32::try_from(LARGE_AT_ONCE).unwrap_or_default()).await;
        let body = || Body::from(vec![b' '; SMALL + 1]);
        assert_eq!(whole(body(), &HeaderMap::new(), &settings, &large).await, Err(RestError::Unavailable));
        assert!(whole(Body::from("{}"), &HeaderMap::new(), &settings, &large).await.is_ok(), "small ones do not wait");
        drop(taken);
        assert!(whole(body(), &HeaderMap::new(), &settings, &large).await.is_ok());
    }
}
