//! What waits to be sent (plugzapi-api.md 2.5).

pub mod clear;
pub mod count;
pub mod item;
pub mod list;
pub mod page;
pub mod pause;
pub mod remove;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(list::show, page::show, clear::clear))
        .described(routes!(count::show))
        .described(routes!(remove::remove))
        .described(routes!(pause::pause))
        .described(routes!(pause::resume))
}
