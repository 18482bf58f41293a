//! `GET /tags`: every tag.

use axum::extract::State;
use serde::Serialize;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;

/// One tag.
#[derive(Debug, Serialize)]
pub struct Tag {
    id: String,
    name: String,
    color: i32,
}

/// # Errors
/// Not connected.
pub async fn list(State(state): State<RestState>, caller: Caller) -> Answer<Vec<Tag>> {
    let session = live::session(&state, &caller)?;
    let tags = session.answer(session.directory().tags(session.instance())).await?;
    Ok(Reply::ok(tags.into_iter().map(|tag| Tag { id: tag.id, name: tag.name, color: tag.color }).collect()))
}
