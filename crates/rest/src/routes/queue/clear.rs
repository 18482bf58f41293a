//! `DELETE /queue`: takes every waiting message out.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// # Errors
/// The database.
#[utoipa::path(
    delete,
    path = "/queue",
    summary = "Esvaziar a fila",
    description = "Tira todas as mensagens que esperam; nenhuma delas será enviada.",
    responses((status = 200, description = "Esvaziada.", body = crate::answer::ValueBody)),
)]
pub async fn clear(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    state.messaging.cancel_all_messages(caller.meta(&state), caller.instance()).await?;
    Ok(Value::reply(true))
}
