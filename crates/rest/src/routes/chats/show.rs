//! `GET /chats/{phone}` and `GET /chat/{phone}`: one conversation.

use axum::extract::{RawPathParams, State};
use serde::Serialize;

use super::shape::Chat;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;

/// With what the other side says about itself.
#[derive(Debug, Serialize)]
pub struct Card {
    #[serde(flatten)]
    chat: Chat,
    about: String,
}

/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN`.
pub async fn show(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Card> {
    let (session, with) = (live::session(&state, &caller)?, live::chat_of_path(&path)?);
    let card = session.answer(session.directory().chat(session.instance(), &with)).await?;
    Ok(Reply::ok(Card { chat: Chat::of(card.chat), about: card.about.unwrap_or_default() }))
}
