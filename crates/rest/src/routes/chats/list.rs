//! `GET /chats`: the conversations, pinned ones first, then by the newest message.

use axum::extract::State;
use recado_messaging::engine::directory::ChatKind;

use super::shape::Chat;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;

/// Query: `page`, `pageSize`.
///
/// # Errors
/// Not connected, numbers of letters.
#[utoipa::path(
    get,
    path = "/chats",
    summary = "Listar conversas",
    description = "As conversas do número, página por página. Atenção aos tipos: vários números e verdadeiros vêm como texto.",
    params(
        ("page" = Option<i64>, Query, description = "Página, a partir de 1. Padrão: 1."),
        ("pageSize" = Option<i64>, Query, description = "Quantas por página: 1 a 5000. Padrão: 50."),
    ),
    responses((status = 200, description = "Uma página.", body = Vec<Chat>)),
    extensions(("x-refusals" = json!(["NotConnected", "pageSize is invalid"]))),
)]
pub async fn list(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Vec<Chat>> {
    let (session, page) = (live::session(&state, &caller)?, live::page(&params)?);
    let chats = session.answer(session.directory().chats(session.instance(), ChatKind::Any, page)).await?;
    Ok(Reply::ok(chats.into_iter().map(Chat::of).collect()))
}
