//! `GET /phone-exists/{phone}`: has the number a WhatsApp? Clients ask before each message: answers are remembered.

use axum::extract::{RawPathParams, State};
use recado_kernel::ChatAddress;
use recado_messaging::MessagingError;
use recado_messaging::engine::DirectoryError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;
use crate::{RestError, RestState};

/// An object, though documented as a list of one: clients read an object (plugzapi-api.md 2.7).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "exists": true, "phone": "5562988887777", "lid": "20456789012345@lid" }))]
pub struct Existence {
    exists: bool,
    phone: String,
    lid: Option<String>,
}

/// `phone` is WhatsApp's own form of the number, which may lack the Brazilian ninth digit. A hidden id (`…@lid`) may be asked for, too.
///
/// # Errors
/// Not connected, `Invalid phone`.
#[utoipa::path(
    get,
    path = "/phone-exists/{phone}",
    summary = "O número tem WhatsApp?",
    description = "`phone` da resposta é a forma do WhatsApp, que pode não ter o nono dígito.",
    responses((status = 200, description = "Tem, ou não.", body = Existence)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn exists(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Existence> {
    let (session, who) = (live::session(&state, &caller)?, live::chat_of_path(&path)?);
    let phone = match &who {
        ChatAddress::Phone(phone) => phone.clone(),
        ChatAddress::HiddenContact(lid) => match session.answer(session.directory().contact(session.instance(), &who)).await {
            Ok(card) => card.contact.phone,
            Err(MessagingError::Directory(DirectoryError::InvalidPhone)) => {
                return Ok(Reply::ok(Existence { exists: false, phone: lid.clone(), lid: None }));
            }
            Err(error) => return Err(error.into()),
        },
        _ => return Err(RestError::InvalidPhone),
    };
    let found = session.look_up(std::slice::from_ref(&phone)).await?.pop().ok_or(RestError::WhatsappSilent)?;
    Ok(Reply::ok(Existence { exists: found.exists, phone: found.phone.into(), lid: found.lid }))
}
