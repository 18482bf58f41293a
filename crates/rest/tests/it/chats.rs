//! Conversations (plugzapi-api.md 2.8).

use serde_json::{Value, json};

use crate::client::Client;
use crate::world::World;

const OWN: &str = "5562933334444";
const ANA: &str = "5562988887777";
const BRUNO: &str = "5562977776666";

async fn modify(client: &Client, action: &str) {
    let done = client.post("/modify-chat", json!({ "phone": ANA, "action": action })).await.ok();
    assert_eq!(done, json!({ "value": true }), "{action}");
}

async fn ana(client: &Client) -> Value {
    client.get(&format!("/chats/{ANA}")).await.ok()
}

async fn phones(client: &Client) -> Vec<String> {
    let chats = client.get("/chats?page=1&pageSize=20").await.ok();
    chats.as_array().unwrap().iter().map(|chat| chat["phone"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_chat_has_the_types_clients_know() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let at = world.now_ms();
    world.say(&client, ANA, "oi").await;
    let chats = client.get("/chats?page=1&pageSize=10").await.ok();
    let chat = &chats[0];
    let lid = client.get(&format!("/phone-exists/{ANA}")).await.ok()["lid"].clone();
    let name = chat["name"].clone();
    assert_eq!(
        chat,
        &json!({ "phone": ANA, "name": name, "archived": "false", "pinned": "false", "isMarkedSpam": "false", "isMuted": "0",
            "unread": "1", "messagesUnread": 1, "lastMessageTime": at.to_string(), "muteEndTime": null, "profileThumbnail": null,
            "isGroup": false, "isGroupAnnouncement": false, "lid": lid })
    );
    let one = ana(&client).await;
    assert_eq!((&one["phone"], &one["about"]), (&json!(ANA), &json!("Disponível")));
    assert_eq!(client.get(&format!("/chat/{ANA}")).await.ok(), one, "PlugZapi's name");
    assert_eq!(client.get(&format!("/chats/{}", lid.as_str().unwrap())).await.ok()["phone"], ANA, "by the hidden id");
    // A chat that has not begun.
    let new = client.get(&format!("/chats/{BRUNO}")).await.ok();
    assert_eq!((&new["phone"], &new["unread"], &new["lastMessageTime"]), (&json!(BRUNO), &json!("0"), &json!("0")));
    assert_eq!(phones(&client).await, [ANA]);
    assert_eq!(client.get("/chats/1").await.error(400), "Invalid phone");
    assert_eq!(client.get("/chats/5562900000404").await.error(400), "Invalid phone");
}

#[tokio::test]
async fn reading_tells_the_writer_and_unread_is_a_mark() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let writer = world.connected(ANA).await;
    writer.put("/update-webhook-message-status", json!({ "value": world.receiver.url() })).await.ok();
    writer.post("/send-text", json!({ "phone": OWN, "message": "oi" })).await.ok();
    for _ in 0..40 {
        world.advance_ms(500);
        world.settle().await;
        if ana(&client).await["unread"] == "1" {
            break;
        }
    }
    assert_eq!(ana(&client).await["unread"], "1");
    modify(&client, "read").await;
    assert_eq!(ana(&client).await["unread"], "0");
    let statuses: Vec<_> =
        world.wait_for("MessageStatusCallback", 3).await.into_iter().map(|body| body["status"].clone()).collect();
    assert_eq!(statuses, ["SENT", "RECEIVED", "READ"]);
    modify(&client, "unread").await;
    assert_eq!((&ana(&client).await["unread"], &ana(&client).await["messagesUnread"]), (&json!("1"), &json!(1)));
    modify(&client, "read").await;
    assert_eq!(ana(&client).await["unread"], "0");
}

#[tokio::test]
async fn archive_pin_and_mute() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    world.say(&client, ANA, "um").await;
    world.advance_ms(1_000);
    world.say(&client, BRUNO, "dois").await;
    assert_eq!(phones(&client).await, [BRUNO, ANA]);
    modify(&client, "pin").await;
    assert_eq!(ana(&client).await["pinned"], "true");
    assert_eq!(phones(&client).await, [ANA, BRUNO], "pinned ones first");
    modify(&client, "archive").await;
    let archived = ana(&client).await;
    assert_eq!((&archived["archived"], &archived["pinned"]), (&json!("true"), &json!("false")));
    modify(&client, "pin").await;
    assert_eq!(ana(&client).await["archived"], "false", "pinning brings it back");
    modify(&client, "unpin").await;
    modify(&client, "archive").await;
    modify(&client, "unarchive").await;
    let plain = ana(&client).await;
    assert_eq!((&plain["archived"], &plain["pinned"]), (&json!("false"), &json!("false")));
    modify(&client, "mute").await;
    let muted = ana(&client).await;
    assert_eq!((&muted["isMuted"], &muted["muteEndTime"]), (&json!("1"), &json!(-1)));
    modify(&client, "unmute").await;
    let loud = ana(&client).await;
    assert_eq!((&loud["isMuted"], &loud["muteEndTime"]), (&json!("0"), &Value::Null));
}

#[tokio::test]
async fn clearing_keeps_the_chat_and_deleting_does_not() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    world.say(&client, ANA, "um").await;
    modify(&client, "clear").await;
    assert_eq!(phones(&client).await, [ANA]);
    let cleared = ana(&client).await;
    assert_eq!((&cleared["unread"], &cleared["lastMessageTime"]), (&json!("0"), &json!("0")));
    world.say(&client, ANA, "dois").await;
    assert_eq!(ana(&client).await["unread"], "1");
    modify(&client, "delete").await;
    assert!(phones(&client).await.is_empty());
    modify(&client, "delete").await;
    world.say(&client, ANA, "três").await;
    assert_eq!(phones(&client).await, [ANA], "a new message brings it back");
    assert_eq!(ana(&client).await["unread"], "1");
}

#[tokio::test]
async fn what_is_no_action_is_refused() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let refused = |body: Value| async { client.post("/modify-chat", body).await.error(400).to_owned() };
    assert_eq!(refused(json!({ "phone": ANA, "action": "burn" })).await, "action is invalid");
    assert_eq!(refused(json!({ "phone": ANA, "action": null })).await, "action is required");
    assert_eq!(refused(json!({ "action": "read" })).await, "phone is required");
    assert_eq!(refused(json!({ "phone": "1", "action": "read" })).await, "Invalid phone");
    assert_eq!(refused(json!({ "phone": "120363025486970112-group", "action": "read" })).await, "GROUP_FORBIDDEN");
}
