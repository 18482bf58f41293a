//! `GET /phone-code/{phone}`: a code to type on the phone instead of scanning.

use axum::extract::{RawPathParams, State};
use recado_kernel::PhoneNumber;
use serde::Serialize;
use utoipa::ToSchema;

use super::pairing::{Code, needs_pairing};
use crate::answer::{Answer, Reply};
use crate::auth::{Caller, path_value};
use crate::{RestError, RestState};

/// Sources disagree about the field's name, so it comes under both (plugzapi-api.md 2.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct PhoneCode {
    value: String,
    code: String,
}

/// Begins to pair if need be.
///
/// # Errors
/// `Invalid phone`, `Whatsapp did not respond`; the database.
#[utoipa::path(
    get,
    path = "/phone-code/{phone}",
    summary = "Código para digitar no celular",
    description = "Em vez do QR Code: no celular, WhatsApp › Dispositivos conectados › Conectar com número de telefone.",
    responses((status = 200, description = "O código, ou a notícia de que já está conectada.", body = Code<PhoneCode>,
        example = json!({ "value": "K7QZ2M9P", "code": "K7QZ2M9P" }))),
    extensions(("x-refusals" = json!(["You need to restore the session.", "WhatsappSilent"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Code<PhoneCode>> {
    let phone: PhoneNumber = path_value(&path, "phone").parse().map_err(|_| RestError::InvalidPhone)?;
    if !needs_pairing(&caller)? {
        return Ok(Reply::ok(Code::connected()));
    }
    let code = state.messaging.phone_code(caller.meta(&state), caller.instance(), &phone).await?;
    let code = code.ok_or(RestError::WhatsappSilent)?;
    Ok(Reply::ok(Code::Show(PhoneCode { value: code.clone(), code })))
}
