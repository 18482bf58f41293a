//! Pieces of pages that stay up to date over server-sent events.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use futures::stream;
use http::HeaderValue;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::visit::Member;

/// How often the piece is looked at.
const EVERY: Duration = Duration::from_millis(700);
/// A stream ends after this long; the browser opens a new one, which is authorised again.
const LIFE: Duration = Duration::from_secs(600);
/// How often it is made sure that the session still stands.
const CHECK: Duration = Duration::from_secs(10);

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
    member: Member,
    seen: Option<String>,
    last: Option<Piece>,
    ticks: Interval,
    until: Instant,
    check_at: Instant,
    stopping: watch::Receiver<bool>,
}

/// Looks again and again and sends what changed. A look that gives nothing (the database is away) is left out: a browser would give a
/// failed stream up for good. Ends when the session does, when the server stops, or after ten minutes.
pub fn keep_sending<F, Fut>(member: &Member, look: F) -> Response
where
    F: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = Option<Piece>> + Send + 'static,
{
    keep_sending_after(member, None, look)
}

/// The same for a page that shows the piece already: nothing is sent as long as it is what [`mark`] says, so that what a person has opened
/// in it stays open.
pub fn keep_sending_after<F, Fut>(member: &Member, seen: Option<String>, look: F) -> Response
where
    F: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = Option<Piece>> + Send + 'static,
{
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stopping = member.panel.stopping.clone();
    let now = Instant::now();
    let watching =
        Watching { look, member: member.clone(), seen, last: None, ticks, until: now + LIFE, check_at: now + CHECK, stopping };
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
        let now = Instant::now();
        if now > watching.until {
            return None;
        }
        if now > watching.check_at {
            watching.check_at = now + CHECK;
            if watching.member.has_left().await {
                return None;
            }
        }
        let Some(piece) = (watching.look)().await else { continue };
        if watching.last.as_ref() == Some(&piece) {
            continue;
        }
        if watching.seen.take().is_some_and(|seen| seen == mark(&piece.html)) {
            watching.last = Some(piece);
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

/// Tells one state of a piece from another; no secret.
#[must_use]
pub fn mark(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
