//! The routes of the contract that must be there: every P0 and P1 row of plugzapi-api.md 2, and the aliases of 1.7.

use std::collections::BTreeSet;

use crate::client::Answer;
use crate::world::World;

const ROUTES: &str = "
GET /qr-code · GET /qr-code/image · GET /phone-code/{} · GET /restart · GET /restore-session · GET /disconnect · POST /disconnect
GET /status · GET /me · GET /device · PUT /update-name · PUT /profile-picture · PUT /profile-name · PUT /profile-description
PUT /update-auto-read-message · PUT /update-call-reject-auto · PUT /update-call-reject-message · PUT /update-queue-settings
POST /send-text · POST /send-messages · POST /reply-message · POST /send-image · POST /send-audio · POST /send-video
POST /send-document/{} · POST /send-link · POST /send-location · POST /send-contact · POST /send-reaction
POST /send-remove-reaction · POST /send-button-list · POST /send-option-list · POST /send-poll · POST /send-sticker · POST /send-gif
POST /send-ptv · POST /send-contacts · POST /send-button-actions · POST /send-button-pix · POST /send-button-otp
POST /send-poll-vote · DELETE /messages · POST /read-message · POST /forward-message
POST /queue · GET /queue · GET /queue/count · DELETE /queue/{} · DELETE /queue
PUT /update-webhook-received · PUT /update-webhook-receive · PUT /update-webhook-received-delivery · PUT /update-webhook-delivery
PUT /update-webhook-message-status · PUT /update-webhook-status · PUT /update-webhook-connected · PUT /update-webhook-disconnected
PUT /update-webhook-chat-presence · PUT /update-every-webhooks · PUT /update-notify-sent-by-me
GET /contacts · GET /contacts/{} · GET /phone-exists/{} · POST /phone-exists-batch · GET /profile-picture · POST /contacts/add
DELETE /contacts/remove · POST /contacts/modify-blocked
GET /chats · GET /chats/{} · GET /chat/{} · POST /modify-chat
GET /groups · POST /create-group · POST /update-group-name · POST /update-group-photo · POST /update-group-description
POST /update-group-settings · POST /add-participant · POST /remove-participant · POST /approve-participant
POST /reject-participant · POST /add-admin · POST /remove-admin · POST /leave-group · GET /group-metadata/{}
POST /group-metadata/{} · GET /light-group-metadata/{}
GET /tags · PUT /chats/{}/tags/{}/add · GET /chats/{}/tags/{}/add · PUT /chats/{}/tags/{}/remove · GET /chats/{}/tags/{}/remove
POST /business/create-tag · POST /business/edit-tag/{} · DELETE /business/tag/{} · GET /business/tags/colors
POST /integrator/on-demand/subscription · POST /integrator/on-demand/cancel
";

const OF_PARTNERS: [&str; 2] = ["POST /instances/integrator/on-demand", "GET /instances"];

#[tokio::test]
async fn every_p0_and_p1_route_is_described() {
    let world = World::start().await;
    let client = world.client().await;
    let document = Answer::of(client.http.get(format!("{}/openapi.json", client.base)).send().await.unwrap()).await.ok();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let action = path.strip_prefix("/instances/{instanceId}/token/{token}").unwrap_or(path);
        known.extend(item.as_object().unwrap().keys().map(|verb| format!("{} {}", verb.to_uppercase(), bare(action))));
    }
    let wanted = ROUTES.split(['·', '\n']).map(str::trim).filter(|line| !line.is_empty()).chain(OF_PARTNERS);
    let missing: Vec<&str> = wanted.filter(|wanted| !known.contains(*wanted)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// Without the names of parameters.
fn bare(path: &str) -> String {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}
