//! `POST /update-group-name`, `-photo`, `-description`: one text of a group.

use axum::extract::State;
use axum::routing::{MethodRouter, post};
use recado_messaging::engine::directory::GroupChange;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live::{self, named};
use crate::{RestError, RestState};

/// The route for one text: body `groupId` and `field`. A description may be emptied.
pub fn route(field: &'static str, change: fn(String) -> GroupChange) -> MethodRouter<RestState> {
    post(move |State(state): State<RestState>, caller: Caller, body: Fields| update(state, caller, body, field, change))
}

async fn update(
    state: RestState,
    caller: Caller,
    body: Fields,
    field: &'static str,
    change: fn(String) -> GroupChange,
) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let group = live::group_of_body(&body, "groupId")?;
    let text = match field {
        "groupDescription" => body.clearable_text(field)?.unwrap_or_default(),
        _ => body.text(field)?,
    };
    let change = change(text.to_owned());
    let done = session.answer(session.directory().change_group(session.instance(), &group, &change)).await;
    done.map_err(RestError::from).map_err(named(field))?;
    Ok(Value::reply(true))
}
