//! The sequence of plugzapi-api.md 3.9, seen from outside: send, delivered, read, forgotten.

use serde_json::{Value, json};

use crate::world::World;

/// Bodies of one `type`, in the order they came.
fn of_type<'a>(received: &'a [Value], kind: &str) -> Vec<&'a Value> {
    received.iter().filter(|body| body["type"] == kind).collect()
}

#[tokio::test]
async fn one_text_from_the_call_to_the_read_receipt() {
    one_text(false).await;
}

#[tokio::test]
async fn the_same_with_the_account_security_token() {
    one_text(true).await;
}

async fn one_text(with_client_token: bool) {
    let world = World::start().await;
    let mut client = world.client().await;
    if with_client_token {
        client.client_token = Some(world.activate_client_token().await);
    }
    let hook = json!({ "value": world.receiver.url(), "notifySentByMe": true });
    assert_eq!(client.put("/update-every-webhooks", hook).await.ok(), json!({ "value": true }));
    world.scan(&client, "5562933334444").await;
    let connected = world.wait_for("ConnectedCallback", 1).await;
    assert_eq!(connected[0]["phone"], "5562933334444");
    assert_eq!((&connected[0]["connected"], &connected[0]["instanceId"]), (&json!(true), &json!(client.id)));

    let text = "segredo-que-some-depois ✓";
    let body = json!({ "phone": "5562988887777", "message": text, "customId": "pedido-77", "delayTyping": 1 });
    let result = client.post("/send-text", body).await.ok();
    let (zaap, message) = (result["zaapId"].as_str().unwrap(), result["messageId"].as_str().unwrap());
    assert_eq!(result["id"], result["messageId"]);
    assert!(zaap.len() == 32 && zaap.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{zaap}");
    assert!(message.starts_with("3EB0") && (18..=32).contains(&message.len()), "{message}");

    world.wait_for("MessageStatusCallback", 2).await;
    world.read(&client, message).await;
    world.wait_for("MessageStatusCallback", 3).await;

    let received = world.bodies();
    let delivery = of_type(&received, "DeliveryCallback");
    assert_eq!(delivery.len(), 1);
    for (key, value) in [("phone", "5562988887777"), ("zaapId", zaap), ("messageId", message), ("customId", "pedido-77")] {
        assert_eq!(delivery[0][key], value, "{key}");
    }
    assert!(delivery[0]["momment"].is_i64() && delivery[0].get("error").is_none(), "{}", delivery[0]);
    let statuses = of_type(&received, "MessageStatusCallback");
    assert_eq!(statuses.iter().map(|body| body["status"].as_str().unwrap()).collect::<Vec<_>>(), ["SENT", "RECEIVED", "READ"]);
    for status in statuses {
        assert_eq!((&status["ids"], &status["phone"]), (&json!([message]), &json!("5562988887777")));
        assert!(status["momment"].is_i64() && status["isGroup"] == json!(false), "{status}");
    }
    let own = of_type(&received, "ReceivedCallback");
    assert_eq!(own.len(), 1, "\"enviadas por mim\" is on");
    assert_eq!((&own[0]["fromMe"], &own[0]["fromApi"], &own[0]["status"]), (&json!(true), &json!(true), &json!("SENT")));

    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
    assert_eq!(world.rows_of_content().await, 0, "the content is erased once WhatsApp has it");
    let log = world.dump_log().await;
    for secret in ["segredo-que-some-depois", "5562988887777", client.token.as_str()] {
        assert!(!log.contains(secret), "{secret} stands in clear in the log");
    }
}

#[tokio::test]
async fn a_number_without_whatsapp_is_told_by_the_delivery_callback() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-delivery", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    let sent = client.post("/send-text", json!({ "phone": world.number_without_whatsapp(), "message": "oi" })).await.ok();
    let told = world.wait_for("DeliveryCallback", 1).await;
    assert_eq!(told[0]["messageId"], sent["messageId"]);
    assert!(!told[0]["error"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn what_waits_goes_out_in_order_when_the_instance_connects() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-delivery", json!({ "value": world.receiver.url() })).await.ok();
    let mut ids = vec![];
    for n in 0..3 {
        let sent = client.post("/send-text", json!({ "phone": "5562988887777", "message": n.to_string() })).await.ok();
        ids.push(sent["messageId"].clone());
    }
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 3 }));
    world.scan(&client, "5562933334444").await;
    let delivered = world.wait_for("DeliveryCallback", 3).await;
    assert_eq!(delivered.iter().map(|body| body["messageId"].clone()).collect::<Vec<_>>(), ids);
}

#[tokio::test]
async fn what_the_other_side_writes_comes_as_a_received_callback() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-received", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    world.say(&client, "5562988887777", "Bom dia, vocês abrem hoje?").await;
    let came = world.wait_for("ReceivedCallback", 1).await;
    let body = &came[0];
    assert_eq!((&body["phone"], &body["connectedPhone"]), (&json!("5562988887777"), &json!("5562933334444")));
    assert_eq!(body["text"], json!({ "message": "Bom dia, vocês abrem hoje?" }));
    assert_eq!((&body["fromMe"], &body["fromApi"], &body["isGroup"]), (&json!(false), &json!(false), &json!(false)));
    assert!(body["momment"].is_i64() && body.get("image").is_none() && body.get("notification").is_none(), "{body}");
}

#[tokio::test]
async fn unlinking_is_told_and_ends_the_webhooks() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    client.get("/disconnect").await.ok();
    let told = world.wait_for("DisconnectedCallback", 1).await;
    assert_eq!((&told[0]["disconnected"], &told[0]["error"]), (&json!(true), &json!("Device has been disconnected")));
    client.post("/send-text", json!({ "phone": "5562988887777", "message": "espera" })).await.ok();
    world.settle().await;
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 1 }), "it waits for the next connection");
}
