//! The instance's own routes (plugzapi-api.md 2.1).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::world::World;

#[tokio::test]
async fn from_the_qr_code_to_the_disconnection() {
    let world = World::start().await;
    let client = world.client().await;
    let off = client.get("/status").await.ok();
    let expected =
        json!({ "connected": false, "smartphoneConnected": false, "session": false, "error": "You are not connected." });
    assert_eq!(off, expected);

    let code = client.get("/qr-code").await.ok();
    assert!(code["value"].as_str().unwrap().len() > 10);
    let image = client.get("/qr-code/image").await.ok();
    assert!(image["value"].as_str().unwrap().starts_with("data:image/png;base64,iVBOR"), "{image}");
    world.scan(&client, "5562933334444").await;

    for action in ["/qr-code", "/qr-code/image"] {
        assert_eq!(client.get(action).await.ok(), json!({ "connected": true }), "{action}");
    }
    let on = client.get("/status").await.ok();
    let expected =
        json!({ "connected": true, "smartphoneConnected": true, "session": true, "error": "You are already connected." });
    assert_eq!(on, expected);
    let device = client.get("/device").await.ok();
    assert_eq!(device["phone"], "5562933334444");
    for field in [
        "wa_version",
        "mcc",
        "mnc",
        "os_version",
        "device_manufacturer",
        "device_model",
        "osbuildnumber",
        "platform",
        "sessionName",
    ] {
        assert!(device["device"][field].is_string(), "{field}: {device}");
    }
    assert_eq!(client.get("/restart").await.ok(), json!({ "value": true }));
    assert_eq!(client.get("/restore-session").await.ok(), json!({ "value": true }));

    let post = client.request(Method::POST, "/disconnect").send().await.unwrap();
    assert_eq!(Answer::of(post).await.ok(), json!({ "value": true }));
    assert_eq!(client.get("/status").await.ok()["connected"], json!(false));
    assert_eq!(client.get("/disconnect").await.ok(), json!({ "value": true }), "twice is fine");
    for session_route in ["/device", "/restart"] {
        assert_eq!(client.get(session_route).await.error(400), "You need to be connected with whatsapp", "{session_route}");
    }
}

#[tokio::test]
async fn who_am_i() {
    let world = World::start().await;
    let client = world.client().await;
    let me = client.get("/me").await.ok();
    assert_eq!((&me["id"], &me["token"]), (&json!(client.id), &json!(client.token)));
    assert_eq!((&me["connected"], &me["paymentStatus"]), (&json!(false), &json!("TRIAL")));
    assert_eq!(me["due"].as_i64().unwrap() - world.now_ms(), 2 * 24 * 3600 * 1000);
    assert!(me["created"].as_str().unwrap().starts_with("2026-10-05T12:00:00"), "{me}");
    for field in [
        "connectedCallbackUrl",
        "deliveryCallbackUrl",
        "disconnectedCallbackUrl",
        "messageStatusCallbackUrl",
        "presenceChatCallbackUrl",
        "receivedCallbackUrl",
        "receivedAndDeliveryCallbackUrl",
        "receivedStatusCallbackUrl",
        "initialDataCallbackUrl",
    ] {
        assert_eq!(me.get(field), Some(&Value::Null), "{field}");
    }
    assert_eq!(client.put("/update-name", json!({ "value": "Balcão" })).await.ok(), json!({ "value": true }));
    assert_eq!(client.get("/me").await.ok()["name"], "Balcão");
}

#[tokio::test]
async fn a_code_to_type_on_the_phone() {
    let world = World::start().await;
    let client = world.client().await;
    let code = client.get("/phone-code/5562933334444").await.ok();
    assert_eq!(code["value"], code["code"]);
    assert_eq!(code["value"].as_str().unwrap().len(), 8);
    assert_eq!(client.get("/phone-code/12345").await.error(400), "Invalid phone");
    world.scan(&client, "5562933334444").await;
    assert_eq!(client.get("/phone-code/5562933334444").await.ok(), json!({ "connected": true }));
}
