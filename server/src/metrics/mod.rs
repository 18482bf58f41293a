//! `/metrics`: for Prometheus, and for nobody else. Who may not read it is told that it does not exist.

mod page;
mod text;

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use recado_event_store::health::HealthProbe;
use recado_kernel::Secret;
use subtle::ConstantTimeEq as _;

use crate::config::Settings;

/// Set by proxies: a request that carries one comes from somewhere else than the connection.
const FORWARDED: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"];

#[derive(Clone)]
struct Metrics {
    probe: HealthProbe,
    readers: Readers,
}

/// Who may read.
#[derive(Debug, Clone)]
enum Readers {
    /// Whoever shows it, and nobody else.
    Token(Secret<String>),
    /// Programs on this machine.
    ThisMachine,
    /// The site has a public address: a connection from this machine may come from a proxy, which need not say so.
    Nobody,
}

impl Readers {
    fn of(token: Option<&Secret<String>>, public_url: Option<&str>) -> Self {
        match (token, public_url) {
            (Some(token), _) => Self::Token(token.clone()),
            (None, Some(url)) if !is_this_machine(url) => Self::Nobody,
            (None, _) => Self::ThisMachine,
        }
    }

    fn include(&self, from: Option<IpAddr>, headers: &HeaderMap) -> bool {
        match self {
            Self::Token(token) => {
                let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
                let given = given.and_then(|value| value.strip_prefix("Bearer "));
                given.is_some_and(|given| token.expose().as_bytes().ct_eq(given.trim().as_bytes()).into())
            }
            Self::ThisMachine => {
                from.is_some_and(|ip| ip.to_canonical().is_loopback())
                    && !FORWARDED.iter().any(|name| headers.contains_key(*name))
            }
            Self::Nobody => false,
        }
    }
}

/// Is it `localhost` or a loopback address?
fn is_this_machine(url: &str) -> bool {
    let uri = url.parse::<Uri>().unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// The route. With a token whoever shows it reads it; without one only this machine, and only while the site is its own.
pub fn router(probe: HealthProbe, settings: &Settings) -> Router {
    let readers = Readers::of(settings.metrics_token.as_ref(), settings.public_url.as_deref());
    Router::new().route("/metrics", get(show)).with_state(Metrics { probe, readers })
}

async fn show(
    State(metrics): State<Metrics>,
    address: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let from = address.map(|axum::Extension(ConnectInfo(address))| address.ip());
    if !metrics.readers.include(from, &headers) {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn includes(readers: &Readers, from: Option<&str>, given: &[(&'static str, &str)]) -> bool {
        readers.include(from.map(|ip| ip.parse().unwrap()), &headers(given))
    }

    const HERE: Option<&str> = Some("127.0.0.1");
    const THERE: Option<&str> = Some("203.0.113.9");

    #[test]
    fn with_a_token_only_the_token_opens_it() {
        let token = Secret::new("a-long-enough-token".to_owned());
        let right = ("authorization", "Bearer a-long-enough-token");
        for url in [None, Some("https://recado.example.com")] {
            let readers = Readers::of(Some(&token), url);
            for (from, given, allowed) in [
                (THERE, &[right][..], true),
                (HERE, &[right], true),
                (HERE, &[right, ("x-forwarded-for", "1.2.3.4")], true),
                (HERE, &[], false),
                (THERE, &[], false),
                (HERE, &[("authorization", "Bearer a-long-enough-tokem")], false),
                (THERE, &[("authorization", "Basic a-long-enough-token")], false),
            ] {
                assert_eq!(includes(&readers, from, given), allowed, "{from:?} {given:?}");
            }
        }
    }

    #[test]
    fn without_a_token_only_this_machine_opens_it() {
        let readers = Readers::of(None, None);
        for (from, given, allowed) in [
            (HERE, &[][..], true),
            (Some("::ffff:127.0.0.1"), &[], true),
            (Some("::1"), &[], true),
            (THERE, &[], false),
            (None, &[], false),
            (HERE, &[("x-forwarded-for", "203.0.113.9")], false),
            (HERE, &[("forwarded", "for=203.0.113.9")], false),
            (HERE, &[("x-real-ip", "203.0.113.9")], false),
            (THERE, &[("authorization", "Bearer a-long-enough-token")], false),
        ] {
            assert_eq!(includes(&readers, from, given), allowed, "{from:?} {given:?}");
        }
    }

    #[test]
    fn a_public_address_without_a_token_closes_it() {
        for (url, open) in [
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("https://recado.example.com", false),
            ("https://localhost.example.com", false),
            ("https://203.0.113.9", false),
            ("https://", false),
        ] {
            assert_eq!(includes(&Readers::of(None, Some(url)), HERE, &[]), open, "{url}");
        }
    }
}
