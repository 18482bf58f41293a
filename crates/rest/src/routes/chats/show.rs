//! `GET /chats/{phone}` and `GET /chat/{phone}`: one conversation.

use axum::extract::{RawPathParams, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::shape::Chat;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;

/// With what the other side says about itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCard, example = json!({
    "phone": "5562988887777", "name": "Ana", "archived": "false", "pinned": "false", "isMarkedSpam": "false", "isMuted": "0",
    "unread": "2", "messagesUnread": 2, "lastMessageTime": "1781524800123", "muteEndTime": null, "profileThumbnail": null,
    "isGroup": false, "isGroupAnnouncement": false, "about": "Disponível"
}))]
pub struct Card {
    #[serde(flatten)]
    chat: Chat,
    about: String,
}

/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN`.
#[utoipa::path(
    get,
    path = "/chats/{phone}",
    summary = "Ver uma conversa",
    description = "Com o recado do contato.",
    responses((status = 200, description = "A conversa.", body = Card)),
    extensions(("x-refusals" = json!(["NotConnected", "GROUP_FORBIDDEN"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Card> {
    let (session, with) = (live::session(&state, &caller)?, live::chat_of_path(&path)?);
    let card = session.answer(session.directory().chat(session.instance(), &with)).await?;
    Ok(Reply::ok(Card { chat: Chat::of(card.chat), about: card.about.unwrap_or_default() }))
}
