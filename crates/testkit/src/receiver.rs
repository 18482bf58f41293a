//! A real HTTP receiver for webhooks: remembers what came, answers as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;
use tokio::sync::watch;

/// One request that came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// Path with query.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Raw body, for signatures.
    pub raw: Bytes,
    /// Body as JSON; `Null` when it is none.
    pub body: Value,
}

#[derive(Default)]
struct Memory {
    received: Vec<Received>,
    scripted: VecDeque<u16>,
    answer: Option<u16>,
    delay: Option<Duration>,
}

/// Listens on a free port of 127.0.0.1 until dropped.
pub struct Receiver {
    address: std::net::SocketAddr,
    memory: Arc<Mutex<Memory>>,
    count: watch::Receiver<usize>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    memory: Arc<Mutex<Memory>>,
    count: Arc<watch::Sender<usize>>,
}

impl Receiver {
    /// Starts listening.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let memory = Arc::new(Mutex::new(Memory::default()));
        let (sender, count) = watch::channel(0);
        let app = Router::new().fallback(receive).with_state(Shared { memory: memory.clone(), count: Arc::new(sender) });
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("the receiver serves") });
        Self { address, memory, count, task }
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that came so far.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.memory.lock().unwrap().received.clone()
    }

    /// The status of all later answers (200 from the start).
    pub fn answer_with(&self, status: u16) {
        self.memory.lock().unwrap().answer = Some(status);
    }

    /// The statuses of the next answers, in order; then as before.
    pub fn answer_next(&self, statuses: &[u16]) {
        self.memory.lock().unwrap().scripted.extend(statuses);
    }

    /// Makes every answer wait.
    pub fn delay(&self, by: Duration) {
        self.memory.lock().unwrap().delay = Some(by);
    }

    /// Waits until at least `n` requests came; fails the test after 20 s.
    pub async fn wait_for(&self, n: usize) -> Vec<Received> {
        let mut count = self.count.clone();
        let enough = tokio::time::timeout(Duration::from_secs(20), count.wait_for(|count| *count >= n)).await;
        assert!(enough.is_ok(), "only {} of {n} requests came", self.received().len());
        self.received()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(State(shared): State<Shared>, uri: Uri, headers: HeaderMap, raw: Bytes) -> StatusCode {
    let (status, delay, count) = {
        let mut memory = shared.memory.lock().unwrap();
        let body = serde_json::from_slice(&raw).unwrap_or(Value::Null);
        memory.received.push(Received { path: uri.to_string(), headers, raw, body });
        let status = memory.scripted.pop_front().or(memory.answer).unwrap_or(200);
        (status, memory.delay, memory.received.len())
    };
    shared.count.send_replace(count);
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    StatusCode::from_u16(status).expect("a status")
}
