//! `GET /groups`: the groups as conversations.

use axum::extract::State;
use recado_messaging::engine::directory::ChatKind;
use serde::Serialize;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::chats::shape::Chat;
use crate::routes::live;

/// A group as a conversation. No group of ours belongs to a community.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    #[serde(flatten)]
    chat: Chat,
    community_id: Option<String>,
}

/// Query: `page`, `pageSize`.
///
/// # Errors
/// Not connected, numbers of letters.
pub async fn list(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Vec<Item>> {
    let (session, page) = (live::session(&state, &caller)?, live::page(&params)?);
    let chats = session.answer(session.directory().chats(session.instance(), ChatKind::Groups, page)).await?;
    Ok(Reply::ok(chats.into_iter().map(|chat| Item { chat: Chat::of(chat), community_id: None }).collect()))
}
