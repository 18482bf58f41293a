//! Groups (plugzapi-api.md 2.9).

pub mod change;
pub mod create;
pub mod invite;
pub mod leave;
pub mod list;
pub mod members;
pub mod metadata;
pub mod settings;

use axum::Router;
use axum::routing::{get, post};
use recado_messaging::engine::directory::GroupChange;

use super::of_instance;
use crate::RestState;
use members::Wish;

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route(&of_instance("/groups"), get(list::list))
        .route(&of_instance("/create-group"), post(create::create))
        .route(&of_instance("/update-group-name"), change::route("groupName", GroupChange::Subject))
        .route(&of_instance("/update-group-photo"), change::route("groupPhoto", GroupChange::Picture))
        .route(&of_instance("/update-group-description"), change::route("groupDescription", GroupChange::Description))
        .route(&of_instance("/update-group-settings"), post(settings::update))
        .route(&of_instance("/add-participant"), members::route(Wish::Add))
        .route(&of_instance("/remove-participant"), members::route(Wish::Remove))
        .route(&of_instance("/approve-participant"), members::route(Wish::Approve))
        .route(&of_instance("/reject-participant"), members::route(Wish::Reject))
        .route(&of_instance("/add-admin"), members::route(Wish::Promote))
        .route(&of_instance("/remove-admin"), members::route(Wish::Demote))
        .route(&of_instance("/leave-group"), post(leave::leave))
        // PlugZapi shows these with POST (plugzapi-api.md 1.7).
        .route(&of_instance("/group-metadata/{group}"), get(metadata::whole).post(metadata::whole))
        .route(&of_instance("/light-group-metadata/{group}"), get(metadata::light).post(metadata::light))
        .route(&of_instance("/group-invitation-metadata"), get(metadata::invited))
        .route(&of_instance("/group-invitation-link/{group}"), get(invite::show).post(invite::show))
        .route(&of_instance("/redefine-invitation-link/{group}"), post(invite::renew))
        .route(&of_instance("/accept-invite-group"), get(invite::accept))
}
