//! The customer's webhook receiver, at its worst: one call in five is answered 500, some are slow, some hang beyond the server's patience,
//! some connections break before or after the callback was taken. What it took is its ledger.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use recado_kernel::{Rng as _, SeededRng};
use tokio::net::TcpListener;

use crate::callbacks::{self, Fact};
use crate::progress::Progress;

/// Longer than the server waits (10 s).
const BEYOND_PATIENCE: Duration = Duration::from_secs(12);
/// Headers that may name a delivery; the first one found counts.
const DELIVERY_HEADERS: [&str; 3] = ["webhook-id", "x-recado-delivery", "x-recado-delivery-id"];

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it told.
    pub fact: Fact,
    /// Which delivery it belongs to, when the server says so.
    pub delivery: Option<String>,
    /// Whether the receiver took it; otherwise it must come again.
    pub taken: bool,
}

/// What the receiver does with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Ready,
    Slow,
    ServerError,
    /// Takes it, but too late.
    Hangs,
    Breaks,
    /// Takes it and breaks off instead of answering.
    TakesAndBreaks,
}

impl Mood {
    fn roll(seed: u64, fact: &Fact, failures: u32, patience: u32) -> Self {
        if failures >= patience {
            return Self::Ready;
        }
        let mut hasher = DefaultHasher::new();
        (seed, fact, failures).hash(&mut hasher);
        match SeededRng::new(hasher.finish()).between(0, 999) {
            0..200 => Self::ServerError,
            200..210 => Self::Slow,
            210..220 => Self::Breaks,
            220..230 => Self::TakesAndBreaks,
            // A run that must be over soon has no time for it.
            230..232 if patience > 1 => Self::Hangs,
            _ => Self::Ready,
        }
    }

    const fn takes(self) -> bool {
        !matches!(self, Self::ServerError | Self::Breaks)
    }
}

#[derive(Default)]
struct Memory {
    calls: Vec<Call>,
    taken: HashSet<Fact>,
    failures: HashMap<Fact, u32>,
}

/// Listens on a free port of 127.0.0.1.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    memory: Arc<Mutex<Memory>>,
    progress: Arc<Progress>,
    seed: u64,
    patience: u32,
}

/// The connection is to be broken.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken on purpose")
    }
}

impl std::error::Error for Broken {}

impl Receiver {
    /// Starts listening; ends with the program.
    pub async fn start(seed: u64, patience: u32, progress: Arc<Progress>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let receiver = Self { address: listener.local_addr()?, memory: Arc::default(), progress, seed, patience };
        tokio::spawn(receiver.clone().accept(listener));
        Ok(receiver)
    }

    /// For `update-every-webhooks`.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Every call about a message, in the order in which they came.
    pub fn calls(&self) -> Vec<Call> {
        self.memory().calls.clone()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn accept(self, listener: TcpListener) -> Infallible {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let receiver = self.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| receiver.clone().answer(request));
                // Broken on purpose, or by a server that was killed.
                drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
            });
        }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Broken> {
        let header = |name: &&str| request.headers().get(*name)?.to_str().ok().map(str::to_owned);
        let delivery = DELIVERY_HEADERS.iter().find_map(header);
        // A call that was cut is none.
        let body = request.into_body().collect().await.map_err(|_| Broken)?.to_bytes();
        let Some(fact) = serde_json::from_slice(&body).ok().and_then(|body| callbacks::read(&body)) else {
            // A connection change, or something of a later version.
            return Ok(status(StatusCode::OK));
        };
        let (mood, fresh) = self.note(&fact, delivery);
        if fresh {
            self.progress.arrived();
        }
        match mood {
            Mood::Ready => Ok(status(StatusCode::OK)),
            Mood::Slow => {
                tokio::time::sleep(Duration::from_millis(1_500)).await;
                Ok(status(StatusCode::OK))
            }
            Mood::ServerError => Ok(status(StatusCode::INTERNAL_SERVER_ERROR)),
            Mood::Hangs => {
                tokio::time::sleep(BEYOND_PATIENCE).await;
                Ok(status(StatusCode::OK))
            }
            Mood::Breaks | Mood::TakesAndBreaks => Err(Broken),
        }
    }

    /// Writes the call down; says what to do and whether it told something new.
    fn note(&self, fact: &Fact, delivery: Option<String>) -> (Mood, bool) {
        let mut memory = self.memory();
        let failures = memory.failures.get(fact).copied().unwrap_or_default();
        let mood = Mood::roll(self.seed, fact, failures, self.patience);
        if !matches!(mood, Mood::Ready | Mood::Slow) {
            memory.failures.insert(fact.clone(), failures + 1);
        }
        memory.calls.push(Call { fact: fact.clone(), delivery, taken: mood.takes() });
        (mood, mood.takes() && memory.taken.insert(fact.clone()))
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callbacks::Kind;

    #[test]
    fn one_call_in_five_fails_and_no_callback_for_ever() {
        let fact = |n: u32| Fact { message: n.to_string(), kind: Kind::Sent };
        let failed = (0..10_000).filter(|n| Mood::roll(3, &fact(*n), 0, 4) == Mood::ServerError).count();
        assert!((1_800..2_200).contains(&failed), "{failed}");
        assert!((0..10_000).all(|n| Mood::roll(3, &fact(n), 4, 4) == Mood::Ready));
        let hung = (0..10_000).filter(|n| Mood::roll(3, &fact(*n), 0, 4) == Mood::Hangs).count();
        assert!(hung > 0 && (0..10_000).all(|n| Mood::roll(3, &fact(n), 0, 1) != Mood::Hangs));
    }
}
