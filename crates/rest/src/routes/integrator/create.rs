//! `POST /instances/integrator/on-demand`: a new instance with its trial.

use axum::extract::State;
use recado_kernel::Name;
use recado_messaging::{DeviceWish, InstanceSettings, NewInstance, WebhookChange, WebhookKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Partner;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /instances/integrator/on-demand` takes.
    pub CreateInstanceBody {
        text("name", "Nome da instância, de 1 a 100 caracteres.").required(),
        text("sessionName", "Aceito; o nome em “Dispositivos conectados” é o da instância."),
        text("deliveryCallbackUrl", "Webhook “ao enviar”."),
        text("receivedCallbackUrl", "Webhook “ao receber”."),
        text("receivedAndDeliveryCallbackUrl", "Webhook “ao receber e enviar”."),
        text("messageStatusCallbackUrl", "Webhook “status da mensagem”."),
        text("connectedCallbackUrl", "Webhook “ao conectar”."),
        text("disconnectedCallbackUrl", "Webhook “ao desconectar”."),
        text("presenceChatCallbackUrl", "Webhook “presença do chat”."),
        boolean("callRejectAuto", "Recusar chamadas de voz."),
        text("callRejectMessage", "Texto enviado depois de uma chamada recusada."),
        boolean("autoReadMessage", "Marcar como lida toda mensagem que chega."),
        boolean("autoReadStatus", "O mesmo para os status."),
        boolean("disableEnqueueWhenDisconnected", "Recusar envios com a instância desconectada, em vez de pô-los na fila."),
        boolean("isDevice", "Aceito, sem efeito: toda instância é `web`."),
        boolean("businessDevice", "Aceito, sem efeito."),
    }
    example { "name": "Loja Centro", "deliveryCallbackUrl": "https://sistema.example.com/entrega" }
}

/// The webhooks an instance may be born with.
const WEBHOOKS: [(&str, WebhookKind); 7] = [
    ("deliveryCallbackUrl", WebhookKind::Delivery),
    ("receivedCallbackUrl", WebhookKind::Received),
    ("receivedAndDeliveryCallbackUrl", WebhookKind::ReceivedDelivery),
    ("presenceChatCallbackUrl", WebhookKind::Presence),
    ("disconnectedCallbackUrl", WebhookKind::Disconnected),
    ("connectedCallbackUrl", WebhookKind::Connected),
    ("messageStatusCallbackUrl", WebhookKind::MessageStatus),
];

/// Longest text for rejected calls, in bytes.
const MOST_REJECT_BYTES: usize = 4_096;

/// The new instance's credentials.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedInstance, example = json!({
    "id": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "token": "8A7C1D2E3F405162738495A6", "due": 1_781_697_600_000_i64
}))]
pub struct Created {
    id: String,
    token: String,
    /// End of the trial, Unix milliseconds.
    due: i64,
}

/// Required: `name`. Optional: `sessionName`, the callback URLs, `callRejectAuto`, `callRejectMessage`, `autoReadMessage`,
/// `autoReadStatus`, `isDevice`, `businessDevice`, `disableEnqueueWhenDisconnected`. Everything is checked before anything is stored.
///
/// # Errors
/// The token and its limit of instances, the fields, the database.
#[utoipa::path(
    post,
    path = "/instances/integrator/on-demand",
    summary = "Criar instância",
    description = "A instância nasce com 2 dias de teste. Tudo é conferido antes de qualquer coisa ser gravada.",
    request_body = CreateInstanceBody,
    responses((status = 200, description = "Criada.", body = Created)),
    extensions(("x-refusals" = json!(["InstanceLimit", "WebhookNotHttps", "WebhookRefused"]))),
)]
pub async fn create(State(state): State<RestState>, partner: Partner, body: Fields) -> Answer<Created> {
    let name: Name = body.text("name")?.parse().map_err(|_| RestError::Invalid("name"))?;
    let webhooks = webhooks_of(&state, &body)?;
    let settings = settings_of(&body)?;
    let device = device_of(&body)?;
    let new = NewInstance { name, webhooks, settings, device, within_first_token: partner.is_limited() };
    // One command: whatever breaks, there is the whole instance or none.
    let born = state.messaging.create_instance_with(partner.meta(&state), new).await?;
    state.messaging.instance_visible(born.position).await;
    Ok(Reply::ok(Created { id: born.id.public(), token: born.token.expose().clone(), due: born.due.timestamp_millis() }))
}

fn webhooks_of(state: &RestState, body: &Fields) -> Result<WebhookChange, RestError> {
    let mut change = WebhookChange::default();
    for (field, kind) in WEBHOOKS {
        let url = state.messaging.webhook_url(body.optional_text(field)?)?;
        if url.is_some() {
            let one = WebhookChange::one(kind, url);
            change.urls.extend(one.urls);
            change.notify_sent_by_me = one.notify_sent_by_me.or(change.notify_sent_by_me);
        }
    }
    Ok(change)
}

fn settings_of(body: &Fields) -> Result<InstanceSettings, RestError> {
    let switch = |field| body.optional_boolean(field).map(Option::unwrap_or_default);
    Ok(InstanceSettings {
        disable_enqueue_when_disconnected: switch("disableEnqueueWhenDisconnected")?,
        call_reject_auto: switch("callRejectAuto")?,
        call_reject_message: call_reject_message(body)?,
        auto_read_message: switch("autoReadMessage")?,
        auto_read_status: switch("autoReadStatus")?,
    })
}

/// We only run web sessions; what was asked for is kept and told back by `GET /instances`.
fn device_of(body: &Fields) -> Result<DeviceWish, RestError> {
    const SESSION_NAME: &str = "sessionName";
    let session_name = body.optional_text(SESSION_NAME)?.map(str::trim).filter(|name| !name.is_empty());
    // As strict as a display name: it is shown in lists.
    let checked = session_name.map(str::parse::<Name>).transpose().map_err(|_| RestError::Invalid(SESSION_NAME))?;
    Ok(DeviceWish {
        session_name: checked.map(|name| name.as_str().to_owned()),
        is_mobile: body.optional_boolean("isDevice")?.unwrap_or_default(),
        is_business: body.optional_boolean("businessDevice")?.unwrap_or_default(),
    })
}

/// Kept with the instance for ever, so it must be short and storable.
fn call_reject_message(body: &Fields) -> Result<Option<String>, RestError> {
    const FIELD: &str = "callRejectMessage";
    let Some(text) = body.optional_text(FIELD)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let storable = text.len() <= MOST_REJECT_BYTES && !text.contains('\0');
    if storable { Ok(Some(text.to_owned())) } else { Err(RestError::Invalid(FIELD)) }
}
