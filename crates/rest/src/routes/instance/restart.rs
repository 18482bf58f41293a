//! `GET /restart`: the session anew, without a new QR code.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// # Errors
/// `You need to be connected with whatsapp` without a linked number; the database.
pub async fn restart(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.restart(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
