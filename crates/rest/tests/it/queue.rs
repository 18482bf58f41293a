//! The five queue routes (plugzapi-api.md 2.5). The instance is not connected, so everything waits.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::world::World;

#[tokio::test]
async fn what_waits_is_listed_in_order_and_can_be_taken_out() {
    let world = World::start().await;
    let client = world.client().await;
    let mut sent = vec![];
    for n in 0..5 {
        let body = json!({ "phone": "5562900000001", "message": format!("número {n}\n*negrito*"), "delayTyping": 3 });
        sent.push(client.post("/send-text", body).await.ok());
    }
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 5 }));

    let list = client.get("/queue?page=1&pageSize=100/").await.ok();
    let items = list.as_array().unwrap();
    assert_eq!(items.len(), 5);
    for (item, result) in items.iter().zip(&sent) {
        assert_eq!(item["ZaapId"], result["zaapId"]);
        assert_eq!(item["_id"], result["zaapId"]);
        assert_eq!(item["MessageId"], result["messageId"]);
    }
    let first = &items[0];
    assert_eq!(first["InstanceId"], json!(client.id));
    assert_eq!(first["Phone"], "5562900000001");
    assert_eq!(first["Message"], "número 0\n*negrito*");
    assert_eq!((first["DelayMessage"].as_i64(), first["DelayTyping"].as_i64()), (Some(-1), Some(3)));
    assert_eq!((first["IsTrial"].as_bool(), first["Beta"].as_bool()), (Some(true), Some(false)));
    assert!(first["Created"].as_i64().unwrap() > 1_700_000_000_000);

    let one = sent[2]["zaapId"].as_str().unwrap();
    assert_eq!(client.delete(&format!("/queue/{one}")).await.ok(), json!({ "value": true }));
    assert_eq!(client.delete(&format!("/queue/{}", "0".repeat(32))).await.ok(), json!({ "value": false }));
    assert_eq!(client.delete("/queue/nonsense").await.ok(), json!({ "value": false }));
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 4 }));

    // An empty id between slashes must not empty the queue.
    assert_eq!(client.delete("/queue//").await.status, 404);
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 4 }));

    assert_eq!(client.delete("/queue").await.ok(), json!({ "value": true }));
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
    assert_eq!(client.get("/queue").await.ok(), json!([]));
}

#[tokio::test]
async fn pages_by_cursor() {
    let world = World::start().await;
    let client = world.client().await;
    for n in 0..5 {
        client.post("/send-text", json!({ "phone": "5562900000001", "message": n.to_string() })).await.ok();
    }
    let mut cursor = Value::Null;
    let mut seen = vec![];
    for expected in [2, 2, 1] {
        let page = client.post("/queue", json!({ "pageSize": "2", "pagingState": cursor })).await.ok();
        let messages = page["messages"].as_array().unwrap();
        assert_eq!(messages.len(), expected);
        seen.extend(messages.iter().map(|item| item["Message"].as_str().unwrap().to_owned()));
        assert!(messages[0]["CreatedAt"].as_str().unwrap().contains('T'));
        assert_eq!(page["hasMore"], json!(expected == 2));
        cursor = page["pagingState"].clone();
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4"]);
    assert_eq!(cursor, Value::Null);
    assert_eq!(client.post("/queue", json!({ "pagingState": "garbage" })).await.error(400), "pagingState is invalid");
}

#[tokio::test]
async fn another_accounts_queue_is_out_of_reach() {
    let world = World::start().await;
    let (client, stranger) = (world.client().await, world.client_of_another_account().await);
    let sent = client.post("/send-text", json!({ "phone": "5562900000001", "message": "oi" })).await.ok();
    let id = sent["zaapId"].as_str().unwrap();
    assert_eq!(stranger.delete(&format!("/queue/{id}")).await.ok(), json!({ "value": false }));
    assert_eq!(stranger.delete("/queue").await.ok(), json!({ "value": true }));
    assert_eq!(stranger.get("/queue").await.ok(), json!([]));
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 1 }));
}

#[tokio::test]
async fn a_paused_queue_accepts_and_waits_until_it_is_resumed() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-delivery", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    // The bodyless form, as clients send it.
    let pause = || async { Answer::of(client.request(Method::PUT, "/queue/pause").send().await.unwrap()).await };
    for _ in 0..2 {
        assert_eq!(pause().await.ok(), json!({ "value": true }));
    }
    let mut ids = vec![];
    for n in 0..3 {
        let sent = client.post("/send-text", json!({ "phone": "5562988887777", "message": n.to_string() })).await.ok();
        ids.push(sent["messageId"].clone());
    }
    world.advance_hours(1);
    world.settle().await;
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 3 }));
    assert!(world.bodies().is_empty());
    // Nor does a new connection make it go on: people do.
    client.get("/disconnect").await.ok();
    world.settle().await;
    world.scan(&client, "5562933334444").await;
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 3 }));
    assert_eq!(client.put("/queue/resume", json!({})).await.ok(), json!({ "value": true }));
    let delivered = world.wait_for("DeliveryCallback", 3).await;
    assert_eq!(delivered.iter().map(|body| body["messageId"].clone()).collect::<Vec<_>>(), ids);
    assert_eq!(client.get("/queue/pause").await.status, 405);
}

/// A thousand and a few at the same time: exactly the limit is accepted (plugzapi-api.md 1.5 and 4).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_is_exact_even_when_everybody_comes_at_once() {
    let world = World::start_with_queue_limit(40).await;
    let client = world.client().await;
    let sends = (0..60).map(|n| {
        let client = client.clone();
        async move { client.post("/send-text", json!({ "phone": "5562900000001", "message": n.to_string() })).await }
    });
    let answers = futures::future::join_all(sends).await;
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(accepted, 40);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(refused.error(400), "Queue limit of 40 messages reached");
    }
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 40 }));
}
