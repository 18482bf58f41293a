//! `GET /tags`: every tag.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;

/// One tag.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "id": "1", "name": "Novo cliente", "color": 0 }))]
pub struct Tag {
    id: String,
    name: String,
    color: i32,
}

/// # Errors
/// Not connected.
#[utoipa::path(
    get,
    path = "/tags",
    summary = "Listar etiquetas",
    description = "As etiquetas da conta WhatsApp Business.",
    responses((status = 200, description = "As etiquetas.", body = Vec<Tag>)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn list(State(state): State<RestState>, caller: Caller) -> Answer<Vec<Tag>> {
    let session = live::session(&state, &caller)?;
    let tags = session.answer(session.directory().tags(session.instance())).await?;
    Ok(Reply::ok(tags.into_iter().map(|tag| Tag { id: tag.id, name: tag.name, color: tag.color }).collect()))
}
