//! `POST /contacts/modify-blocked`: blocks somebody, or does not any more.

use axum::extract::State;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;
use crate::{RestError, RestState};

/// Body: `phone`, `action` (`block` or `unblock`).
///
/// # Errors
/// Not connected, the fields.
pub async fn modify(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let who = body.chat("phone")?;
    let blocked = match body.text("action")?.trim() {
        "block" => true,
        "unblock" => false,
        _ => return Err(RestError::Invalid("action")),
    };
    session.answer(session.directory().set_blocked(session.instance(), &who, blocked)).await?;
    Ok(Value::reply(true))
}
