//! `GET|POST /disconnect`: unlinks the number.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// Twice is harmless.
///
/// # Errors
/// The database.
#[utoipa::path(
    method(get, post),
    path = "/disconnect",
    summary = "Desconectar",
    description = "Desliga o número. As mensagens da fila ficam e esperam a próxima conexão; webhooks cessam. Repetir não faz mal.",
    responses((status = 200, description = "Desconectada.", body = crate::answer::ValueBody)),
)]
pub async fn disconnect(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.disconnect(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
