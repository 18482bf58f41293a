//! `PUT /update-webhook-…`: one kind of event.

use axum::extract::State;
use axum::routing::{MethodRouter, put};
use recado_messaging::WebhookKind;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;

/// The route for `kind`: body `{"value": "<https url>"}`; `""` and `null` clear it. Setting `…-received-delivery` also switches
/// "enviadas por mim" on.
pub fn route(kind: WebhookKind) -> MethodRouter<RestState> {
    put(move |State(state): State<RestState>, caller: Caller, body: Fields| set(state, caller, body, kind))
}

async fn set(state: RestState, caller: Caller, body: Fields, kind: WebhookKind) -> Answer<Value> {
    let url = body.clearable_text("value")?;
    let recorded = state.messaging.set_webhook(caller.meta(&state), caller.instance(), kind, url).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
