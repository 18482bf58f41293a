//! `GET /device`: the connected number ("Dados do celular").

use axum::extract::State;
use recado_messaging::engine::directory::OwnProfile;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;
use crate::{RestError, RestState};

/// What is known of the phone; unknown texts are empty (plugzapi-api.md 1.7).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "phone": "5562933334444", "imgUrl": "", "about": "", "name": "", "originalDevice": "android", "sessionId": 0, "isBusiness": false,
    "device": {
        "sessionName": "Atendimento", "device_model": "", "wa_version": "", "mcc": "", "mnc": "", "os_version": "",
        "device_manufacturer": "", "osbuildnumber": "", "platform": ""
    }
}))]
pub struct Device {
    phone: String,
    img_url: String,
    about: String,
    name: String,
    original_device: &'static str,
    session_id: i64,
    is_business: bool,
    device: Hardware,
}

/// PlugZapi's and Z-API's names together.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Hardware {
    #[serde(rename = "sessionName")]
    session_name: String,
    device_model: String,
    wa_version: String,
    mcc: String,
    mnc: String,
    os_version: String,
    device_manufacturer: String,
    osbuildnumber: String,
    platform: String,
}

/// # Errors
/// `You need to be connected with whatsapp` without a linked number.
#[utoipa::path(
    get,
    path = "/device",
    summary = "Dados do celular",
    description = "O número conectado e o que se sabe do aparelho; textos desconhecidos vêm vazios.",
    responses((status = 200, description = "Os dados.", body = Device)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Device> {
    let view = &caller.access.view;
    let number = view.number.as_ref().filter(|_| view.connected()).ok_or(RestError::NotConnected)?;
    // What others see is told as far as the session answers.
    let profile = match live::session(&state, &caller) {
        Ok(session) => session.answer(session.directory().own_profile(session.instance())).await.unwrap_or_default(),
        Err(_) => OwnProfile::default(),
    };
    Ok(Reply::ok(Device {
        phone: number.as_str().to_owned(),
        img_url: profile.picture.unwrap_or_default(),
        about: profile.about,
        name: profile.name,
        original_device: if profile.business { "smba" } else { "android" },
        session_id: 0,
        is_business: profile.business,
        device: Hardware {
            session_name: view.device.session_name.clone().unwrap_or_else(|| view.name.clone()),
            ..Hardware::default()
        },
    }))
}
