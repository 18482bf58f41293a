//! One bounded POST to a customer's address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

use super::{AddressPolicy, ForbiddenTarget};

/// plugzapi-api.md 3.1.
const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(10);
/// How long we listen to an answer's body after its status is known.
const BODY: Duration = Duration::from_secs(1);
/// How much of an answer is kept, for people who look for a fault.
const KEPT_BYTES: usize = 200;

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The first 200 bytes of the body, as text.
    pub beginning: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostFailure {
    /// The address is not called at all.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenTarget),
    /// Too slow: 5 s to connect, 10 s in all.
    #[error("the receiver did not answer in time")]
    TimedOut,
    /// No connection.
    #[error("could not connect to the receiver")]
    NoConnection,
    /// Connected, but what came was no HTTP answer.
    #[error("the receiver did not answer with HTTP")]
    NotHttp,
}

/// Posts JSON to addresses of customers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Poster {
    client: reqwest::Client,
    policy: AddressPolicy,
    total: Duration,
}

impl Poster {
    /// With the limits of plugzapi-api.md 3.1.
    ///
    /// # Errors
    /// The TLS machinery of this computer cannot be set up.
    pub fn new(policy: AddressPolicy) -> Result<Self, PostFailure> {
        Self::with_total(policy, TOTAL)
    }

    /// With another limit for the whole call, for tests.
    ///
    /// # Errors
    /// The TLS machinery of this computer cannot be set up.
    pub fn with_total(policy: AddressPolicy, total: Duration) -> Result<Self, PostFailure> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT.min(total))
            .timeout(total)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .user_agent("Recado")
            .dns_resolver(Arc::new(CheckedResolver { policy }))
            .build()
            .map_err(|_| PostFailure::NoConnection)?;
        Ok(Self { client, policy, total })
    }

    /// Sends `body` with `headers`. Redirects are not followed; the answer's body is cut.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, PostFailure> {
        let url = self.policy.check(url)?;
        let request = self
            .client
            .post(url)
            .headers(headers)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))
            .body(body);
        // The client's own limit does not cover every stage (a name server that hangs): one clock around all of it.
        let response = match tokio::time::timeout(self.total, request.send()).await {
            Err(_) => return Err(PostFailure::TimedOut),
            Ok(Err(error)) => return Err(failure(&error)),
            Ok(Ok(response)) => response,
        };
        let status = response.status().as_u16();
        let mut beginning = Vec::with_capacity(KEPT_BYTES);
        let mut chunks = response.bytes_stream();
        // The status counts; a body that is slow, endless or broken is simply not listened to.
        let listen = async {
            while beginning.len() < KEPT_BYTES
                && let Some(Ok(chunk)) = chunks.next().await
            {
                beginning.extend(chunk.iter().take(KEPT_BYTES - beginning.len()));
            }
        };
        drop(tokio::time::timeout(BODY, listen).await);
        let beginning = String::from_utf8_lossy(&beginning).replace('\0', "\u{fffd}");
        Ok(Answer { status, beginning })
    }
}

pub(super) fn failure(error: &reqwest::Error) -> PostFailure {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if let Some(forbidden) = inner.downcast_ref::<ForbiddenTarget>() {
            return PostFailure::Forbidden(forbidden.clone());
        }
        source = inner.source();
    }
    if error.is_timeout() {
        PostFailure::TimedOut
    } else if error.is_connect() {
        PostFailure::NoConnection
    } else {
        PostFailure::NotHttp
    }
}

/// Resolves names and hands out only addresses that may be called: what was checked is what is connected to.
#[derive(Debug)]
pub(super) struct CheckedResolver {
    pub(super) policy: AddressPolicy,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy;
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| ForbiddenTarget::Unresolvable)?.collect();
            if found.is_empty() {
                return Err(ForbiddenTarget::Unresolvable.into());
            }
            // One private address among public ones is enough to distrust the name.
            if found.iter().any(|address| !policy.permits(address.ip())) {
                return Err(ForbiddenTarget::NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
