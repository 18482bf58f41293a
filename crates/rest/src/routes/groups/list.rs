//! `GET /groups`: the groups as conversations.

use axum::extract::State;
use recado_messaging::engine::directory::ChatKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::chats::shape::Chat;
use crate::routes::live;

/// A group as a conversation. No group of ours belongs to a community.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GroupItem, example = json!({
    "phone": "120363025486970112-group", "name": "Entregas", "archived": "false", "pinned": "false", "isMarkedSpam": "false", "isMuted": "0",
    "unread": "2", "messagesUnread": 2, "lastMessageTime": "1781524800123", "muteEndTime": null, "profileThumbnail": null,
    "isGroup": true, "isGroupAnnouncement": false, "communityId": null
}))]
pub struct Item {
    #[serde(flatten)]
    chat: Chat,
    community_id: Option<String>,
}

/// Query: `page`, `pageSize`.
///
/// # Errors
/// Not connected, numbers of letters.
#[utoipa::path(
    get,
    path = "/groups",
    summary = "Listar grupos",
    description = "Os grupos do número, página por página.",
    params(
        ("page" = Option<i64>, Query, description = "Página, a partir de 1. Padrão: 1."),
        ("pageSize" = Option<i64>, Query, description = "Quantas por página: 1 a 5000. Padrão: 50."),
    ),
    responses((status = 200, description = "Uma página.", body = Vec<Item>)),
    extensions(("x-refusals" = json!(["NotConnected", "pageSize is invalid"]))),
)]
pub async fn list(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Vec<Item>> {
    let (session, page) = (live::session(&state, &caller)?, live::page(&params)?);
    let chats = session.answer(session.directory().chats(session.instance(), ChatKind::Groups, page)).await?;
    Ok(Reply::ok(chats.into_iter().map(|chat| Item { chat: Chat::of(chat), community_id: None }).collect()))
}
