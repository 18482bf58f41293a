//! Tags (plugzapi-api.md 2.10).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::world::World;

const OWN: &str = "5562933334444";
const ANA: &str = "5562988887777";

#[tokio::test]
async fn tags_are_made_changed_put_on_chats_and_deleted() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    assert_eq!(client.get("/tags").await.ok(), json!([]));
    let colors = client.get("/business/tags/colors").await.ok();
    assert!(colors["0"].as_str().is_some_and(|rgb| rgb.len() == 7 && rgb.starts_with('#')), "{colors}");
    assert_eq!(
        client.post("/business/create-tag", json!({ "name": "Novo cliente", "color": "3" })).await.ok(),
        json!({ "id": "1" })
    );
    assert_eq!(client.post("/business/create-tag", json!({ "name": "Pago" })).await.ok(), json!({ "id": "2" }));
    let tags = client.get("/tags").await.ok();
    assert_eq!(tags[0], json!({ "id": "1", "name": "Novo cliente", "color": 3 }));
    assert!(tags[1]["color"].is_i64());
    let edited = client.post("/business/edit-tag/1", json!({ "name": "Cliente", "color": null })).await.ok();
    assert_eq!(edited, json!({ "success": true }));
    assert_eq!(client.get("/tags").await.ok()[0], json!({ "id": "1", "name": "Cliente", "color": 3 }));
    for verb in [Method::PUT, Method::GET] {
        for action in ["add", "add", "remove"] {
            let path = format!("/chats/{ANA}/tags/1/{action}");
            let answer = Answer::of(client.request(verb.clone(), &path).send().await.unwrap()).await;
            assert_eq!(answer.ok(), json!({ "value": true }), "{verb} {path}");
        }
    }
    assert_eq!(client.delete("/business/tag/1").await.ok(), json!({ "success": true }));
    assert_eq!(client.delete("/business/tag/1").await.error(400), "Tag not found");
    assert_eq!(client.get("/tags").await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_tag_is_refused() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let create = |body: Value| async { client.post("/business/create-tag", body).await.error(400).to_owned() };
    assert_eq!(create(json!({ "color": 1 })).await, "name is required");
    assert_eq!(create(json!({ "name": "x", "color": 99 })).await, "color is invalid");
    assert_eq!(create(json!({ "name": "x", "color": "red" })).await, "color is invalid");
    assert_eq!(create(json!({ "name": "x".repeat(101) })).await, "name is invalid");
    assert_eq!(client.post("/business/edit-tag/7", json!({ "name": "x" })).await.error(400), "Tag not found");
    assert_eq!(client.post("/business/edit-tag/seven", json!({ "name": "x" })).await.error(400), "Tag not found");
    let put = client.request(Method::PUT, &format!("/chats/{ANA}/tags/7/add")).send().await.unwrap();
    assert_eq!(Answer::of(put).await.error(400), "Tag not found");
    let put = client.request(Method::PUT, "/chats/1/tags/7/add").send().await.unwrap();
    assert_eq!(Answer::of(put).await.error(400), "Invalid phone");
}
