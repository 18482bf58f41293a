//! Pieces of pages that stay up to date over server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use futures::stream;
use http::HeaderValue;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

/// How often the piece is looked at.
const EVERY: Duration = Duration::from_millis(700);
/// A stream ends after this long; the browser opens a new one, which is authorised again.
const LIFE: Duration = Duration::from_secs(600);

/// One state of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its HTML.
    pub html: String,
    /// The sentence to announce; sent only when it changes.
    pub status: String,
}

struct Watching<F> {
    look: F,
    last: Option<Piece>,
    ticks: Interval,
    until: Instant,
    stopping: watch::Receiver<bool>,
}

/// Looks again and again and sends what changed. Ends when `look` gives nothing (gone, or the database is away: the browser tries
/// again), when the server stops, or after ten minutes.
pub fn keep_sending<F, Fut>(look: F, stopping: watch::Receiver<bool>) -> Response
where
    F: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = Option<Piece>> + Send + 'static,
{
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watching = Watching { look, last: None, ticks, until: Instant::now() + LIFE, stopping };
    let events = stream::unfold(watching, next).flat_map(stream::iter);
    let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

type Sent = Vec<Result<Event, Infallible>>;

async fn next<F, Fut>(mut watching: Watching<F>) -> Option<(Sent, Watching<F>)>
where
    F: FnMut() -> Fut + Send,
    Fut: Future<Output = Option<Piece>> + Send,
{
    loop {
        tokio::select! {
            _ = watching.ticks.tick() => {}
            // A sender that is gone never stops us.
            () = stopped(&mut watching.stopping) => return None,
        }
        if Instant::now() > watching.until {
            return None;
        }
        let piece = (watching.look)().await?;
        if watching.last.as_ref() == Some(&piece) {
            continue;
        }
        let mut events = vec![Ok(Event::default().data(&piece.html))];
        if watching.last.as_ref().is_some_and(|last| last.status != piece.status) {
            events.push(Ok(Event::default().event("status").data(&piece.status)));
        }
        watching.last = Some(piece);
        return Some((events, watching));
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
