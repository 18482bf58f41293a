//! `PUT /update-every-webhooks`: all kinds at once.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;

/// Body: `value` (the URL; `""` and `null` clear all), optional `notifySentByMe`.
///
/// # Errors
/// The fields, a URL that is not allowed, the database.
pub async fn set(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let url = body.clearable_text("value")?;
    let sent_by_me = body.optional_boolean("notifySentByMe")?;
    let recorded = state.messaging.set_every_webhook(caller.meta(&state), caller.instance(), url, sent_by_me).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
