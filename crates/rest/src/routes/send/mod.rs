//! Sending (plugzapi-api.md 2.2 and 2.3).

pub mod text;

use axum::Router;
use axum::routing::post;

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    // The aliases are PlugZapi's older names (plugzapi-api.md 1.7).
    ["/send-text", "/send-messages", "/reply-message"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(&of_instance(path), post(text::send)))
}
