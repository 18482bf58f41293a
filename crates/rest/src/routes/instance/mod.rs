//! The instance itself (plugzapi-api.md 2.1).

pub mod device;
pub mod disconnect;
pub mod me;
mod pairing;
pub mod phone_code;
pub mod profile;
pub mod qr_code;
pub mod qr_code_image;
pub mod restart;
pub mod restore_session;
pub mod settings;
pub mod status;
pub mod update_name;

use axum::Router;
use axum::routing::{get, put};
use recado_messaging::engine::directory::ProfileChange;

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route(&of_instance("/status"), get(status::show))
        .route(&of_instance("/me"), get(me::show))
        .route(&of_instance("/device"), get(device::show))
        .route(&of_instance("/qr-code"), get(qr_code::show))
        .route(&of_instance("/qr-code/image"), get(qr_code_image::show))
        .route(&of_instance("/phone-code/{phone}"), get(phone_code::show))
        .route(&of_instance("/restart"), get(restart::restart))
        .route(&of_instance("/restore-session"), get(restore_session::restore))
        // Some clients POST (plugzapi-api.md 2.1).
        .route(&of_instance("/disconnect"), get(disconnect::disconnect).post(disconnect::disconnect))
        .route(&of_instance("/update-name"), put(update_name::rename))
        .route(&of_instance("/profile-picture"), profile::route(ProfileChange::Picture))
        .route(&of_instance("/profile-name"), profile::route(ProfileChange::Name))
        .route(&of_instance("/profile-description"), profile::route(ProfileChange::About))
        .route(&of_instance("/update-auto-read-message"), put(settings::auto_read))
        .route(&of_instance("/update-call-reject-auto"), put(settings::call_reject))
        .route(&of_instance("/update-call-reject-message"), put(settings::call_reject_message))
        .route(&of_instance("/update-queue-settings"), put(settings::queue))
}
