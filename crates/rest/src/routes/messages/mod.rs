//! Messages that are there already (plugzapi-api.md 2.4).

pub mod delete;
pub mod read;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new().described(routes!(delete::remove)).described(routes!(read::mark))
}
