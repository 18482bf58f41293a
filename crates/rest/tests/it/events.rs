//! The event feed: pages and stream.

use std::collections::HashMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::stream::Stream;
use crate::world::World;

const OTHER: &str = "5562988887777";

async fn open(client: &Client, query: &str, last: Option<&str>) -> reqwest::Response {
    let request = client.request(Method::GET, &format!("/events{query}")).header("Accept", "text/event-stream");
    let request = last.into_iter().fold(request, |request, id| request.header("Last-Event-ID", id));
    request.send().await.unwrap()
}

fn entries(page: &Value) -> Vec<(i64, Value)> {
    let cursor = |entry: &Value| entry["cursor"].as_str().unwrap().parse().unwrap();
    page["events"].as_array().unwrap().iter().map(|entry| (cursor(entry), entry["event"].clone())).collect()
}

async fn send(world: &World, client: &Client, text: &str) {
    client.post("/send-text", json!({ "phone": OTHER, "message": text })).await.ok();
    world.settle().await;
    world.pass_seconds(5).await;
}

#[tokio::test]
async fn everything_is_told_in_order_without_any_url() {
    let world = World::start().await;
    let client = world.client().await;
    world.scan(&client, "5562933334444").await;
    send(&world, &client, "oi").await;
    let page = client.get("/events").await.ok();
    let told: Vec<String> = entries(&page)
        .iter()
        .map(|(_, event)| format!("{} {}", event["type"].as_str().unwrap(), event["status"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(told, ["ConnectedCallback ", "DeliveryCallback ", "MessageStatusCallback SENT", "MessageStatusCallback RECEIVED"]);
    assert!(entries(&page).windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert_eq!((&page["hasMore"], page["cursor"].as_str()), (&json!(false), page["events"][3]["cursor"].as_str()));

    // Page by page, and on from the end.
    let (mut after, mut read) = (String::new(), vec![]);
    loop {
        let page = client.get(&format!("/events?limit=1&after={after}")).await.ok();
        read.extend(entries(&page));
        after = page["cursor"].as_str().unwrap().to_owned();
        if page["hasMore"] == json!(false) {
            break;
        }
    }
    assert_eq!(read, entries(&page));
    let end = client.get(&format!("/events?after={after}")).await.ok();
    assert_eq!(end, json!({ "events": [], "cursor": after, "hasMore": false }));
    let filtered = client.get("/events?kind=DeliveryCallback,ConnectedCallback").await.ok();
    assert_eq!(entries(&filtered).len(), 2);
    assert_eq!(entries(&client.get("/events?after=now").await.ok()), []);

    for (bad, error) in [("after=x", "after is invalid"), ("after=-1", "after is invalid"), ("kind=Nope", "kind is invalid")] {
        assert_eq!(client.get(&format!("/events?{bad}")).await.error(400), error, "{bad}");
    }
    // Another instance of the same account sees nothing of it.
    assert_eq!(entries(&world.client().await.get("/events").await.ok()), []);
}

#[tokio::test]
async fn an_entry_is_the_webhooks_own_body() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    // Two URLs for what comes in are two webhooks, and one entry.
    let second = format!("{}/second", world.receiver.url());
    client.put("/update-webhook-received-delivery", json!({ "value": second })).await.ok();
    client.put("/update-notify-sent-by-me", json!({ "notifySentByMe": false })).await.ok();
    world.scan(&client, "5562933334444").await;
    world.receiver.answer_with(500);
    world.say(&client, OTHER, "Bom dia").await;
    world.settle().await;
    world.receiver.answer_with(200);
    send(&world, &client, "oi").await;
    let page = client.get("/events").await.ok();
    let told = entries(&page);
    let by_kind: HashMap<String, Value> =
        told.iter().map(|(_, event)| (format!("{}{}", event["type"], event["status"]), event.clone())).collect();
    assert_eq!(by_kind.len(), told.len(), "each callback once: {told:?}");
    for body in world.bodies() {
        assert_eq!(by_kind[&format!("{}{}", body["type"], body["status"])], body);
    }
    let incoming = told.iter().find(|(_, event)| event["type"] == "ReceivedCallback").unwrap();
    assert_eq!(incoming.1["text"]["message"], "Bom dia", "not delivered yet: the text is still there");
    // Both webhooks have it now: the text is gone, and the entry says so.
    world.pass_seconds(60).await;
    let page = client.get("/events?kind=ReceivedCallback").await.ok();
    let (_, entry) = &entries(&page)[0];
    assert_eq!((&entry["contentErased"], &entry["phone"], &entry["fromMe"]), (&json!(true), &json!(OTHER), &json!(false)));
    assert!(entry.get("text").is_none() && entry["momment"].is_i64() && entry["messageId"].is_string());
}

#[tokio::test]
async fn a_text_nobody_asked_for_is_not_kept_and_reading_is_asking() {
    let world = World::start().await;
    let client = world.client().await;
    world.scan(&client, "5562933334444").await;
    world.say(&client, OTHER, "antes").await;
    world.settle().await;
    assert_eq!(world.rows_of_content().await, 0);
    let page = client.get("/events?kind=ReceivedCallback").await.ok();
    assert_eq!(entries(&page)[0].1["contentErased"], json!(true));
    world.say(&client, OTHER, "depois").await;
    world.settle().await;
    let page = client.get(&format!("/events?kind=ReceivedCallback&after={}", page["cursor"].as_str().unwrap())).await.ok();
    assert_eq!(entries(&page)[0].1["text"]["message"], "depois");
    assert!(!world.dump("webhook_event").await.contains(OTHER), "neither number nor text stands in clear");
}

#[tokio::test]
async fn a_stream_is_woken_and_resumed_where_it_broke() {
    let world = World::start().await;
    let client = world.client().await;
    let mut stream = Stream::of(open(&client, "", None).await);
    world.scan(&client, "5562933334444").await;
    assert_eq!(stream.next().await.unwrap().1["type"], "ConnectedCallback");
    send(&world, &client, "um").await;
    let seen = stream.take(3).await;
    let last = seen[1].0.clone();
    drop(stream);
    send(&world, &client, "dois").await;
    let mut stream = Stream::of(open(&client, "?after=0", Some(&last)).await);
    let resumed = stream.take(4).await;
    assert_eq!(resumed[0], seen[2], "nothing is lost and nothing comes twice");
    assert_eq!(resumed[1].1["type"], "DeliveryCallback");
    // It goes on with what comes, filtered.
    let mut statuses = Stream::of(open(&client, "?after=now&kind=MessageStatusCallback", None).await);
    send(&world, &client, "três").await;
    assert_eq!(statuses.next().await.unwrap().1["status"], "SENT");
    assert_eq!(stream.take(3).await[1].1["status"], "SENT");
}

#[tokio::test]
async fn streams_end_with_the_server_and_with_the_token() {
    let world = World::start().await;
    let client = world.client().await;
    let mut stream = Stream::of(open(&client, "", None).await);
    world.order_stop();
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn strangers_and_expired_trials_are_told_what_every_route_tells_them() {
    let world = World::start().await;
    let client = world.client().await;
    let stranger = Client { token: "0".repeat(24), ..client.clone() };
    assert_eq!(Answer::of(open(&stranger, "", None).await).await.error(404), "Instance not found");
    assert_eq!(stranger.get("/events").await.error(404), "Instance not found");
    assert_eq!(Answer::of(open(&client, "", Some("x")).await).await.error(400), "after is invalid");
    world.advance_hours(49);
    let over = "To continue sending a message, you must subscribe to this instance again";
    assert_eq!(Answer::of(open(&client, "", None).await).await.error(400), over);
    assert_eq!(client.get("/events").await.error(400), over);
}

#[tokio::test]
async fn streams_of_one_instance_are_bounded_and_places_come_back() {
    let world = World::start().await;
    let client = world.client().await;
    let mut streams = vec![];
    for _ in 0..10 {
        streams.push(Stream::of(open(&client, "", None).await));
    }
    assert_eq!(open(&client, "", None).await.status(), 429);
    assert_eq!(open(&world.client().await, "", None).await.status(), 200, "another instance is not concerned");
    drop(streams.pop());
    let free = async {
        while open(&client, "", None).await.status() != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), free).await.unwrap();
}
