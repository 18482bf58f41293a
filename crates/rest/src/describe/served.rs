//! `/openapi.json` and `/postman.json`: public, the same for everybody until the next version of the server.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use tower_http::compression::CompressionLayer;

use super::Description;

/// The two files.
pub fn documents(description: &Description) -> Router {
    let openapi = File::new(description.json(), None);
    let postman = File::new(&description.postman(), Some("attachment; filename=\"recado.postman_collection.json\""));
    Router::new()
        .route("/openapi.json", get(move |headers: HeaderMap| async move { openapi.answer(&headers) }))
        .route("/postman.json", get(move |headers: HeaderMap| async move { postman.answer(&headers) }))
        .layer(CompressionLayer::new())
}

#[derive(Clone)]
struct File {
    bytes: Bytes,
    etag: HeaderValue,
    disposition: Option<&'static str>,
}

impl File {
    fn new(json: &Value, disposition: Option<&'static str>) -> Self {
        let text = json.to_string();
        let mut hash = DefaultHasher::new();
        text.hash(&mut hash);
        // Weak: compression changes the bytes.
        let etag = HeaderValue::from_str(&format!("W/\"{:016x}\"", hash.finish())).unwrap_or(HeaderValue::from_static("W/\"0\""));
        Self { bytes: text.into(), etag, disposition }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.get_all(IF_NONE_MATCH).iter().any(|tags| {
            tags.to_str()
                .is_ok_and(|tags| tags.split(',').any(|tag| tag.trim() == "*" || tag.trim().as_bytes() == self.etag.as_bytes()))
        });
        let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { self.bytes.clone().into_response() };
        let headers = response.headers_mut();
        headers.insert(ETAG, self.etag.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        // Editors and clients in a browser may read what is public anyway.
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
        if !known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            if let Some(disposition) = self.disposition {
                headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
            }
        }
        response
    }
}
