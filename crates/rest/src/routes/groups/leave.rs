//! `POST /leave-group`: the number leaves.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;

/// Body: `groupId`.
///
/// # Errors
/// Not connected, the field, `GROUP_FORBIDDEN`.
pub async fn leave(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let group = live::group_of_body(&body, "groupId")?;
    session.answer(session.directory().leave_group(session.instance(), &group)).await?;
    Ok(Value::reply(true))
}
