//! `GET /me`: the instance's own data.

use axum::extract::State;
use recado_messaging::{InstanceView, TOKEN_PURPOSE};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::{RestError, RestState};

/// The nine webhook addresses, `null` when none is set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallbackUrls {
    connected_callback_url: Option<String>,
    delivery_callback_url: Option<String>,
    disconnected_callback_url: Option<String>,
    message_status_callback_url: Option<String>,
    presence_chat_callback_url: Option<String>,
    received_callback_url: Option<String>,
    received_and_delivery_callback_url: Option<String>,
    received_status_callback_url: Option<String>,
}

impl CallbackUrls {
    /// Of one instance.
    #[must_use]
    pub fn of(view: &InstanceView) -> Self {
        let webhooks = &view.webhooks;
        let text = |url: &Option<recado_messaging::WebhookUrl>| url.as_ref().map(ToString::to_string);
        Self {
            connected_callback_url: text(&webhooks.connected),
            delivery_callback_url: text(&webhooks.delivery),
            disconnected_callback_url: text(&webhooks.disconnected),
            message_status_callback_url: text(&webhooks.message_status),
            presence_chat_callback_url: text(&webhooks.presence),
            received_callback_url: text(&webhooks.received),
            received_and_delivery_callback_url: text(&webhooks.received_delivery),
            // Documented in the integrator's list only; nothing sets it.
            received_status_callback_url: None,
        }
    }
}

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "token": "8A7C1D2E3F405162738495A6", "name": "Atendimento", "due": 1_781_611_200_000_i64,
    "connected": true, "paymentStatus": "TRIAL", "created": "2026-06-14T12:00:00+00:00", "connectedCallbackUrl": null,
    "deliveryCallbackUrl": "https://sistema.example.com/entrega", "disconnectedCallbackUrl": null, "messageStatusCallbackUrl": null,
    "presenceChatCallbackUrl": null, "receivedCallbackUrl": "https://sistema.example.com/recebida",
    "receivedAndDeliveryCallbackUrl": null, "receivedStatusCallbackUrl": null, "initialDataCallbackUrl": null,
    "receiveCallbackSentByMe": false, "callRejectAuto": false, "callRejectMessage": "", "autoReadMessage": false
}))]
pub struct Me {
    id: String,
    token: String,
    name: String,
    due: i64,
    connected: bool,
    payment_status: &'static str,
    created: String,
    #[serde(flatten)]
    callbacks: CallbackUrls,
    initial_data_callback_url: Option<String>,
    receive_callback_sent_by_me: bool,
    call_reject_auto: bool,
    call_reject_message: String,
    auto_read_message: bool,
}

/// # Errors
/// Only those of every instance route.
#[utoipa::path(
    get,
    path = "/me",
    summary = "Dados da instância",
    description = "Nome, vencimento, situação do pagamento, endereços de webhooks e ajustes.",
    responses((status = 200, description = "Os dados.", body = Me)),
)]
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Me> {
    let view = &caller.access.view;
    let now = state.platform.now();
    let token = state.platform.vault.reveal(TOKEN_PURPOSE, &view.token_protected).map_err(RestError::from)?;
    Ok(Reply::ok(Me {
        id: view.id.public(),
        token,
        name: view.name.clone(),
        due: view.due(now).timestamp_millis(),
        connected: view.connected(),
        payment_status: view.payment_status(now).as_str(),
        created: view.created_at.to_rfc3339(),
        callbacks: CallbackUrls::of(view),
        initial_data_callback_url: None,
        receive_callback_sent_by_me: view.notify_sent_by_me,
        call_reject_auto: view.settings.call_reject_auto,
        call_reject_message: view.settings.call_reject_message.clone().unwrap_or_default(),
        auto_read_message: view.settings.auto_read_message,
    }))
}
