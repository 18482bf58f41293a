//! Good practice over plain HTTP: whoever opted out is not written to.

use serde_json::json;

use crate::world::World;

const ANA: &str = "5562988887777";

#[tokio::test]
async fn whoever_writes_sair_is_confirmed_once_and_never_written_to_again() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-delivery", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    client.post("/send-text", json!({ "phone": ANA, "message": "Promoção!" })).await.ok();
    world.wait_for("DeliveryCallback", 1).await;

    world.say(&client, ANA, " Sair. ").await;
    world.settle().await;
    // With and without the ninth digit, and as people write it.
    for phone in [ANA, "556288887777", "+55 (62) 98888-7777"] {
        let refused = client.post("/send-text", json!({ "phone": phone, "message": "Outra!" })).await;
        assert_eq!(refused.error(400), "The contact opted out of messages (opt-out list)", "{phone}");
    }
    world.say(&client, ANA, "SAIR").await;
    let delivered = world.wait_for("DeliveryCallback", 2).await;
    assert_eq!((&delivered[1]["phone"], delivered[1].get("error")), (&json!(ANA), None));
    world.settle().await;
    assert_eq!(client.get("/queue/count").await.ok()["count"], 0, "a second SAIR is not confirmed");

    world.say(&client, ANA, "voltar").await;
    world.settle().await;
    client.post("/send-text", json!({ "phone": ANA, "message": "Bem-vinda de volta" })).await.ok();
    let delivered = world.wait_for("DeliveryCallback", 3).await;
    assert_eq!(delivered.len(), 3);
}

#[tokio::test]
async fn what_waits_when_a_contact_leaves_does_not_go_out() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-delivery", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    // The first is sent; the gap behind it keeps the second waiting.
    client.post("/send-text", json!({ "phone": "5562977776666", "message": "um", "delayMessage": 15 })).await.ok();
    world.settle().await;
    let waiting = client.post("/send-text", json!({ "phone": ANA, "message": "dois" })).await.ok();
    world.say(&client, ANA, "PARAR").await;
    let delivered = world.wait_for("DeliveryCallback", 3).await;
    let second = delivered.iter().find(|body| body["messageId"] == waiting["messageId"]).unwrap();
    assert!(second["error"].is_string(), "{second}");
    let confirmed = delivered.iter().filter(|body| body["phone"] == ANA && body.get("error").is_none()).count();
    assert_eq!(confirmed, 1, "only the confirmation went out: {delivered:?}");
}
