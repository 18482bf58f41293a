//! `POST …/webhooks/secret/rotate` and `POST …/webhooks/secret/retire`: another secret without a gap.

use axum::extract::State;
use serde::Serialize;

use crate::RestState;
use crate::answer::{Answer, Reply, Value};
use crate::auth::Caller;

/// The new secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotated {
    secret: String,
    /// Until when the secret before it signs beside it, Unix milliseconds.
    previous_valid_until: Option<i64>,
}

/// No body. The new secret signs at once; the one before it signs beside it for 24 hours, or until it is retired.
///
/// # Errors
/// The database.
pub async fn rotate(State(state): State<RestState>, caller: Caller) -> Answer<Rotated> {
    let (secret, recorded) = state.messaging.rotate_webhook_secret(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    let until = state.messaging.previous_secret_until(caller.access.account(), caller.instance()).await?;
    let previous_valid_until = until.map(|until| until.timestamp_millis());
    Ok(Reply::ok(Rotated { secret: secret.expose().clone(), previous_valid_until }))
}

/// No body. `{"value": false}` when there was no second secret.
///
/// # Errors
/// The database.
pub async fn retire(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.retire_webhook_secret(caller.meta(&state), caller.instance()).await?;
    Ok(Value::reply(recorded.changed))
}
