//! `PUT /queue/pause` and `PUT /queue/resume`: ours, the originals have no such thing. Messages are accepted all the same and wait.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// No body. Nothing goes out from the answer on, except what is being handed over at this moment. Survives restarts; pausing twice is
/// harmless.
///
/// # Errors
/// The database.
#[utoipa::path(
    put,
    path = "/queue/pause",
    summary = "Pausar a fila",
    description = "A partir da resposta nada mais sai, a não ser a mensagem que está sendo entregue neste instante. Os envios continuam \
                   aceitos e esperam. A pausa vale até `PUT /queue/resume`, mesmo que o servidor reinicie; pausar de novo não muda nada.",
    responses((status = 200, description = "Pausada.", body = crate::answer::ValueBody)),
)]
pub async fn pause(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.pause_queue(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}

/// No body. The queue goes on where it stopped.
///
/// # Errors
/// The database.
#[utoipa::path(
    put,
    path = "/queue/resume",
    summary = "Retomar a fila",
    description = "A fila segue de onde parou. Numa fila que não está pausada, não muda nada.",
    responses((status = 200, description = "Retomada.", body = crate::answer::ValueBody)),
)]
pub async fn resume(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.resume_queue(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
