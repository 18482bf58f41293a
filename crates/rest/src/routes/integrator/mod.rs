//! The partner's routes (plugzapi-api.md 2.12): instances made, paid and ended by program.

pub mod cancel;
pub mod create;
pub mod list;
pub mod subscribe;
pub mod update_subscription;

use axum::Router;
use axum::routing::{get, post, put};
use serde::Serialize;

use super::of_instance;
use crate::RestState;

/// `{"value": true}`, with 201; the documents print a bare `OK`, which clients that only read JSON cannot.
#[derive(Debug, Serialize)]
pub struct Done {
    pub(super) value: bool,
}

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route("/instances", get(list::show))
        .route("/instances/integrator/on-demand", post(create::create))
        .route(&of_instance("/integrator/on-demand/subscription"), post(subscribe::subscribe))
        .route(&of_instance("/integrator/on-demand/cancel"), post(cancel::cancel))
        .route(&of_instance("/integrator/on-demand/subscription/update"), put(update_subscription::update))
}
