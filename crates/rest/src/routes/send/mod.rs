//! Sending (plugzapi-api.md 2.2 and 2.3).

pub mod text;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(text::send))
        // PlugZapi's older names (plugzapi-api.md 1.7).
        .alias("/send-messages", "POST /send-text", routes!(text::send))
        .alias("/reply-message", "POST /send-text", routes!(text::send))
}
