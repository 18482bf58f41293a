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
pub async fn pause(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.pause_queue(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}

/// No body. The queue goes on where it stopped.
///
/// # Errors
/// The database.
pub async fn resume(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.resume_queue(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
