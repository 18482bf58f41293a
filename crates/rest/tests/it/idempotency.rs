//! `Idempotency-Key`, as clients that repeat themselves see it.

use std::time::Duration;

use recado_rest::RestSettings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::World;

async fn ask(client: &Client, method: Method, action: &str, key: &str, body: &Value) -> Answer {
    let request = client.request(method, action).header("Idempotency-Key", key).json(body);
    Answer::of(request.send().await.unwrap()).await
}

async fn send(client: &Client, key: &str, body: &Value) -> Answer {
    ask(client, Method::POST, "/send-text", key, body).await
}

fn text(message: &str) -> Value {
    json!({ "phone": "5562988887777", "message": message })
}

async fn queued(client: &Client) -> usize {
    client.get("/queue").await.ok().as_array().unwrap().len()
}

#[tokio::test]
async fn a_repeat_is_answered_alike_and_sends_nothing() {
    let world = World::start().await;
    let client = world.client().await;
    let first = send(&client, "pedido-7", &text("oi")).await;
    let body = first.clone().ok();
    for _ in 0..3 {
        assert_eq!(send(&client, "pedido-7", &text("oi")).await, first);
    }
    let raw = client.request(Method::POST, "/send-text").header("Idempotency-Key", "pedido-7").json(&text("oi")).send().await;
    assert_eq!(raw.unwrap().headers()["idempotency-replayed"], "true");
    assert_eq!(queued(&client).await, 1);
    let other = send(&client, "pedido-8", &text("oi")).await.ok();
    assert_ne!(other["zaapId"], body["zaapId"]);
    assert_ne!(client.post("/send-text", text("oi")).await.ok()["zaapId"], body["zaapId"], "without a key each is its own");
    assert_eq!(queued(&client).await, 3);
}

#[tokio::test]
async fn another_body_or_route_is_a_conflict() {
    let world = World::start().await;
    let client = world.client().await;
    send(&client, "k", &text("oi")).await.ok();
    let reused = "Idempotency-Key was already used with another request";
    assert_eq!(send(&client, "k", &text("olá")).await.error(409), reused);
    assert_eq!(ask(&client, Method::POST, "/reply-message", "k", &text("oi")).await.error(409), reused);
    assert_eq!(ask(&client, Method::PUT, "/update-name", "k", &json!({ "value": "x" })).await.error(409), reused);
    assert_eq!(queued(&client).await, 1);
    // A refusal is an answer, too: the same as long as the key is known.
    let bad = json!({ "phone": "5562988887777" });
    assert_eq!(send(&client, "bad", &bad).await.error(400), "message is required");
    assert_eq!(send(&client, "bad", &bad).await.error(400), "message is required");
    assert_eq!(send(&client, "bad", &text("oi")).await.error(409), reused);
}

#[tokio::test]
async fn keys_belong_to_one_instance_and_need_its_token() {
    let world = World::start().await;
    let (one, two) = (world.client().await, world.client().await);
    let first = send(&one, "k", &text("oi")).await.ok();
    assert_ne!(send(&two, "k", &text("oi")).await.ok()["zaapId"], first["zaapId"]);
    let stranger = Client { token: "0".repeat(24), ..one.clone() };
    assert_eq!(send(&stranger, "k", &text("oi")).await.error(404), "Instance not found");
    assert_eq!(send(&stranger, "never", &text("oi")).await.error(404), "Instance not found");
    assert_eq!(world.dump("idempotency_key").await.lines().count(), 2, "nothing is stored for strangers");
}

#[tokio::test]
async fn keys_that_are_none_are_refused() {
    let world = World::start().await;
    let client = world.client().await;
    for bad in ["", "   ", "chave-ção", &"k".repeat(256)] {
        let request = client.request(Method::POST, "/send-text").json(&text("oi"));
        let request = request.header("Idempotency-Key", reqwest::header::HeaderValue::from_bytes(bad.as_bytes()).unwrap());
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.error(400), "Idempotency-Key is invalid", "{bad:?}");
    }
    assert_eq!(queued(&client).await, 0);
    send(&client, &"k".repeat(255), &text("oi")).await.ok();
}

/// The hard rule: a message that was accepted before the answer was lost is the same message when it is asked for again.
#[tokio::test]
async fn a_crash_between_acceptance_and_answer_sends_once() {
    let world = World::start().await;
    let client = world.client().await;
    let first = send(&client, "k", &text("oi")).await.ok();
    // As a process leaves it that died before it had stored its answer.
    let left = "UPDATE idempotency_key SET status = NULL, answer = NULL, held_until = '-infinity'";
    assert_eq!(world.execute(left).await, 1);
    let raw = client.request(Method::POST, "/send-text").header("Idempotency-Key", "k").json(&text("oi")).send().await.unwrap();
    assert!(!raw.headers().contains_key("idempotency-replayed"), "it was carried out again");
    assert_eq!(Answer::of(raw).await.ok(), first);
    assert_eq!(queued(&client).await, 1);
    world.execute(left).await;
    assert_eq!(send(&client, "k", &text("outro")).await.status, 409, "the body is remembered over a crash");
}

