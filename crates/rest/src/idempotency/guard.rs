//! The layer around the routes.

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use recado_messaging::RequestCommands;
use tokio::time::{Instant, interval, sleep, timeout};
use uuid::Uuid;

use super::body::{Verdict, digest, digest_of_rest, digested};
use super::store::{self, Asked, Claim, Held};
use crate::auth::{Partner, Recognised, Repeated, recognise};
use crate::body::read;
use crate::{RestError, RestState, answer};

const HEADER: &str = "idempotency-key";
/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST_KEY: usize = 255;
/// Bodies up to this size are read before the key is taken.
const SHORT: usize = 64 * 1024;
/// Longer answers are not kept; none of ours to a change is.
const LONGEST_ANSWER: u64 = 64 * 1024;
/// How often a repeat looks whether the first is answered.
const LOOK: Duration = Duration::from_millis(60);
/// A key is held for 10 s and renewed in time.
const RENEW: Duration = Duration::from_secs(3);

/// Posted, but only looked at: repeating them is harmless, and their answers hold what must not be kept.
const READS: [&str; 5] = ["/queue", "/phone-exists-batch", "/group-metadata", "/light-group-metadata", "/catalogs"];

/// Who asks.
enum Who {
    Instance(Box<recado_messaging::InstanceAccess>),
    Partner(Uuid),
}

impl Who {
    const fn scope(&self) -> Uuid {
        match self {
            Self::Instance(access) => access.instance().as_uuid(),
            Self::Partner(account) => *account,
        }
    }
}

pub(crate) async fn guard(State(state): State<RestState>, request: Request, next: Next) -> Response {
    let changes = matches!(*request.method(), Method::POST | Method::PUT | Method::DELETE | Method::PATCH);
    let Some(key) = request.headers().get(HEADER).filter(|_| changes) else { return next.run(request).await };
    let Some(key) = valid(key) else { return RestError::Invalid("Idempotency-Key").into_response() };
    if request.method() == Method::POST && is_read(request.uri().path()) {
        return next.run(request).await;
    }
    match guarded(&state, &key, request, next).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn guarded(state: &RestState, key: &str, request: Request, next: Next) -> Result<Response, RestError> {
    let (mut parts, body) = request.into_parts();
    // Strangers get the answer of the route itself; nothing is stored for them.
    let Ok(who) = who(&mut parts, state).await else { return Ok(next.run(Request::from_parts(parts, body)).await) };
    let vault = &state.platform.vault;
    let short = announced(&parts, &body).is_some_and(|length| length <= SHORT);
    let (body, body_digest) = match short {
        true => {
            // Its place is given back at once: whoever reads the body again asks for one of its own.
            let (bytes, _) = read::whole(body, &parts.headers, &state.settings, &state.large_bodies, usize::MAX).await?;
            let of_it = digest(vault, &bytes);
            (Body::from(bytes), Some(of_it))
        }
        false => (body, None),
    };
    let path = parts.uri.path();
    // With the instance, as an integrator's keys belong to the account; without the token, which may be replaced meanwhile.
    let line = format!("{} {} {}?{}", parts.method, instance(path), action(path), parts.uri.query().unwrap_or_default());
    let asked = Asked {
        scope: who.scope(),
        key: vault.digest("idempotency-key", None, key),
        request: vault.digest("idempotency-request", None, &line),
        body: body_digest,
    };
    match wait(state, &asked).await? {
        Claim::Other => Err(RestError::IdempotencyKeyReused),
        Claim::Busy => Err(RestError::IdempotencyKeyBusy),
        Claim::Answered { status, answer, body: known } => {
            if asked.body.is_none() {
                let most = state.settings.max_body_bytes;
                let read = timeout(state.settings.body_total_timeout, digest_of_rest(body, vault, most)).await;
                let now = read.map_err(|_| RestError::BodyTimeout)??;
                if known.is_some_and(|known| known != now) {
                    return Err(RestError::IdempotencyKeyReused);
                }
            }
            Ok(replay(status, answer))
        }
        Claim::Ours(held) => {
            match who {
                Who::Instance(access) => {
                    parts.extensions.insert(Recognised(access.repeatable(RequestCommands::new(held.command))));
                }
                Who::Partner(_) => {
                    parts.extensions.insert(Repeated(held.command));
                }
            }
            Ok(carry_out(state, &held, asked.body.is_some(), parts, body, next).await)
        }
    }
}

/// Lets the route answer, and remembers what it said.
async fn carry_out(state: &RestState, held: &Held, read: bool, parts: Parts, body: Body, next: Next) -> Response {
    let verdict = Verdict::default();
    let body = match read {
        true => body,
        false => digested(body, state.platform.clone(), held.clone(), verdict.clone()),
    };
    let response = holding(state, held, next.run(Request::from_parts(parts, body))).await;
    let response = verdict.take().map_or(response, |error| error.into_response());
    let status = response.status();
    let small = response.body().size_hint().upper().is_some_and(|size| size <= LONGEST_ANSWER);
    if !is_final(status) || !small {
        if let Err(error) = store::release(state.platform.pool(), held).await {
            tracing::debug!(%error, "an idempotency key was not given back; its lease runs out");
        }
        return response;
    }
    let (head, body) = response.into_parts();
    // Our own JSON, in memory already.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    if let Err(error) = store::finish(&state.platform, held, status.as_u16(), &text).await {
        // Whatever was accepted stays accepted, and is answered so. A repeat is carried out under the same command id.
        tracing::warn!(%error, "an answer was not kept for repeats");
    }
    Response::from_parts(head, Body::from(bytes))
}

