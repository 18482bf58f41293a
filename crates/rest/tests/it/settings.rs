//! Behaviour of an instance (plugzapi-api.md 2.1) and presence (2.6, 3.8).

use recado_messaging::engine::PresenceState;
use serde_json::{Value, json};

use crate::world::World;

const OWN: &str = "5562933334444";
const ANA: &str = "5562988887777";

#[tokio::test]
async fn settings_are_kept_and_shown_also_while_disconnected() {
    let world = World::start().await;
    let client = world.client().await;
    let me = client.get("/me").await.ok();
    assert_eq!(
        (&me["callRejectAuto"], &me["callRejectMessage"], &me["autoReadMessage"]),
        (&json!(false), &json!(""), &json!(false))
    );
    let put = |path: &'static str, value: Value| client.put(path, json!({ "value": value }));
    let done = json!({ "value": true });
    assert_eq!(put("/update-auto-read-message", json!("true")).await.ok(), done);
    assert_eq!(put("/update-call-reject-auto", json!(true)).await.ok(), done);
    assert_eq!(put("/update-call-reject-message", json!("Só por texto, por favor.")).await.ok(), done);
    let me = client.get("/me").await.ok();
    assert_eq!((&me["callRejectAuto"], &me["autoReadMessage"]), (&json!(true), &json!(true)));
    assert_eq!(me["callRejectMessage"], "Só por texto, por favor.");
    // One client sends the text to the switch: the switch stays.
    assert_eq!(put("/update-call-reject-auto", json!("Não atendemos ligações.")).await.ok(), done);
    let me = client.get("/me").await.ok();
    assert_eq!((&me["callRejectAuto"], &me["callRejectMessage"]), (&json!(true), &json!("Não atendemos ligações.")));
    assert_eq!(put("/update-call-reject-auto", json!("FALSE")).await.ok(), done);
    assert_eq!(put("/update-call-reject-message", json!("")).await.ok(), done);
    assert_eq!(put("/update-auto-read-message", json!(false)).await.ok(), done);
    let me = client.get("/me").await.ok();
    assert_eq!(
        (&me["callRejectAuto"], &me["callRejectMessage"], &me["autoReadMessage"]),
        (&json!(false), &json!(""), &json!(false))
    );
}

#[tokio::test]
async fn values_are_checked() {
    let world = World::start().await;
    let client = world.client().await;
    for path in ["/update-auto-read-message", "/update-call-reject-auto"] {
        assert_eq!(client.put(path, json!({})).await.error(400), "value is required", "{path}");
        assert_eq!(client.put(path, json!({ "value": null })).await.error(400), "value is required", "{path}");
        assert_eq!(client.put(path, json!({ "value": 1 })).await.error(400), "value is invalid", "{path}");
    }
    assert_eq!(client.put("/update-auto-read-message", json!({ "value": "perhaps" })).await.error(400), "value is invalid");
    assert_eq!(client.put("/update-call-reject-message", json!({})).await.error(400), "value is required");
    let long = json!({ "value": "x".repeat(5_000) });
    assert_eq!(client.put("/update-call-reject-message", long).await.error(400), "value is invalid");
    let queue = |body: Value| client.put("/update-queue-settings", body);
    assert_eq!(queue(json!({})).await.error(400), "disableEnqueueWhenDisconnected is required");
    assert_eq!(
        queue(json!({ "disableEnqueueWhenDisconnected": [] })).await.error(400),
        "disableEnqueueWhenDisconnected is invalid"
    );
}

#[tokio::test]
async fn queueing_while_disconnected_is_switched_off() {
    let world = World::start().await;
    let client = world.client().await;
    let text = json!({ "phone": ANA, "message": "oi" });
    client.post("/send-text", text.clone()).await.ok();
    let done = client.put("/update-queue-settings", json!({ "disableEnqueueWhenDisconnected": true })).await.ok();
    assert_eq!(done, json!({ "success": true, "value": true }));
    assert_eq!(client.post("/send-text", text.clone()).await.error(400), "You need to be connected with whatsapp");
    client.put("/update-queue-settings", json!({ "disableEnqueueWhenDisconnected": "false" })).await.ok();
    client.post("/send-text", text).await.ok();
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 2 }));
}

