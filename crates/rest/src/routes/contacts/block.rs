//! `POST /contacts/modify-blocked`: blocks somebody, or does not any more.

use axum::extract::State;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /contacts/modify-blocked` takes.
    pub BlockBody {
        phone(),
        one_of("action", &["block", "unblock"], "O que fazer.").required(),
    }
    example { "phone": "5562988887777", "action": "block" }
}

/// Body: `phone`, `action` (`block` or `unblock`).
///
/// # Errors
/// Not connected, the fields.
#[utoipa::path(
    post,
    path = "/contacts/modify-blocked",
    summary = "Bloquear ou desbloquear",
    description = "Um contato bloqueado não escreve mais para o número.",
    request_body = BlockBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
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
