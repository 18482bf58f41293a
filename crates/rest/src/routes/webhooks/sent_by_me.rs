//! `PUT /update-notify-sent-by-me`: own messages in the received webhook, or not.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;

/// Body: `notifySentByMe`, required.
///
/// # Errors
/// The field, the database.
pub async fn set(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let on = body.boolean("notifySentByMe")?;
    let recorded = state.messaging.set_notify_sent_by_me(caller.meta(&state), caller.instance(), on).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
