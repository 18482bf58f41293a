//! `PUT /update-every-webhooks`: all kinds at once.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;

crate::body! {
    /// What `PUT /update-every-webhooks` takes.
    pub EveryWebhookBody {
        webhook_address(),
        boolean("notifySentByMe", "Avisar também das mensagens enviadas pelo próprio número? Ausente: fica como está."),
    }
    example { "value": "https://sistema.example.com/whatsapp", "notifySentByMe": true }
}

/// Body: `value` (the URL; `""` and `null` clear all), optional `notifySentByMe`.
///
/// # Errors
/// The fields, a URL that is not allowed, the database.
#[utoipa::path(
    put,
    path = "/update-every-webhooks",
    summary = "Configurar todos os webhooks",
    description = "O mesmo endereço para todos os avisos.",
    request_body = EveryWebhookBody,
    responses((status = 200, description = "Configurados.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["WebhookNotHttps", "WebhookRefused"]))),
)]
pub async fn set(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let url = body.clearable_text("value")?;
    let sent_by_me = body.optional_boolean("notifySentByMe")?;
    let recorded = state.messaging.set_every_webhook(caller.meta(&state), caller.instance(), url, sent_by_me).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
