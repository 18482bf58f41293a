//! Messages that are there already (plugzapi-api.md 2.4).

pub mod delete;
pub mod read;

use axum::Router;
use axum::routing::{delete, post};

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    Router::new().route(&of_instance("/messages"), delete(delete::remove)).route(&of_instance("/read-message"), post(read::mark))
}
