//! Conversations (plugzapi-api.md 2.8).

pub mod list;
pub mod modify;
pub mod shape;
pub mod show;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(list::list))
        .described(routes!(show::show))
        // PlugZapi's name (plugzapi-api.md 1.7).
        .alias("/chat/{phone}", "GET /chats/{phone}", routes!(show::show))
        .described(routes!(modify::modify))
}
