//! One GET of a customer's address, read piece by piece.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use tokio::time::{Instant, timeout, timeout_at};

use super::post::{CheckedResolver, PostFailure, failure};
use super::{AddressPolicy, ForbiddenTarget};

/// plugzapi-api.md 3.1 says so for webhooks; the same here.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest silence.
const SILENCE: Duration = Duration::from_secs(15);
/// Longest time for everything.
const TOTAL: Duration = Duration::from_secs(120);
/// Storage services often send on once; each address is checked anew.
const MOST_REDIRECTS: usize = 3;

/// Why nothing was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GetFailure {
    /// The address is not called at all.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenTarget),
    /// It answers, but not with the file.
    #[error("the address answers with status {0}")]
    Status(u16),
    /// Too slow: 5 s to connect, 15 s of silence, 2 minutes in all.
    #[error("too slow")]
    TimedOut,
    /// No connection.
    #[error("no connection")]
    NoConnection,
    /// The answer broke off or was no HTTP.
    #[error("broken off")]
    BrokenOff,
}

/// An answer whose body is still to be read.
pub struct Got {
    /// As the server names it.
    pub content_type: Option<String>,
    /// As the server announces it.
    pub length: Option<u64>,
    /// The body; ends with an error when it breaks off or takes too long.
    pub bytes: BoxStream<'static, Result<Bytes, GetFailure>>,
}

/// Gets addresses of customers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Getter {
    client: reqwest::Client,
    policy: AddressPolicy,
}

impl Getter {
    /// With the limits above.
    ///
    /// # Errors
    /// The TLS machinery of this computer cannot be set up.
    pub fn new(policy: AddressPolicy) -> Result<Self, GetFailure> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .pool_max_idle_per_host(0)
            .user_agent("Recado")
            .dns_resolver(Arc::new(CheckedResolver { policy }))
            .build()
            .map_err(|_| GetFailure::NoConnection)?;
        Ok(Self { client, policy })
    }

    /// Asks for `url`; follows a few redirects, each checked like the first address.
    ///
    /// # Errors
    /// There is no answer with status 200.
    pub async fn get(&self, url: &str) -> Result<Got, GetFailure> {
        let end = Instant::now() + TOTAL;
        let mut url = self.policy.check_http(url)?;
        for _ in 0..=MOST_REDIRECTS {
            let response = match timeout(SILENCE, self.client.get(url.clone()).send()).await {
                Err(_) => return Err(GetFailure::TimedOut),
                Ok(Err(error)) => return Err(why(&error)),
                Ok(Ok(response)) => response,
            };
            let status = response.status();
            if status.is_redirection() {
                let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                let next = target.and_then(|target| url.join(target).ok()).ok_or(GetFailure::Status(status.as_u16()))?;
                url = self.policy.check_http(next.as_str())?;
                continue;
            }
            if status != reqwest::StatusCode::OK {
                return Err(GetFailure::Status(status.as_u16()));
            }
            let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let (content_type, length) = (text(CONTENT_TYPE), text(CONTENT_LENGTH).and_then(|length| length.parse().ok()));
            let body = response.bytes_stream().boxed();
            let bytes = futures::stream::try_unfold(body, move |mut body| async move {
                match timeout_at(end, body.next()).await {
                    Err(_) => Err(GetFailure::TimedOut),
                    Ok(None) => Ok(None),
                    Ok(Some(Err(error))) => Err(why(&error)),
                    Ok(Some(Ok(piece))) => Ok(Some((piece, body))),
                }
            });
            return Ok(Got { content_type, length, bytes: bytes.boxed() });
        }
        Err(GetFailure::Status(310))
    }
}

fn why(error: &reqwest::Error) -> GetFailure {
    match failure(error) {
        PostFailure::Forbidden(target) => GetFailure::Forbidden(target),
        PostFailure::TimedOut => GetFailure::TimedOut,
        PostFailure::NoConnection => GetFailure::NoConnection,
        PostFailure::NotHttp => GetFailure::BrokenOff,
    }
}
