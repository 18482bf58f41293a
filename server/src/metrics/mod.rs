//! `/metrics`: for Prometheus, and for nobody else. Who may not read it is told that it does not exist.

mod page;
mod text;

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use recado_event_store::health::HealthProbe;
use recado_kernel::Secret;
use subtle::ConstantTimeEq as _;

/// Set by proxies: a request that carries one comes from somewhere else than the connection.
const FORWARDED: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"];

#[derive(Clone)]
struct Metrics {
    probe: HealthProbe,
    token: Option<Secret<String>>,
}

/// The route. Without a token only this machine may read it.
pub fn router(probe: HealthProbe, token: Option<Secret<String>>) -> Router {
    Router::new().route("/metrics", get(show)).with_state(Metrics { probe, token })
}

async fn show(
    State(metrics): State<Metrics>,
    address: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let from = address.map(|axum::Extension(ConnectInfo(address))| address.ip());
    if !may_read(metrics.token.as_ref(), from, &headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match metrics.probe.read().await {
        Ok(health) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page::page(&health)).into_response(),
        Err(error) => {
            tracing::warn!(%error, "metrics: the database does not answer");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// With the token from anywhere; without one only from this machine itself, not through a proxy on it.
fn may_read(token: Option<&Secret<String>>, from: Option<IpAddr>, headers: &HeaderMap) -> bool {
    let given =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    if let (Some(token), Some(given)) = (token, given)
        && bool::from(token.expose().as_bytes().ct_eq(given.trim().as_bytes()))
    {
        return true;
    }
    from.is_some_and(|ip| ip.to_canonical().is_loopback()) && !FORWARDED.iter().any(|name| headers.contains_key(*name))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_the_token_or_this_machine_opens_it() {
        let token = Secret::new("a-long-enough-token".to_owned());
        let (here, mapped, there) =
            ("127.0.0.1".parse().unwrap(), "::ffff:127.0.0.1".parse().unwrap(), "203.0.113.9".parse().unwrap());
        let bearer = [("authorization", "Bearer a-long-enough-token")];
        for (token, from, given, allowed) in [
            (None, Some(here), &[][..], true),
            (None, Some(mapped), &[], true),
            (None, Some(there), &[], false),
            (None, None, &[], false),
            (None, Some(here), &[("x-forwarded-for", "203.0.113.9")], false),
            (None, Some(here), &[("forwarded", "for=203.0.113.9")], false),
            (None, Some(here), &[("x-real-ip", "203.0.113.9")], false),
            (None, Some(there), &bearer, false),
            (Some(&token), Some(there), &bearer, true),
            (Some(&token), Some(here), &[("authorization", "Bearer a-long-enough-token"), ("x-forwarded-for", "1.2.3.4")], true),
            (Some(&token), Some(there), &[("authorization", "Bearer a-long-enough-tokem")], false),
            (Some(&token), Some(there), &[("authorization", "Basic a-long-enough-token")], false),
            (Some(&token), Some(there), &[], false),
        ] {
            assert_eq!(may_read(token, from, &headers(given)), allowed, "{from:?} {given:?}");
        }
    }
}
