//! `POST /send-contact`: one contact card.

use axum::extract::State;
use recado_messaging::domain::message::ContactCard;

use super::common::accept;
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;

crate::body! {
    /// What `POST /send-contact` takes.
    pub SendContactBody {
        phone(),
        text("contactName", "Nome.").required(),
        text("contactPhone", "Número.").required(),
        text("contactBusinessDescription", "Descrição da empresa."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "contactName": "Bruno Reis", "contactPhone": "5562977776666" }
}

/// Required: `phone`, `contactName`, `contactPhone`. Optional: `contactBusinessDescription`, and the common ones.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-contact",
    summary = "Enviar contato",
    description = "Um cartão de contato.",
    request_body = SendContactBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let card = ContactCard {
        name: body.text("contactName")?.to_owned(),
        phones: vec![digits(&body.word("contactPhone")?)],
        business_description: body.optional_text("contactBusinessDescription")?.map(str::to_owned),
        vcard: None,
    };
    accept(&state, &caller, &body, card, vec![]).await
}

/// A number on a card need not be one of WhatsApp's (it may be a fixed line or a short one): only what people type around digits goes.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(|character| !matches!(character, ' ' | '+' | '-' | '(' | ')' | '.')).collect()
}
