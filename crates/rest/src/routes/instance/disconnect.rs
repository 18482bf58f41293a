//! `GET|POST /disconnect`: unlinks the number.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;

/// Twice is harmless.
///
/// # Errors
/// The database.
pub async fn disconnect(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.disconnect(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
