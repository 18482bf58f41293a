//! `GET /assets/{file}`: the right form for what the browser accepts, kept for a year because a change changes the name.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Asset, Assets, PREFIX};

impl Assets {
    /// The routes. They carry no compression layer's work: answers that already have `Content-Encoding` are left alone by it.
    pub fn router(&self) -> Router {
        Router::new().route(&format!("{PREFIX}/{{file}}"), get(serve)).with_state(self.clone())
    }
}

async fn serve(State(assets): State<Assets>, Path(file): Path<String>, request: HeaderMap) -> Response {
    let Some(asset) = assets.0.files.get(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (encoding, body) =
        choose(asset, request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default());
    // The name carries the hash; the form is part of what a cache must tell apart.
    let tag = format!("\"{file}{}{}\"", if encoding.is_some() { "-" } else { "" }, encoding.unwrap_or_default());
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|seen| matches(seen, &tag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&file)));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, body).into_response()
}

fn matches(if_none_match: &str, tag: &str) -> bool {
    if_none_match.split(',').map(|seen| seen.trim().trim_start_matches("W/")).any(|seen| seen == tag || seen == "*")
}

/// The smallest form that the browser takes.
fn choose(asset: &Asset, accept: &str) -> (Option<&'static str>, bytes::Bytes) {
    match (&asset.brotli, &asset.gzip) {
        (Some(brotli), _) if accepts(accept, "br") => (Some("br"), brotli.clone()),
        (_, Some(gzip)) if accepts(accept, "gzip") => (Some("gzip"), gzip.clone()),
        _ => (None, asset.plain.clone()),
    }
}

/// Whether `Accept-Encoding` allows a coding (RFC 9110 12.5.3: `q=0` means no).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty()));
        name.eq_ignore_ascii_case(coding) && !refused
    })
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use bytes::Bytes;
    use tower::ServiceExt as _;

    use super::*;

    fn assets() -> Assets {
        let manifest = br#"{"client":"frontend.ab","files":{"main.css":"main.ab.css","frontend_bg.wasm":"frontend.ab_bg.wasm"}}"#;
        let file = |name: &str| {
            Ok(match name {
                "main.ab.css" => Some(Bytes::from_static(b"a{color:red}")),
                "main.ab.css.br" => Some(Bytes::from_static(b"BR")),
                "main.ab.css.gz" => Some(Bytes::from_static(b"GZ")),
                "frontend.ab_bg.wasm" => Some(Bytes::from_static(b"\0asm")),
                _ => None,
            })
        };
        Assets::from_source(manifest, file).unwrap()
    }

    async fn ask(path: &str, name: header::HeaderName, value: &str) -> Response {
        let request = Request::get(path).header(name, value).body(Body::empty()).unwrap();
        assets().router().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn the_best_accepted_form_is_served_for_a_year() {
        let url = assets().urls().url("main.css");
        assert_eq!(url, "/assets/main.ab.css");
        for (accept, encoding) in [("gzip, deflate, br", Some("br")), ("gzip, br;q=0", Some("gzip")), ("identity", None)] {
            let response = ask(&url, header::ACCEPT_ENCODING, accept).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(
                response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap()),
                encoding,
                "{accept}"
            );
            assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        }
        let wasm = ask("/assets/frontend.ab_bg.wasm", header::ACCEPT_ENCODING, "br").await;
        assert_eq!(wasm.headers()[header::CONTENT_TYPE], "application/wasm");
    }

    #[tokio::test]
    async fn a_browser_that_has_it_is_told_so_and_strangers_get_404() {
        assert_eq!(ask("/assets/main.ab.css", header::IF_NONE_MATCH, "\"main.ab.css\"").await.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("/assets/main.old.css", header::ACCEPT, "*/*").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(assets().urls().url("typo.css"), "/assets/typo.css");
    }

    #[test]
    fn an_incomplete_site_is_named() {
        let error = Assets::from_source(br#"{"client":"f.1","files":{"f.js":"f.1.js"}}"#, |_| Ok(None)).unwrap_err();
        assert!(error.to_string().contains("f.1.js"), "{error}");
    }

    #[test]
    fn leptos_is_told_the_hashed_name() {
        let options = assets().leptos_options();
        assert_eq!((&*options.output_name, &*options.site_pkg_dir), ("frontend.ab", "assets"));
    }
}
