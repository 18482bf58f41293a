//! The webhook routes (plugzapi-api.md 2.6).

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn every_route_sets_its_own_url() {
    let world = World::start().await;
    let client = world.client().await;
    for (route, field) in [
        ("/update-webhook-received", "receivedCallbackUrl"),
        ("/update-webhook-receive", "receivedCallbackUrl"),
        ("/update-webhook-received-delivery", "receivedAndDeliveryCallbackUrl"),
        ("/update-webhook-delivery", "deliveryCallbackUrl"),
        ("/update-webhook-message-status", "messageStatusCallbackUrl"),
        ("/update-webhook-status", "messageStatusCallbackUrl"),
        ("/update-webhook-connected", "connectedCallbackUrl"),
        ("/update-webhook-disconnected", "disconnectedCallbackUrl"),
        ("/update-webhook-chat-presence", "presenceChatCallbackUrl"),
    ] {
        let url = format!("https://example.com{route}");
        assert_eq!(client.put(route, json!({ "value": url })).await.ok(), json!({ "value": true }), "{route}");
        assert_eq!(client.get("/me").await.ok()[field], json!(url), "{route}");
        for cleared in [Value::Null, json!("")] {
            client.put(route, json!({ "value": url })).await.ok();
            assert_eq!(client.put(route, json!({ "value": cleared })).await.ok(), json!({ "value": true }), "{route}");
            assert_eq!(client.get("/me").await.ok()[field], Value::Null, "{route}");
        }
    }
}

#[tokio::test]
async fn all_at_once_and_own_messages() {
    let world = World::start().await;
    let client = world.client().await;
    let body = json!({ "value": "https://example.com/all", "notifySentByMe": "true" });
    assert_eq!(client.put("/update-every-webhooks", body).await.ok(), json!({ "value": true }));
    let me = client.get("/me").await.ok();
    for field in ["connected", "disconnected", "delivery", "messageStatus", "received", "presenceChat"] {
        assert_eq!(me[format!("{field}CallbackUrl")], "https://example.com/all", "{field}");
    }
    assert_eq!(me["receiveCallbackSentByMe"], json!(true));
    assert_eq!(client.put("/update-notify-sent-by-me", json!({ "notifySentByMe": false })).await.ok(), json!({ "value": true }));
    assert_eq!(client.get("/me").await.ok()["receiveCallbackSentByMe"], json!(false));
    assert_eq!(client.put("/update-notify-sent-by-me", json!({})).await.error(400), "notifySentByMe is required");
}

#[tokio::test]
async fn plain_http_is_refused_in_production() {
    let world = World::start_in_production().await;
    let client = world.client().await;
    let answer = client.put("/update-webhook-received", json!({ "value": "http://example.com/x" })).await;
    assert_eq!(answer.error(400), "Webhook URL must be HTTPS");
}
