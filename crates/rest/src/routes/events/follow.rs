//! The feed as a stream. It holds one page at most, reads the next only when the client has taken this one, and no connection while it
//! waits.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, stream};
use http::HeaderValue;
use recado_messaging::{FeedBell, FeedQuery, InstanceAccess};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::auth::Caller;
use crate::{RestError, RestState};

/// Entries read at once.
const PAGE: i64 = 100;
/// How often it is made sure that the caller may still read.
const CHECK: Duration = Duration::from_secs(10);
/// A stream ends after this long; its client opens another and reads on.
const LIFE: Duration = Duration::from_secs(3_600);
/// A comment, so that neither side takes a silent connection for a dead one.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After a failed reading.
const PAUSE: Duration = Duration::from_secs(1);

struct Following {
    state: RestState,
    access: InstanceAccess,
    query: FeedQuery,
    bell: FeedBell,
    stopping: watch::Receiver<bool>,
    until: Instant,
    check_at: Instant,
    /// There is more already.
    more: bool,
}

pub(super) fn follow(state: RestState, caller: &Caller, mut query: FeedQuery) -> Result<Response, RestError> {
    // Before the first reading: what is stored after it rings.
    let bell = state.messaging.feed_bell(caller.instance()).ok_or(RestError::TooManyRequests)?;
    query.limit = query.limit.min(PAGE);
    let now = Instant::now();
    let following = Following {
        stopping: state.stopping.clone(),
        state,
        access: caller.access.clone(),
        query,
        bell,
        until: now + LIFE,
        check_at: now + CHECK,
        more: true,
    };
    let events = stream::unfold(following, next).flat_map(stream::iter);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

type Told = Vec<Result<Event, Infallible>>;

async fn next(mut following: Following) -> Option<(Told, Following)> {
    loop {
        let now = Instant::now();
        if now >= following.until || *following.stopping.borrow() || !following.may_read(now).await {
            return None;
        }
        if following.more {
            let (account, instance) = (following.access.account(), following.access.instance());
            match following.state.messaging.feed(account, instance, &following.query).await {
                Ok(page) => {
                    following.more = page.more;
                    following.query.after = page.cursor;
                    if !page.entries.is_empty() {
                        let told = page.entries.into_iter().map(|entry| Ok(event(entry.cursor, &entry.body))).collect();
                        return Some((told, following));
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "the feed was not read");
                    following.wait(Instant::now() + PAUSE).await;
                }
            }
            continue;
        }
        following.wait(following.check_at.min(following.until)).await;
    }
}

fn event(cursor: i64, body: &str) -> Event {
    Event::default().id(cursor.to_string()).data(body)
}

impl Following {
    /// Until something new may be there, the server stops, or `until`.
    async fn wait(&mut self, until: Instant) {
        tokio::select! {
            () = self.bell.rung() => self.more = true,
            () = stopped(&mut self.stopping) => {}
            () = sleep_until(until) => {}
        }
    }

    /// Is the token still the instance's, and its service not over? Looked at again every ten seconds; an outage is no answer.
    async fn may_read(&mut self, now: Instant) -> bool {
        if now < self.check_at {
            return true;
        }
        self.check_at = now + CHECK;
        let instance = self.access.instance();
        match self.state.messaging.find_instance(instance).await {
            Ok(Some(view)) => view.token_digest == self.access.view.token_digest && view.may_send(self.state.platform.now()),
            Ok(None) => false,
            Err(_) => true,
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stop| *stop).await.is_err() {
        // Nobody can stop us any more: streams end with their clients.
        std::future::pending::<()>().await;
    }
}
