//! Where an instance's events go (plugzapi-api.md 2.6).

pub mod deliveries;
pub mod every;
pub mod one;
pub mod resend;
pub mod secret;
pub mod sent_by_me;

use axum::Router;
use axum::routing::{get, post, put};
use recado_messaging::WebhookKind;

use super::of_instance;
use crate::RestState;

/// Route and kind; PlugZapi's names stand beside Z-API's (plugzapi-api.md 1.7).
const KINDS: [(&str, WebhookKind); 9] = [
    ("/update-webhook-received", WebhookKind::Received),
    ("/update-webhook-receive", WebhookKind::Received),
    ("/update-webhook-received-delivery", WebhookKind::ReceivedDelivery),
    ("/update-webhook-delivery", WebhookKind::Delivery),
    ("/update-webhook-message-status", WebhookKind::MessageStatus),
    ("/update-webhook-status", WebhookKind::MessageStatus),
    ("/update-webhook-connected", WebhookKind::Connected),
    ("/update-webhook-disconnected", WebhookKind::Disconnected),
    ("/update-webhook-chat-presence", WebhookKind::Presence),
];

pub(super) fn routes() -> Router<RestState> {
    KINDS
        .into_iter()
        .fold(Router::new(), |router, (path, kind)| router.route(&of_instance(path), one::route(kind)))
        .route(&of_instance("/update-every-webhooks"), put(every::set))
        .route(&of_instance("/update-notify-sent-by-me"), put(sent_by_me::set))
        .route(&of_instance("/webhooks/deliveries"), get(deliveries::list))
        .route(&of_instance("/webhooks/deliveries/resend"), post(resend::range))
        .route(&of_instance("/webhooks/deliveries/{delivery}"), get(deliveries::one))
        .route(&of_instance("/webhooks/deliveries/{delivery}/resend"), post(resend::one))
        .route(&of_instance("/webhooks/secret/rotate"), post(secret::rotate))
        .route(&of_instance("/webhooks/secret/retire"), post(secret::retire))
}
