//! `DELETE /queue/{zaapId}`: takes one message out.

use axum::extract::{RawPathParams, State};
use recado_kernel::MessageId;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::{Caller, path_value};

/// `{"value": false}` for an id that does not wait (any more) in this instance's queue.
///
/// # Errors
/// The database.
#[utoipa::path(
    delete,
    path = "/queue/{zaap_id}",
    summary = "Tirar uma mensagem da fila",
    description = "Ela não será enviada. `{\"value\": false}` quando não espera (mais) nesta fila.",
    responses((status = 200, description = "Tirada, ou não estava mais na fila.", body = crate::answer::ValueBody)),
)]
pub async fn remove(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Value> {
    let Ok(message) = path_value(&path, "zaap_id").parse::<MessageId>() else { return Ok(Value::reply(false)) };
    let removed = state.messaging.cancel_message(caller.meta(&state), caller.instance(), message).await?;
    Ok(Value::reply(removed))
}
