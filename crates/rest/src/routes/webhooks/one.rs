//! `PUT /update-webhook-…`: one kind of event.

use axum::extract::State;
use axum::routing::{MethodRouter, put};
use recado_messaging::WebhookKind;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;

crate::body! {
    /// What every `PUT /update-webhook-…` takes.
    pub WebhookBody { webhook_address() }
    example { "value": "https://sistema.example.com/whatsapp" }
}

/// The route for `kind`: body `{"value": "<https url>"}`; `""` and `null` clear it. Setting `…-received-delivery` also switches
/// "enviadas por mim" on.
pub fn route(kind: WebhookKind) -> MethodRouter<RestState> {
    put(move |State(state): State<RestState>, caller: Caller, body: Fields| set(state, caller, body, kind))
}

/// Described once for all kinds; the table in `super` says what differs.
#[utoipa::path(
    put,
    path = "/update-webhook",
    description = "",
    request_body = WebhookBody,
    responses((status = 200, description = "Configurado.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["WebhookNotHttps", "WebhookRefused"]))),
)]
async fn set(state: RestState, caller: Caller, body: Fields, kind: WebhookKind) -> Answer<Value> {
    let url = body.clearable_text("value")?;
    let recorded = state.messaging.set_webhook(caller.meta(&state), caller.instance(), kind, url).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
