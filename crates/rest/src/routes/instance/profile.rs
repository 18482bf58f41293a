//! `PUT /profile-picture`, `/profile-name`, `/profile-description`: what others see of the number.

use axum::extract::State;
use axum::routing::{MethodRouter, put};
use recado_messaging::engine::directory::ProfileChange;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;

crate::body! {
    /// What every `PUT /profile-…` takes.
    pub ProfileBody { text("value", "O novo valor.").required() }
    example { "value": "Padaria Ipê" }
}

/// The route for one of them: body `value`.
pub fn route(change: fn(String) -> ProfileChange) -> MethodRouter<RestState> {
    put(move |State(state): State<RestState>, caller: Caller, body: Fields| update(state, caller, body, change))
}

/// Described once for all three; the table in `super` says what differs.
#[utoipa::path(
    put,
    path = "/profile",
    description = "",
    request_body = ProfileBody,
    responses((status = 200, description = "Mudado.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
async fn update(state: RestState, caller: Caller, body: Fields, change: fn(String) -> ProfileChange) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let change = change(body.text("value")?.to_owned());
    session.answer(session.directory().change_profile(session.instance(), &change)).await?;
    Ok(Value::reply(true))
}
