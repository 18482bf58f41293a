//! What clients may get slightly wrong (plugzapi-api.md 1.1 and 1.3).

use recado_rest::RestSettings;
use reqwest::Method;
use serde_json::json;

use crate::client::Answer;
use crate::world::World;

#[tokio::test]
async fn slashes_headers_and_types() {
    let world = World::start().await;
    let client = world.client().await;
    let (id, token, base) = (&client.id, &client.token, &client.base);
    for url in [
        format!("{base}//instances/{id}/token/{token}/status"),
        format!("{base}/instances/{id}/token/{token}/status/"),
        format!("{base}/instances/{id}/token/{token}//status"),
        format!("{base}/instances/{id}/token/{token}/status?x=1/"),
    ] {
        assert_eq!(Answer::of(client.http.get(&url).send().await.unwrap()).await.status, 200, "{url}");
    }
    let get = client.request(Method::GET, "/status").header("content-type", "application/json");
    assert_eq!(get.send().await.unwrap().status(), 200);
    let delete = client.request(Method::DELETE, "/queue").header("content-type", "application/json");
    assert_eq!(Answer::of(delete.send().await.unwrap()).await.ok(), json!({ "value": true }));
    // A body-less POST as common libraries send it.
    let bare = client.request(Method::POST, "/disconnect").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(Answer::of(bare.header("content-length", "0").send().await.unwrap()).await.ok(), json!({ "value": true }));
    let page = client.request(Method::POST, "/queue").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(page.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn fields_in_other_dress() {
    let world = World::start().await;
    let client = world.client().await;
    let bodies = [
        json!({ "phone": "+55 (62) 90000-0001", "message": "1", "messageId": null, "delayMessage": null }),
        json!({ "phone": 5_562_900_000_001_u64, "message": "2", "delayMessage": "7", "delayTyping": "2" }),
        json!({ "phone": "5562900000001", "message": "3", "async": true, "waveform": {}, "privateAnswer": "false", "delayMessage": 0 }),
        json!({ "phone": "120363025486970112-group", "message": "4", "delayMessage": 99, "mentioned": [5_562_900_000_002_u64] }),
    ];
    for body in bodies {
        assert_eq!(client.post("/send-text", body.clone()).await.status, 200, "{body}");
    }
    for alias in ["/send-messages", "/reply-message"] {
        let body = json!({ "phone": "5562900000001", "message": "5", "messageId": "3EB0A1C9D2E47F0B6C18" });
        assert_eq!(client.post(alias, body).await.status, 200, "{alias}");
    }
    let queue = client.get("/queue").await.ok();
    let delays: Vec<_> = queue.as_array().unwrap().iter().map(|item| item["DelayMessage"].as_i64().unwrap()).collect();
    assert_eq!(delays, [-1, 7, -1, 15, -1, -1]);
}

#[tokio::test]
async fn runaways_are_slowed_down_before_anything_is_stored() {
    let world = World::start_with(RestSettings { burst: 3, ..RestSettings::default() }).await;
    let (client, other) = (world.client().await, world.client().await);
    let send = || client.post("/send-text", json!({ "phone": "5562900000001", "message": "oi" }));
    for _ in 0..3 {
        assert_eq!(send().await.status, 200);
    }
    assert_eq!(send().await.error(429), "TOO_MANY_REQUESTS");
    assert_eq!(other.get("/status").await.status, 200, "each instance for itself");
    world.advance_hours(1);
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 3 }));
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let world = World::start_with(RestSettings { max_body_bytes: 1_000, ..RestSettings::default() }).await;
    let client = world.client().await;
    let long = json!({ "phone": "5562900000001", "message": "x".repeat(2_000) });
    assert_eq!(client.post("/send-text", long).await.error(413), "PAYLOAD_TOO_LARGE");
}
