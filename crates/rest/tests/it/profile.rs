//! What others see of the number (plugzapi-api.md 2.1).

use serde_json::json;

use crate::world::World;

const OWN: &str = "5562933334444";

#[tokio::test]
async fn name_about_and_picture_change() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let before = client.get("/device").await.ok();
    assert!(before["name"].as_str().unwrap().ends_with("(simulado)"), "{before}");
    for (path, value) in [
        ("/profile-name", "Padaria Ipê"),
        ("/profile-description", "Aberta das 6h às 20h"),
        ("/profile-picture", "https://example.com/fachada.jpg"),
    ] {
        assert_eq!(client.put(path, json!({ "value": value })).await.ok(), json!({ "value": true }), "{path}");
    }
    let device = client.get("/device").await.ok();
    assert_eq!((&device["name"], &device["about"]), (&json!("Padaria Ipê"), &json!("Aberta das 6h às 20h")));
    assert_eq!((&device["imgUrl"], &device["phone"]), (&json!("https://example.com/fachada.jpg"), &json!(OWN)));
    assert_eq!((&device["isBusiness"], &device["originalDevice"]), (&json!(false), &json!("android")));
    // Others see it, too.
    let other = world.connected("5562955556666").await;
    let seen = other.get(&format!("/contacts/{OWN}")).await.ok();
    assert_eq!((&seen["notify"], &seen["about"]), (&device["name"], &device["about"]));
    assert_eq!(seen["imgUrl"], device["imgUrl"]);
}

#[tokio::test]
async fn values_are_checked() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    for path in ["/profile-name", "/profile-description", "/profile-picture"] {
        assert_eq!(client.put(path, json!({})).await.error(400), "value is required", "{path}");
        assert_eq!(client.put(path, json!({ "value": null })).await.error(400), "value is required", "{path}");
        assert_eq!(client.put(path, json!({ "value": 7 })).await.error(400), "value is invalid", "{path}");
        assert_eq!(client.put(path, json!({ "value": "x".repeat(600_000) })).await.error(400), "value is invalid", "{path}");
    }
    assert_eq!(client.put("/profile-picture", json!({ "value": "javascript:alert(1)" })).await.error(400), "value is invalid");
    let inline = "data:image/png;base64,iVBORw0KGgo=";
    assert_eq!(client.put("/profile-picture", json!({ "value": inline })).await.ok(), json!({ "value": true }));
    assert_eq!(client.get(&format!("/profile-picture?phone={OWN}")).await.ok(), json!({ "link": inline }));
}