#[tokio::test]
async fn incoming_messages_are_marked_read() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    client.put("/update-webhook-message-status", json!({ "value": world.receiver.url() })).await.ok();
    world.say(&client, ANA, "antes").await;
    world.settle().await;
    assert_eq!(client.get(&format!("/chats/{ANA}")).await.ok()["unread"], "1");
    client.put("/update-auto-read-message", json!({ "value": true })).await.ok();
    world.say(&client, ANA, "depois").await;
    let told = world.wait_for("MessageStatusCallback", 1).await.remove(0);
    assert_eq!((&told["status"], &told["phone"]), (&json!("READ_BY_ME"), &json!(ANA)));
    assert_eq!(told["ids"].as_array().unwrap().len(), 1);
    assert_eq!(client.get(&format!("/chats/{ANA}")).await.ok()["unread"], "0", "and the older ones with it");
}

#[tokio::test]
async fn a_call_is_rejected_and_answered_with_a_text() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    client.put("/update-call-reject-auto", json!({ "value": true })).await.ok();
    client.put("/update-call-reject-message", json!({ "value": "Só por texto." })).await.ok();
    client.put("/update-webhook-received-delivery", json!({ "value": world.receiver.url() })).await.ok();
    let call = world.sim().call(client.id.parse().unwrap(), &ANA.parse().unwrap(), false).await.unwrap();
    let told = world.wait_for("ReceivedCallback", 3).await;
    let notices: Vec<_> =
        told.iter().filter(|body| body["callId"] == json!(call)).map(|body| body["notification"].clone()).collect();
    assert_eq!(notices, ["CALL_VOICE", "CALL_MISSED_VOICE"]);
    let text = told.iter().find(|body| body["fromMe"] == true).unwrap();
    assert_eq!((&text["text"]["message"], &text["phone"]), (&json!("Só por texto."), &json!(ANA)));
    assert!(text.get("notification").is_none() && text.get("callId").is_none(), "{text}");
}

#[tokio::test]
async fn a_call_that_nobody_rejects_rings_out() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    client.put("/update-webhook-received", json!({ "value": world.receiver.url() })).await.ok();
    world.sim().call(client.id.parse().unwrap(), &ANA.parse().unwrap(), true).await.unwrap();
    world.settle().await;
    assert_eq!(world.bodies().len(), 1, "it still rings");
    let told = world.wait_for("ReceivedCallback", 2).await;
    assert_eq!(told[1]["notification"], "CALL_MISSED_VIDEO");
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
}

#[tokio::test]
async fn presence_is_told_to_its_own_webhook() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let instance = client.id.parse().unwrap();
    let show = |state: PresenceState| world.sim().presence(instance, const_phone(), state);
    show(PresenceState::Available).await.unwrap();
    world.settle().await;
    assert!(world.bodies().is_empty(), "no webhook, nothing told");
    assert_eq!(
        client.put("/update-webhook-chat-presence", json!({ "value": world.receiver.url() })).await.ok(),
        json!({ "value": true })
    );
    assert_eq!(client.get("/me").await.ok()["presenceChatCallbackUrl"], json!(world.receiver.url()));
    // Presence is told to whom the read model knows by then.
    world.settle_projections().await;
    for state in [PresenceState::Composing, PresenceState::Paused, PresenceState::Unavailable] {
        show(state).await.unwrap();
    }
    let told = world.wait_for("PresenceChatCallback", 3).await;
    let expected = json!({ "type": "PresenceChatCallback", "phone": ANA, "status": "COMPOSING", "lastSeen": null,
        "momment": told[0]["momment"], "instanceId": client.id });
    assert_eq!(told[0], expected);
    assert_eq!((&told[1]["status"], &told[2]["status"]), (&json!("PAUSED"), &json!("UNAVAILABLE")));
    assert!(told[2]["lastSeen"].is_i64() && told[0]["momment"].is_i64());
}

fn const_phone() -> &'static recado_kernel::PhoneNumber {
    static PHONE: std::sync::LazyLock<recado_kernel::PhoneNumber> = std::sync::LazyLock::new(|| ANA.parse().unwrap());
    &PHONE
}
