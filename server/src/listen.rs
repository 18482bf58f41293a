//! Accepts connections within limits, so that no client can take the server from the others: how many there may be, how long a request's
//! head may take, how large it may be. `axum::serve` knows none of them.
//!
//! When every place is taken, connections that do nothing are closed, and those that never got a request together are cut a moment later:
//! whoever holds a place must use it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tower::ServiceExt as _;

/// How long a connection that never brought a whole request may stay when others wait for its place.
const GRACE_WHEN_FULL: Duration = Duration::from_secs(2);
/// When the system gives no connection (no file descriptors left), it is asked again after this.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// Files this process needs besides connections of clients: database, assets, logs.
const OTHER_FILES: usize = 128;

/// What clients may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; later ones wait.
    pub connections: usize,
    /// Time for the head of a request; also how long a connection may be idle between two.
    pub head_timeout: Duration,
    /// How much of a head is held in memory at most, in bytes: request line and all headers. A head that fits into what is read at once passes up
    /// to twice as much; 431 above.
    pub head_bytes: usize,
    /// Most headers (431 above).
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 4_096, head_timeout: Duration::from_secs(60), head_bytes: 64 * 1_024, headers: 100 }
    }
}

impl Limits {
    /// Raises this process's limit of open files as far as the system lets it, and stays below it.
    #[must_use]
    pub fn within_open_files(mut self) -> Self {
        let wanted = self.connections + OTHER_FILES;
        let files = rlimit::increase_nofile_limit(wanted as u64).map_or(wanted, |files| usize::try_from(files).unwrap_or(wanted));
        if files < wanted {
            self.connections = files.saturating_sub(OTHER_FILES).max(16);
            tracing::warn!(files, connections = self.connections, "few open files are allowed: fewer connections are accepted");
        }
        self
    }
}

/// Serves until `stop` turns true, then until the requests that were begun have ended.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, mut stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (full, _) = watch::channel(());
    // Each connection holds a sender: when the last is gone, nobody is left.
    let (present, mut left) = mpsc::channel::<Infallible>(1);
    let for_connections = stop.clone();
    let mut stopping = pin!(async { drop(stop.wait_for(|ordered| *ordered).await) });
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stopping => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if ended_before_it_began(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let place = match places.clone().try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                full.send_replace(());
                tokio::select! {
                    () = &mut stopping => break,
                    place = places.clone().acquire_owned() => match place {
                        Ok(place) => place,
                        Err(_) => break,
                    },
                }
            }
        };
        let connection = Connection {
            app: app.clone(),
            limits: limits.clone(),
            peer,
            stop: for_connections.clone(),
            full: full.subscribe(),
            served: Arc::default(),
        };
        let present = present.clone();
        tokio::spawn(async move {
            connection.run(stream).await;
            drop((place, present));
        });
    }
    drop((listener, present));
    left.recv().await;
}

fn ended_before_it_began(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

struct Connection {
    app: Router,
    limits: Limits,
    peer: SocketAddr,
    stop: watch::Receiver<bool>,
    full: watch::Receiver<()>,
    /// A whole request came at least once.
    served: Arc<AtomicBool>,
}

impl Connection {
    async fn run(mut self, stream: TcpStream) {
        // Answers are small and whole: nothing is won by waiting for more.
        drop(stream.set_nodelay(true));
        let (app, peer, served) = (self.app.clone(), self.peer, self.served.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            served.store(true, Ordering::Relaxed);
            answer(app.clone(), peer, request)
        });
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.limits.head_timeout)
            .max_buf_size(self.limits.head_bytes)
            .max_headers(self.limits.headers);
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
        let stopping = async { drop(self.stop.wait_for(|ordered| *ordered).await) };
        let house_is_full = tokio::select! {
            _ = connection.as_mut() => return,
            () = stopping => false,
            _ = self.full.changed() => true,
        };
        connection.as_mut().graceful_shutdown();
        if house_is_full && !self.served.load(Ordering::Relaxed) {
            drop(tokio::time::timeout(GRACE_WHEN_FULL, connection.as_mut()).await);
            if !self.served.load(Ordering::Relaxed) {
                return;
            }
        }
        // What went wrong on the wire is the client's affair.
        drop(connection.await);
    }
}

async fn answer(app: Router, peer: SocketAddr, request: Request<Incoming>) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    app.oneshot(request).await
}
