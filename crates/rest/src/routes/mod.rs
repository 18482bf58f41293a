//! The routes that are built, one file each. What is documented but not built stands in [`crate::catalogue`].

pub mod chats;
pub mod contacts;
pub mod events;
pub mod groups;
pub mod instance;
pub mod integrator;
pub mod live;
pub mod messages;
pub mod queue;
pub mod send;
pub mod tags;
pub mod webhooks;

use axum::Router;

use crate::RestState;

/// Where an instance's routes begin.
pub const INSTANCE: &str = "/instances/{instance}/token/{token}";

/// The full pattern of an instance's `action`, which begins with a slash.
#[must_use]
pub fn of_instance(action: &str) -> String {
    format!("{INSTANCE}{action}")
}

/// Every built route.
pub fn routes() -> Router<RestState> {
    Router::new()
        .merge(instance::routes())
        .merge(send::routes())
        .merge(messages::routes())
        .merge(queue::routes())
        .merge(webhooks::routes())
        .merge(contacts::routes())
        .merge(chats::routes())
        .merge(groups::routes())
        .merge(tags::routes())
        .merge(events::routes())
        .merge(integrator::routes())
}