/// The same when the queue has filled up since.
#[tokio::test]
async fn what_was_accepted_is_not_refused_by_a_queue_that_filled_up() {
    let world = World::start_with_queue_limit(1).await;
    let client = world.client().await;
    let first = send(&client, "k", &text("oi")).await.ok();
    world.execute("UPDATE idempotency_key SET status = NULL, answer = NULL, held_until = '-infinity'").await;
    assert_eq!(send(&client, "k", &text("oi")).await.ok(), first);
    assert_eq!(send(&client, "k2", &text("oi")).await.error(400), "Queue limit of 1 messages reached");
}

#[tokio::test]
async fn many_at_once_are_one() {
    let world = World::start().await;
    let client = world.client().await;
    let same = text("oi");
    let all = futures::future::join_all((0..12).map(|_| send(&client, "k", &same))).await;
    let first = all[0].clone().ok();
    for answer in all {
        assert_eq!(answer.ok(), first);
    }
    assert_eq!(queued(&client).await, 1);
}

#[tokio::test]
async fn whoever_waits_too_long_is_told() {
    let settings = RestSettings { repeat_patience: Duration::from_millis(150), ..RestSettings::default() };
    let world = World::start_with(settings).await;
    let client = world.client().await;
    send(&client, "k", &text("oi")).await.ok();
    world.execute("UPDATE idempotency_key SET status = NULL, answer = NULL, held_until = now() + interval '1 hour'").await;
    assert_eq!(send(&client, "k", &text("oi")).await.error(409), "A request with this Idempotency-Key is still being processed");
    assert_eq!(queued(&client).await, 1);
}

#[tokio::test]
async fn a_day_later_the_key_is_new() {
    let world = World::start().await;
    let client = world.client().await;
    let first = send(&client, "k", &text("oi")).await.ok();
    world.advance_hours(23);
    assert_eq!(send(&client, "k", &text("oi")).await.ok(), first);
    world.advance_hours(2);
    let second = send(&client, "k", &text("outra coisa")).await.ok();
    assert_ne!(second["zaapId"], first["zaapId"]);
    assert_eq!(send(&client, "k", &text("outra coisa")).await.ok(), second);
    assert_eq!(queued(&client).await, 2);
}

/// Long bodies are digested while they are read.
#[tokio::test]
async fn long_bodies_are_compared_too() {
    let world = World::start().await;
    let client = world.client().await;
    let long = |fill: &str| json!({ "phone": "5562988887777", "message": "oi", "unknown": fill.repeat(300_000) });
    let first = send(&client, "k", &long("a")).await.ok();
    assert_eq!(send(&client, "k", &long("a")).await.ok(), first);
    assert_eq!(send(&client, "k", &long("b")).await.status, 409);
    let left = "UPDATE idempotency_key SET status = NULL, answer = NULL, held_until = '-infinity'";
    world.execute(left).await;
    assert_eq!(send(&client, "k", &long("b")).await.error(409), "Idempotency-Key was already used with another request");
    world.execute(left).await;
    assert_eq!(send(&client, "k", &long("a")).await.ok(), first);
    assert_eq!(queued(&client).await, 1);
}

#[tokio::test]
async fn an_integrator_creates_one_instance_and_its_token_is_not_kept_in_clear() {
    let world = World::start().await;
    let client = world.client().await;
    let create = |key: &'static str, name: &'static str| {
        let request = client.http.post(format!("{}/instances/integrator/on-demand", client.base)).header("Idempotency-Key", key);
        let bearer = world.first_token();
        let body = json!({ "name": name, "receivedCallbackUrl": "https://example.com/r", "autoReadMessage": true });
        async move { Answer::of(request.bearer_auth(bearer).json(&body).send().await.unwrap()).await }
    };
    let born = create("loja-7", "Loja 7").await.ok();
    assert_eq!(create("loja-7", "Loja 7").await.ok(), born);
    assert_eq!(create("loja-7", "Loja 8").await.status, 409);
    assert!(!world.dump("idempotency_key").await.contains(born["token"].as_str().unwrap()));
    // Died between the first and the last command of the creation.
    world.execute("UPDATE idempotency_key SET status = NULL, answer = NULL, held_until = '-infinity'").await;
    let again = create("loja-7", "Loja 7").await.ok();
    assert_eq!((&again["id"], &again["token"]), (&born["id"], &born["token"]));
    let page = client.http.get(format!("{}/instances", client.base)).bearer_auth(world.first_token()).send().await.unwrap();
    assert_eq!(Answer::of(page).await.ok()["total"], 2);
    assert_ne!(create("loja-8", "Loja 7").await.ok()["id"], born["id"]);
}

/// Reading by POST is harmless, and its answer holds texts that must not be kept.
#[tokio::test]
async fn a_page_of_the_queue_is_not_kept() {
    let world = World::start().await;
    let client = world.client().await;
    assert_eq!(ask(&client, Method::POST, "/queue", "k", &json!({})).await.ok()["messages"], json!([]));
    client.post("/send-text", text("oi")).await.ok();
    let page = ask(&client, Method::POST, "/queue", "k", &json!({})).await.ok();
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
    assert_eq!(world.dump("idempotency_key").await, "");
}
