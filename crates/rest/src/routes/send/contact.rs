//! `POST /send-contact`: one contact card.

use axum::extract::State;
use recado_messaging::domain::message::ContactCard;

use super::common::accept;
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;

/// Required: `phone`, `contactName`, `contactPhone`. Optional: `contactBusinessDescription`, and the common ones.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
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
