//! What waits to be sent (plugzapi-api.md 2.5).

pub mod clear;
pub mod count;
pub mod item;
pub mod list;
pub mod page;
pub mod pause;
pub mod remove;

use axum::Router;
use axum::routing::{delete, get, put};

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route(&of_instance("/queue"), get(list::show).post(page::show).delete(clear::clear))
        .route(&of_instance("/queue/count"), get(count::show))
        .route(&of_instance("/queue/pause"), put(pause::pause))
        .route(&of_instance("/queue/resume"), put(pause::resume))
        .route(&of_instance("/queue/{zaap_id}"), delete(remove::remove))
}
