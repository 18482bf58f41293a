//! `PUT /update-name`: another display name.

use axum::extract::State;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// Body: `value`, 1 to 100 characters.
///
/// # Errors
/// The field, the database.
pub async fn rename(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let name = body.text("value")?.parse().map_err(|_| RestError::Invalid("value"))?;
    let recorded = state.messaging.rename_instance(caller.meta(&state), caller.instance(), name).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
