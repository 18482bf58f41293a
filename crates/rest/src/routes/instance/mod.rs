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

use recado_messaging::engine::directory::ProfileChange;
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
        .merge(profile("/profile-picture", profile::route(ProfileChange::Picture), PICTURE))
        .merge(profile("/profile-name", profile::route(ProfileChange::Name), NAME))
        .merge(profile("/profile-description", profile::route(ProfileChange::About), ABOUT))
        .described(routes!(settings::auto_read))
        .described(routes!(settings::call_reject))
        .described(routes!(settings::call_reject_message))
        .described(routes!(settings::queue))
}

/// Summary, what the description says, the example.
type Told = (&'static str, &'static str, &'static str);

const PICTURE: Told = ("Mudar a foto do perfil", "`value` é o endereço de uma imagem.", "https://www.example.com/logo.jpg");
const NAME: Told = ("Mudar o nome do perfil", "O nome que os contatos veem.", "Padaria Ipê");
const ABOUT: Told = ("Mudar o recado do perfil", "O texto abaixo do nome.", "Pão quente às 6h e às 16h");

fn profile(path: &str, methods: axum::routing::MethodRouter<crate::RestState>, (summary, says, example): Told) -> Router {
    Router::new().described_as::<profile::__path_update>(path, None, methods, |operation| {
        operation.summary = Some(summary.to_owned());
        operation.description = Some(says.to_owned());
        let content = operation.request_body.as_mut().and_then(|body| body.content.get_mut("application/json"));
        if let Some(content) = content {
            content.example = Some(serde_json::json!({ "value": example }));
        }
    })
}
