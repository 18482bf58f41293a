//! The instance itself (plugzapi-api.md 2.1).

pub mod device;
pub mod disconnect;
pub mod me;
mod pairing;
pub mod phone_code;
pub mod qr_code;
pub mod qr_code_image;
pub mod restart;
pub mod restore_session;
pub mod status;
pub mod update_name;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(status::show))
        .described(routes!(me::show))
        .described(routes!(device::show))
        .described(routes!(qr_code::show))
        .described(routes!(qr_code_image::show))
        .described(routes!(phone_code::show))
        .described(routes!(restart::restart))
        .described(routes!(restore_session::restore))
        // Some clients POST (plugzapi-api.md 2.1).
        .described(routes!(disconnect::disconnect))
        .described(routes!(update_name::rename))
}
