//! `GET /restart`: the session anew, without a new QR code.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// # Errors
/// `You need to be connected with whatsapp` without a linked number; the database.
#[utoipa::path(
    get,
    path = "/restart",
    summary = "Reiniciar",
    description = "Começa a sessão de novo, sem outro QR Code.",
    responses((status = 200, description = "Reiniciada.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn restart(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.restart(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
