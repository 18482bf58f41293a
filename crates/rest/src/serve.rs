//! The way into the API: URLs are tidied, spans opened, panics turned into answers, before and around the routes.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;

use crate::describe::documents;
use crate::{Description, RestError, RestState, catalogue, idempotency, routes, url};

/// The API below `/instances`, with its description at `/openapi.json` and `/postman.json`. It has no fallback of its own, so it can be
/// merged with the panel's router; [`unknown_route`] is the fallback for a server that serves nothing else.
///
/// Expects `RestSettings::max_body_bytes` to be the only body limit around it.
pub fn router(state: RestState) -> Router {
    let description = documents(&Description::new(&state.settings.public_url));
    let inner = routes::routes()
        .merge(catalogue::routes())
        .into_axum()
        .method_not_allowed_fallback(|| async { RestError::MethodNotAllowed })
        .fallback(unknown_route)
        .layer(CatchPanicLayer::custom(|_| RestError::Internal.into_response()))
        // Around the panics: what a defect began, a repeat may end.
        .layer(from_fn_with_state(state.clone(), idempotency::guard))
        .with_state(state);
    let tidied = any(move |request: Request| serve(inner.clone(), request));
    // `//instances` is what a client makes of a base URL that ends with a slash.
    ["/instances", "/instances/", "/instances/{*rest}", "//instances", "//instances/", "//instances/{*rest}"]
        .into_iter()
        .fold(description, |outer, path| outer.route(path, tidied.clone()))
}

/// Answers what is no route of the API.
pub async fn unknown_route(State(state): State<RestState>) -> RestError {
    RestError::UnknownRoute { as_original: state.settings.strict_zapi_status }
}

async fn serve(inner: Router, mut request: Request) -> Response {
    *request.uri_mut() = url::normalized(request.uri());
    let span = tracing::info_span!("rest", method = %request.method(), path = url::masked(request.uri().path()));
    async move {
        let response = match inner.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status().as_u16();
        if response.status().is_server_error() {
            tracing::warn!(status, "answered");
        } else {
            tracing::debug!(status, "answered");
        }
        response
    }
    .instrument(span)
    .await
}
