//! `GET /contacts/{phone}`: one person.

use axum::extract::{RawPathParams, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::list::Contact;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;

/// A contact with picture and "about".
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ContactCard, example = json!({
    "phone": "5562988887777", "name": "Ana Souza", "short": "Ana", "vname": "Ana", "notify": "Ana", "imgUrl": "", "about": "Disponível"
}))]
pub struct Card {
    #[serde(flatten)]
    contact: Contact,
    img_url: String,
    about: String,
}

/// # Errors
/// Not connected, `Invalid phone`.
#[utoipa::path(
    get,
    path = "/contacts/{phone}",
    summary = "Ver um contato",
    description = "Com foto e recado.",
    responses((status = 200, description = "O contato.", body = Card)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Card> {
    let (session, who) = (live::session(&state, &caller)?, live::chat_of_path(&path)?);
    let card = session.answer(session.directory().contact(session.instance(), &who)).await?;
    Ok(Reply::ok(Card {
        contact: Contact::of(&card.contact),
        img_url: card.picture.unwrap_or_default(),
        about: card.about.unwrap_or_default(),
    }))
}
