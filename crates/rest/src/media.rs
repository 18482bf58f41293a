//! `GET /media/{name}`: received files for whoever was told their address by a webhook (plugzapi-api.md 3.3). No sign-in: the address is
//! the key, and it dies with the file.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use recado_messaging::Messaging;
use recado_messaging::media::OpenMedia;

/// The door to received files.
pub fn media_router(messaging: Messaging) -> Router {
    Router::new().route("/media/{name}", get(serve)).with_state(messaging)
}

async fn serve(State(messaging): State<Messaging>, Path(name): Path<String>) -> Response {
    match messaging.media_links().open(&name).await {
        Ok(Some(found)) => answer(found),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, "a file was not served");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Strangers sent these bytes: a browser must neither guess what they are nor run them on our address.
fn answer(found: OpenMedia) -> Response {
    let plain = HeaderValue::from_static("application/octet-stream");
    let content_type = HeaderValue::from_str(&found.file.mime_type).unwrap_or(plain);
    let headers: [(HeaderName, HeaderValue); 6] = [
        (CONTENT_TYPE, content_type),
        (CONTENT_LENGTH, HeaderValue::from(found.file.size)),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, Body::from_stream(found.bytes)).into_response()
}
