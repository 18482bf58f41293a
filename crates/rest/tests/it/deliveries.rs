//! Deliveries as clients see and repeat them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::world::World;

async fn connected(world: &World) -> Client {
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    client
}

fn items(page: &Value) -> Vec<Value> {
    page["deliveries"].as_array().unwrap().clone()
}

#[tokio::test]
async fn every_attempt_is_listed_filtered_and_paged() {
    let world = World::start().await;
    let client = connected(&world).await;
    world.receiver.answer_next(&[500]);
    client.post("/send-text", json!({ "phone": "5562988887777", "message": "oi" })).await.ok();
    world.settle().await;
    let page = client.get("/webhooks/deliveries").await.ok();
    let failing = items(&page).into_iter().find(|item| item["type"] == "DeliveryCallback").unwrap();
    assert_eq!((&failing["state"], &failing["attempts"][0]["status"]), (&json!("waiting"), &json!(500)));
    assert!(failing["attempts"][0]["latencyMs"].is_i64() && failing["attempts"][0]["at"].is_i64());
    assert_eq!(failing["zaapId"].as_str().unwrap().len(), 32);
    assert_eq!(page["destinations"][0]["origin"], world.receiver.url());
    assert_eq!((&page["destinations"][0]["circuit"], &page["destinations"][0]["failures"]), (&json!("closed"), &json!(1)));
    world.pass_seconds(10).await;
    world.pass_seconds(10).await;

    let states = |query: &'static str| {
        let client = client.clone();
        async move { items(&client.get(&format!("/webhooks/deliveries?{query}")).await.ok()) }
    };
    assert_eq!(states("state=failed").await, Vec::<Value>::new());
    assert!(states("state=delivered").await.len() >= 4);
    assert_eq!(states("kind=ConnectedCallback").await.len(), 1);
    assert_eq!(states("until=1000").await, Vec::<Value>::new());
    let all = states("").await;
    let (mut cursor, mut read) = (String::new(), vec![]);
    loop {
        let page = client.get(&format!("/webhooks/deliveries?pageSize=1&cursor={cursor}")).await.ok();
        read.extend(items(&page));
        let Some(next) = page["cursor"].as_str() else { break };
        cursor = next.to_owned();
    }
    assert_eq!(read, all);
    for (bad, error) in [
        ("state=x", "state is invalid"),
        ("kind=x", "kind is invalid"),
        ("from=x", "from is invalid"),
        ("until=99999999999999999", "until is invalid"),
        ("cursor=x", "cursor is invalid"),
    ] {
        assert_eq!(client.get(&format!("/webhooks/deliveries?{bad}")).await.error(400), error, "{bad}");
    }
}

#[tokio::test]
async fn one_is_shown_with_its_body_and_as_curl_without_the_secret() {
    let world = World::start().await;
    let client = connected(&world).await;
    let item = items(&client.get("/webhooks/deliveries").await.ok()).remove(0);
    let id = item["id"].as_str().unwrap();
    let detail = client.get(&format!("/webhooks/deliveries/{id}")).await.ok();
    let sent = &world.receiver.received()[0];
    assert_eq!(detail["body"].as_str().unwrap().as_bytes(), &sent.raw[..]);
    assert_eq!(sent.headers["webhook-id"].to_str().unwrap(), id);
    let curl = detail["curl"].as_str().unwrap();
    assert!(curl.contains(&world.receiver.url()) && curl.contains(id) && curl.contains("SEGREDO_DO_WEBHOOK"), "{curl}");
    assert!(!curl.contains(sent.headers["x-token"].to_str().unwrap()));
    // Another instance, of the same account too, finds nothing.
    let other = world.client().await;
    assert_eq!(other.get(&format!("/webhooks/deliveries/{id}")).await.error(404), "Delivery not found");
    assert_eq!(other.post(&format!("/webhooks/deliveries/{id}/resend"), json!({})).await.error(404), "Delivery not found");
    assert_eq!(client.get("/webhooks/deliveries/nonsense").await.error(404), "Delivery not found");
}

#[tokio::test]
async fn one_or_a_range_is_sent_again_under_the_same_ids() {
    let world = World::start().await;
    let client = connected(&world).await;
    let id = items(&client.get("/webhooks/deliveries").await.ok())[0]["id"].as_str().unwrap().to_owned();
    let again = client.post(&format!("/webhooks/deliveries/{id}/resend"), json!({})).await;
    assert_eq!(again.ok(), json!({ "value": true }));
    assert_eq!(
        client.post(&format!("/webhooks/deliveries/{id}/resend"), json!({})).await.error(400),
        "the delivery is still being tried"
    );
    world.settle().await;
    let received = world.receiver.received();
    assert_eq!(received[0].headers["webhook-id"], received[1].headers["webhook-id"]);
    assert_eq!(received[0].raw, received[1].raw);

    // Refused for good, several of them; an incoming text whose content goes meanwhile is left out.
    world.receiver.answer_with(410);
    client.post("/send-text", json!({ "phone": "5562988887777", "message": "oi" })).await.ok();
    world.say(&client, "5562988887777", "olá").await;
    world.settle().await;
    world.pass_seconds(5).await;
    let failed = items(&client.get("/webhooks/deliveries?state=failed").await.ok());
    assert_eq!(failed.len(), 4, "{failed:?}");
    world.execute("DELETE FROM content").await;
    world.receiver.answer_with(200);
    let before = world.receiver.received().len();
    let nothing = client.post("/webhooks/deliveries/resend", json!({ "until": 1000 })).await.ok();
    assert_eq!(nothing, json!({ "value": true, "count": 0, "erased": 0, "hasMore": false }));
    let done = client.post("/webhooks/deliveries/resend", json!({ "state": "failed" })).await.ok();
    assert_eq!(done, json!({ "value": true, "count": 3, "erased": 1, "hasMore": false }));
    world.settle().await;
    let ids = |items: &[Value]| items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let came: Vec<String> =
        world.receiver.received()[before..].iter().map(|r| r.headers["webhook-id"].to_str().unwrap().to_owned()).collect();
    assert_eq!(came.len(), 3);
    assert!(came.iter().all(|id| ids(&failed).contains(id)));
    assert_eq!(items(&client.get("/webhooks/deliveries?state=failed").await.ok()).len(), 1);
    assert_eq!(client.post("/webhooks/deliveries/resend", json!({ "state": "waiting" })).await.error(400), "state is invalid");
    assert_eq!(client.request(Method::GET, "/webhooks/deliveries/resend").send().await.unwrap().status(), 405);
}
