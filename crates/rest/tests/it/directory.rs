//! What the routes that ask WhatsApp have in common.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::world::World;

const P: &str = "5562988887777";
const G: &str = "120363025486970112-group";

/// Every route that needs the session, with a body it would accept.
fn routes() -> Vec<(Method, String, Value)> {
    let get = |path: &str| (Method::GET, path.to_owned(), Value::Null);
    let post = |path: &str, body: Value| (Method::POST, path.to_owned(), body);
    let put = |path: &str, body: Value| (Method::PUT, path.to_owned(), body);
    let people = json!({ "groupId": G, "phones": [P] });
    let mut all = vec![
        get("/device"),
        put("/profile-picture", json!({ "value": "https://example.com/a.png" })),
        put("/profile-name", json!({ "value": "Loja" })),
        put("/profile-description", json!({ "value": "Aberto" })),
        get("/contacts?page=1&pageSize=10"),
        get(&format!("/contacts/{P}")),
        get(&format!("/phone-exists/{P}")),
        post("/phone-exists-batch", json!({ "phones": [P] })),
        get(&format!("/profile-picture?phone={P}")),
        post("/contacts/add", json!([{ "firstName": "Ana", "phone": P }])),
        (Method::DELETE, "/contacts/remove".to_owned(), json!([P])),
        post("/contacts/modify-blocked", json!({ "phone": P, "action": "block" })),
        get("/chats?page=1&pageSize=10"),
        get(&format!("/chats/{P}")),
        get(&format!("/chat/{P}")),
        post("/modify-chat", json!({ "phone": P, "action": "read" })),
        get("/groups"),
        post("/create-group", json!({ "groupName": "Bairro", "phones": [P], "autoInvite": true })),
        post("/update-group-name", json!({ "groupId": G, "groupName": "x" })),
        post("/update-group-photo", json!({ "groupId": G, "groupPhoto": "https://example.com/a.png" })),
        post("/update-group-description", json!({ "groupId": G, "groupDescription": "x" })),
        post("/update-group-settings", json!({ "phone": G, "adminOnlyMessage": true })),
        post("/leave-group", json!({ "groupId": G })),
        get(&format!("/group-metadata/{G}")),
        post(&format!("/group-metadata/{G}"), Value::Null),
        get(&format!("/light-group-metadata/{G}")),
        get("/group-invitation-metadata?url=https://chat.whatsapp.com/X"),
        get(&format!("/group-invitation-link/{G}")),
        post(&format!("/redefine-invitation-link/{G}"), Value::Null),
        get("/accept-invite-group?url=https://chat.whatsapp.com/X"),
        get("/tags"),
        put(&format!("/chats/{P}/tags/1/add"), Value::Null),
        get(&format!("/chats/{P}/tags/1/remove")),
        post("/business/create-tag", json!({ "name": "Novo" })),
        post("/business/edit-tag/1", json!({ "name": "Novo" })),
        (Method::DELETE, "/business/tag/1".to_owned(), Value::Null),
        get("/business/tags/colors"),
    ];
    for action in
        ["add-participant", "remove-participant", "approve-participant", "reject-participant", "add-admin", "remove-admin"]
    {
        all.push(post(&format!("/{action}"), people.clone()));
    }
    all
}

#[tokio::test]
async fn without_a_session_they_refuse_at_once() {
    let world = World::start().await;
    let client = world.client().await;
    let begun = Instant::now();
    for (method, path, body) in routes() {
        let request = client.request(method.clone(), &path);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.error(400), "You need to be connected with whatsapp", "{method} {path}");
        assert_eq!(answer.content_type, "application/json; charset=utf-8", "{method} {path}");
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "nothing waits for a session");
}

#[tokio::test]
async fn a_lost_line_refuses_too() {
    let world = World::start().await;
    let client = world.connected("5562933334444").await;
    assert_eq!(client.get("/chats").await.ok(), json!([]));
    world.sim().set_online(client.id.parse().unwrap(), false).await.unwrap();
    // The read model may not know yet: the session itself does.
    assert_eq!(client.get("/chats").await.error(400), "You need to be connected with whatsapp");
    world.settle().await;
    assert_eq!(client.get("/chats").await.error(400), "You need to be connected with whatsapp");
}

#[tokio::test]
async fn bodies_with_lists_are_read_as_freely_as_others() {
    let world = World::start().await;
    let client = world.connected("5562933334444").await;
    let raw = |content_type: &'static str, body: &'static str| client.post_raw("/phone-exists-batch", content_type, body);
    assert_eq!(raw("application/x-www-form-urlencoded", "").await.error(400), "phones is required");
    assert_eq!(raw("text/plain", "{\"phones\":[\"5562988887777\"]}").await.error(415), "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(raw("application/json", "{\"phones\":").await.error(400), "Invalid JSON");
    assert_eq!(raw("application/json", "7").await.error(400), "Invalid JSON");
    assert_eq!(raw("application/json", "{\"phones\":{}}").await.error(400), "phones is invalid");
    assert_eq!(raw("application/json; charset=utf-8", "{\"phones\":[5562988887777],\"x\":1}").await.status, 200);
    let put = client.request(Method::PUT, "/phone-exists-batch").send().await.unwrap();
    assert_eq!(put.status(), 405);
}

#[tokio::test]
async fn one_account_s_groups_and_contacts_are_not_another_s() {
    let world = World::start().await;
    let client = world.connected("5562933334444").await;
    client.post("/contacts/add", json!([{ "firstName": "Ana", "phone": P }])).await.ok();
    let group = client.post("/create-group", json!({ "groupName": "Bairro", "phones": ["5562977776666"] })).await.ok();
    let group = group["phone"].as_str().unwrap();
    client.get("/disconnect").await.ok();
    world.settle().await;
    // The same telephone, linked in another account.
    let stranger = world.connected_stranger("5562933334444").await;
    assert_eq!(stranger.get("/contacts").await.ok(), json!([]));
    assert_eq!(stranger.get("/groups").await.ok(), json!([]));
    assert_eq!(stranger.get(&format!("/group-metadata/{group}")).await.error(400), "GROUP_FORBIDDEN");
}
