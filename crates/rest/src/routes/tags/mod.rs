//! Tags of WhatsApp Business (plugzapi-api.md 2.10).

pub mod assign;
pub mod colors;
pub mod edit;
pub mod list;

use axum::Router;
use axum::routing::{delete, get, post, put};

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route(&of_instance("/tags"), get(list::list))
        // PlugZapi's verb is GET (plugzapi-api.md 1.7).
        .route(&of_instance("/chats/{phone}/tags/{tag}/add"), put(assign::add).get(assign::add))
        .route(&of_instance("/chats/{phone}/tags/{tag}/remove"), put(assign::remove).get(assign::remove))
        .route(&of_instance("/business/create-tag"), post(edit::create))
        .route(&of_instance("/business/edit-tag/{id}"), post(edit::edit))
        .route(&of_instance("/business/tag/{id}"), delete(edit::delete))
        .route(&of_instance("/business/tags/colors"), get(colors::list))
}