/// Runs `work` while the key is kept ours.
async fn holding<T>(state: &RestState, held: &Held, work: impl Future<Output = T>) -> T {
    let mut beat = interval(RENEW);
    beat.tick().await;
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = beat.tick() => {
                if let Err(error) = store::renew(state.platform.pool(), held).await {
                    tracing::debug!(%error, "an idempotency key was not renewed");
                }
            }
        }
    }
}

/// Claims the key; while another request holds it, looks again for a while. No connection is held meanwhile.
async fn wait(state: &RestState, asked: &Asked) -> Result<Claim, RestError> {
    let until = Instant::now() + state.settings.repeat_patience;
    loop {
        match store::claim(&state.platform, asked).await? {
            Claim::Busy if Instant::now() < until => sleep(LOOK).await,
            claim => return Ok(claim),
        }
    }
}

async fn who(parts: &mut Parts, state: &RestState) -> Result<Who, RestError> {
    if action(parts.uri.path()).starts_with("/integrator/") {
        return Ok(Who::Partner(Partner::from_request_parts(parts, state).await?.account.as_uuid()));
    }
    Ok(Who::Instance(Box::new(recognise(parts, state).await?)))
}

/// The path behind the instance and its token: `/send-text`, `/integrator/on-demand`.
fn action(path: &str) -> &str {
    let rest = path.strip_prefix("/instances").unwrap_or(path);
    match rest.splitn(5, '/').collect::<Vec<_>>().as_slice() {
        ["", _, "token", _, action] => &path[path.len() - action.len() - 1..],
        _ => rest,
    }
}

/// The first segment behind `/instances`.
fn instance(path: &str) -> &str {
    path.strip_prefix("/instances/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

/// Does a POST to this path only look?
pub(crate) fn is_read(path: &str) -> bool {
    let action = action(path);
    READS.iter().any(|read| action == *read || action.strip_prefix(read).is_some_and(|rest| rest.starts_with('/')))
}

/// 1 to 255 printable ASCII characters, spaces inside included.
fn valid(key: &HeaderValue) -> Option<String> {
    let key = key.to_str().ok()?.trim();
    let printable = key.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    (!key.is_empty() && key.len() <= LONGEST_KEY && printable).then(|| key.to_owned())
}

fn announced(parts: &Parts, body: &Body) -> Option<usize> {
    let header = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    header.or_else(|| body.size_hint().exact().and_then(|size| usize::try_from(size).ok()))
}

/// Is this the last word? A 5xx, or a request that was never taken in, may be asked again.
fn is_final(status: StatusCode) -> bool {
    !status.is_server_error()
        && !matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS | StatusCode::CONFLICT
        )
}

fn replay(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = (status, body).into_response();
    answer::declare_utf8(&mut response);
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_is_what_follows_the_token() {
        assert_eq!(action("/instances/AB/token/CD/send-text"), "/send-text");
        assert_eq!(action("/instances/AB/token/CD/queue/019A"), "/queue/019A");
        assert_eq!(action("/instances/integrator/on-demand"), "/integrator/on-demand");
        assert_eq!(action("/instances/AB/token/AB/integrator/on-demand/cancel"), "/integrator/on-demand/cancel");
        assert_eq!(action("/instances"), "");
    }

    #[test]
    fn reads_are_known_with_what_follows_them() {
        assert!(is_read("/queue") && is_read("/group-metadata/120363-group"));
        assert!(is_read("/instances/AB/token/CD/queue") && !is_read("/instances/AB/token/CD/send-text"));
        assert!(!is_read("/queue-settings") && !is_read("/send-text"));
    }

    #[test]
    fn keys_are_short_and_printable() {
        let read = |text: &str| HeaderValue::from_bytes(text.as_bytes()).ok().and_then(|value| valid(&value));
        assert_eq!(read(" pedido 7 "), Some("pedido 7".to_owned()));
        for bad in ["", "   ", "açaí", "a\tb", &"x".repeat(256)] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert!(read(&"x".repeat(255)).is_some());
    }
}
