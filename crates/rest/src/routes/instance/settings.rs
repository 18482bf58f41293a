//! How an instance behaves: automatic reading, calls, queueing while disconnected. All of it also while disconnected.

use axum::extract::State;
use recado_messaging::SettingsChange;
use serde::Serialize;

use crate::answer::{Answer, Reply, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// A client tests `success`, others read `value` (plugzapi-api.md 2.1).
#[derive(Debug, Serialize)]
pub struct Done {
    success: bool,
    value: bool,
}

/// `PUT /update-auto-read-message`: body `value`, a boolean.
///
/// # Errors
/// The field, the database.
pub async fn auto_read(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let on = Some(body.boolean("value")?);
    adjust(&state, &caller, SettingsChange { auto_read_message: on, ..SettingsChange::default() }).await
}

/// `PUT /update-call-reject-auto`: body `value`, a boolean. A client sends the text for rejected calls here: what is no boolean word is
/// that (plugzapi-api.md 2.1).
///
/// # Errors
/// The field, the database.
pub async fn call_reject(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let change = match (body.optional_boolean("value"), body.optional_text("value")) {
        (Ok(Some(on)), _) => SettingsChange { call_reject_auto: Some(on), ..SettingsChange::default() },
        (Ok(None), _) => return Err(RestError::Required("value")),
        (Err(_), Ok(Some(text))) => message(text),
        (Err(error), _) => return Err(error),
    };
    adjust(&state, &caller, change).await
}

/// `PUT /update-call-reject-message`: body `value`, a text; an empty one takes it away.
///
/// # Errors
/// The field, the database.
pub async fn call_reject_message(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let text = body.clearable_text("value")?.unwrap_or_default();
    adjust(&state, &caller, message(text)).await
}

/// `PUT /update-queue-settings`: body `disableEnqueueWhenDisconnected`, a boolean.
///
/// # Errors
/// The field, the database.
pub async fn queue(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Done> {
    let on = Some(body.boolean("disableEnqueueWhenDisconnected")?);
    adjust(&state, &caller, SettingsChange { disable_enqueue_when_disconnected: on, ..SettingsChange::default() }).await?;
    Ok(Reply::ok(Done { success: true, value: true }))
}

fn message(text: &str) -> SettingsChange {
    SettingsChange { call_reject_message: Some(text.to_owned()), ..SettingsChange::default() }
}

async fn adjust(state: &RestState, caller: &Caller, change: SettingsChange) -> Answer<Value> {
    let recorded = state.messaging.adjust_settings(caller.meta(state), caller.instance(), change).await?;
    caller.see(state, recorded).await;
    Ok(Value::reply(true))
}
