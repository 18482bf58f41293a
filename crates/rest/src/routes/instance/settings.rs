//! How an instance behaves: automatic reading, calls, queueing while disconnected. All of it also while disconnected.

use axum::extract::State;
use recado_messaging::SettingsChange;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// A client tests `success`, others read `value` (plugzapi-api.md 2.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QueueSettingsDone, example = json!({ "success": true, "value": true }))]
pub struct Done {
    success: bool,
    value: bool,
}

crate::body! {
    /// What `PUT /update-auto-read-message` takes.
    pub AutoReadBody {
        boolean("value", "Ligar?").required(),
    }
    example { "value": true }
}

/// `PUT /update-auto-read-message`: body `value`, a boolean.
///
/// # Errors
/// The field, the database.
#[utoipa::path(
    put,
    path = "/update-auto-read-message",
    summary = "Ler sozinha",
    description = "Marca como lida toda mensagem que chega.",
    request_body = AutoReadBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
)]
pub async fn auto_read(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let on = Some(body.boolean("value")?);
    adjust(&state, &caller, SettingsChange { auto_read_message: on, ..SettingsChange::default() }).await
}

crate::body! {
    /// What `PUT /update-call-reject-auto` takes.
    pub CallRejectBody {
        boolean("value", "Recusar?").required(),
    }
    example { "value": true }
}

/// `PUT /update-call-reject-auto`: body `value`, a boolean. A client sends the text for rejected calls here: what is no boolean word is
/// that (plugzapi-api.md 2.1).
///
/// # Errors
/// The field, the database.
#[utoipa::path(
    put,
    path = "/update-call-reject-auto",
    summary = "Recusar chamadas",
    description = "Recusa chamadas de voz. Um texto que não é `\"true\"` nem `\"false\"` muda a mensagem enviada depois delas.",
    request_body = CallRejectBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
)]
pub async fn call_reject(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let change = match (body.optional_boolean("value"), body.optional_text("value")) {
        (Ok(Some(on)), _) => SettingsChange { call_reject_auto: Some(on), ..SettingsChange::default() },
        (Ok(None), _) => return Err(RestError::Required("value")),
        (Err(_), Ok(Some(text))) => message(text),
        (Err(error), _) => return Err(error),
    };
    adjust(&state, &caller, change).await
}

crate::body! {
    /// What `PUT /update-call-reject-message` takes.
    pub CallRejectMessageBody {
        text("value", "O texto.").required(),
    }
    example { "value": "Não atendemos por voz: escreva para nós." }
}

/// `PUT /update-call-reject-message`: body `value`, a text; an empty one takes it away.
///
/// # Errors
/// The field, the database.
#[utoipa::path(
    put,
    path = "/update-call-reject-message",
    summary = "Mensagem depois de chamada recusada",
    description = "O texto enviado a quem ligou. Vazio: nenhum.",
    request_body = CallRejectMessageBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
)]
pub async fn call_reject_message(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let text = body.clearable_text("value")?.unwrap_or_default();
    adjust(&state, &caller, message(text)).await
}

crate::body! {
    /// What `PUT /update-queue-settings` takes.
    pub QueueSettingsBody {
        boolean("disableEnqueueWhenDisconnected", "Recusar desconectada?").required(),
    }
    example { "disableEnqueueWhenDisconnected": true }
}

/// `PUT /update-queue-settings`: body `disableEnqueueWhenDisconnected`, a boolean.
///
/// # Errors
/// The field, the database.
#[utoipa::path(
    put,
    path = "/update-queue-settings",
    summary = "Ajustes da fila",
    description = "Com `true`, envios são recusados enquanto a instância está desconectada, em vez de esperar na fila.",
    request_body = QueueSettingsBody,
    responses((status = 200, description = "Feito.", body = Done)),
)]
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
