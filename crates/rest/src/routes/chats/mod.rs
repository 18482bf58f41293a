//! Conversations (plugzapi-api.md 2.8).

pub mod list;
pub mod modify;
pub mod shape;
pub mod show;

use axum::Router;
use axum::routing::{get, post};

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route(&of_instance("/chats"), get(list::list))
        .route(&of_instance("/chats/{phone}"), get(show::show))
        // PlugZapi's name (plugzapi-api.md 1.7).
        .route(&of_instance("/chat/{phone}"), get(show::show))
        .route(&of_instance("/modify-chat"), post(modify::modify))
}
