//! The partner's routes (plugzapi-api.md 2.12): instances made, paid and ended by program.

pub mod cancel;
pub mod create;
pub mod list;
pub mod subscribe;
pub mod update_subscription;

use axum::routing::put;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::of_instance;
use crate::describe::Router;

/// `{"value": true}`, with 201; the documents print a bare `OK`, which clients that only read JSON cannot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "value": true }))]
pub struct Done {
    pub(super) value: bool,
}

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(create::create))
        .described(routes!(list::show))
        .described(routes!(subscribe::subscribe))
        .described(routes!(cancel::cancel))
        // Stands with the other routes that are not built, see `catalogue`.
        .route(&of_instance("/integrator/on-demand/subscription/update"), put(update_subscription::update))
}
