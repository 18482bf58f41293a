//! Tags of WhatsApp Business (plugzapi-api.md 2.10).

pub mod assign;
pub mod colors;
pub mod edit;
pub mod list;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(list::list))
        .described(routes!(assign::add))
        .described(routes!(assign::remove))
        .described(routes!(edit::create))
        .described(routes!(edit::edit))
        .described(routes!(edit::delete))
        .described(routes!(colors::list))
}
