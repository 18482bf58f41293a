//! `PUT|GET /chats/{phone}/tags/{tag}/add` and `/remove`.

use axum::extract::{RawPathParams, State};

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::{Caller, path_value};
use crate::routes::live;

/// Puts a tag on a chat.
///
/// # Errors
/// Not connected, `Invalid phone`, `Tag not found`.
#[utoipa::path(
    method(put, get),
    path = "/chats/{phone}/tags/{tag}/add",
    summary = "Pôr etiqueta",
    description = "Põe uma etiqueta numa conversa. `GET` é o verbo da PlugZapi.",
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "Tag not found"]))),
)]
pub async fn add(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Value> {
    assign(&state, &caller, &path, true).await
}

/// Takes it off.
///
/// # Errors
/// Not connected, `Invalid phone`, `Tag not found`.
#[utoipa::path(
    method(put, get),
    path = "/chats/{phone}/tags/{tag}/remove",
    summary = "Tirar etiqueta",
    description = "Tira a etiqueta da conversa. `GET` é o verbo da PlugZapi.",
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "Tag not found"]))),
)]
pub async fn remove(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Value> {
    assign(&state, &caller, &path, false).await
}

async fn assign(state: &RestState, caller: &Caller, path: &RawPathParams, on: bool) -> Answer<Value> {
    let (session, with) = (live::session(state, caller)?, live::chat_of_path(path)?);
    let tag = path_value(path, "tag");
    session.answer(session.directory().assign_tag(session.instance(), &with, tag, on)).await?;
    Ok(Value::reply(true))
}
