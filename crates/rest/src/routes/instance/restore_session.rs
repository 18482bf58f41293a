//! `GET /restore-session`: tries to bring a lost session back.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// Nothing to do (and `true`) when it is connected.
///
/// # Errors
/// `You need to be connected with whatsapp` without a linked number; the database.
#[utoipa::path(
    get,
    path = "/restore-session",
    summary = "Restaurar a sessão",
    description = "Depois de um `DisconnectedCallback`, tenta voltar com a sessão guardada. Conectada, não faz nada.",
    responses((status = 200, description = "Restaurada.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn restore(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.restore_session(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
