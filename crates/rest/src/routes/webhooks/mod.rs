//! Where an instance's events go (plugzapi-api.md 2.6).

pub mod deliveries;
pub mod every;
pub mod one;
pub mod resend;
pub mod secret;
pub mod sent_by_me;

use recado_messaging::WebhookKind;
use utoipa_axum::routes;

use crate::describe::Router;

/// A route, its kind, the route it is another name of, and what the description says. PlugZapi's names stand beside Z-API's
/// (plugzapi-api.md 1.7).
struct Kind(&'static str, WebhookKind, Option<&'static str>, &'static str, &'static str);

const RECEIVED: (&str, &str) = ("Webhook “ao receber”", "Recebe `ReceivedCallback`: mensagens que chegam.");
const STATUS: (&str, &str) = ("Webhook “status da mensagem”", "Recebe `MessageStatusCallback`: enviada, recebida, lida.");

const KINDS: [Kind; 9] = [
    Kind("/update-webhook-received", WebhookKind::Received, None, RECEIVED.0, RECEIVED.1),
    Kind("/update-webhook-receive", WebhookKind::Received, Some("PUT /update-webhook-received"), RECEIVED.0, RECEIVED.1),
    Kind(
        "/update-webhook-received-delivery",
        WebhookKind::ReceivedDelivery,
        None,
        "Webhook “ao receber e enviar”",
        "Recebe `ReceivedCallback` das mensagens que chegam e das que o próprio número envia: liga “enviadas por mim”.",
    ),
    Kind(
        "/update-webhook-delivery",
        WebhookKind::Delivery,
        None,
        "Webhook “ao enviar”",
        "Recebe `DeliveryCallback`: a mensagem saiu da fila, ou não pôde sair.",
    ),
    Kind("/update-webhook-message-status", WebhookKind::MessageStatus, None, STATUS.0, STATUS.1),
    Kind("/update-webhook-status", WebhookKind::MessageStatus, Some("PUT /update-webhook-message-status"), STATUS.0, STATUS.1),
    Kind(
        "/update-webhook-connected",
        WebhookKind::Connected,
        None,
        "Webhook “ao conectar”",
        "Recebe `ConnectedCallback`: a instância conectou.",
    ),
    Kind(
        "/update-webhook-disconnected",
        WebhookKind::Disconnected,
        None,
        "Webhook “ao desconectar”",
        "Recebe `DisconnectedCallback`: a instância desconectou.",
    ),
    Kind(
        "/update-webhook-chat-presence",
        WebhookKind::Presence,
        None,
        "Webhook “presença do chat”",
        "Recebe `PresenceChatCallback`: digitando, gravando, on-line.",
    ),
];

pub(super) fn routes() -> Router {
    KINDS
        .into_iter()
        .fold(Router::new(), |router, Kind(path, kind, alias_of, summary, says)| {
            router.described_as::<one::__path_set>(path, alias_of, one::route(kind), |operation| {
                operation.summary = Some(summary.to_owned());
                operation.description = Some(format!("{says} Texto vazio ou `null` tira o endereço."));
            })
        })
        .described(routes!(every::set))
        .described(routes!(sent_by_me::set))
        .described(routes!(secret::rotate))
        .described(routes!(secret::retire))
}

/// What went to them, and once more.
pub(super) fn delivery_routes() -> Router {
    Router::new()
        .described(routes!(deliveries::list))
        .described(routes!(deliveries::one))
        .described(routes!(resend::range))
        .described(routes!(resend::one))
}
