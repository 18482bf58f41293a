//! The partner's routes (plugzapi-api.md 2.12).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::World;

async fn ask(client: &Client, method: Method, url: String, bearer: &str, body: Option<Value>) -> Answer {
    let mut request = client.http.request(method, url).header("authorization", format!("Bearer {bearer}"));
    if let Some(body) = body {
        request = request.json(&body);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn create_subscribe_cancel_list() {
    let world = World::start().await;
    let client = world.client().await;
    let partner = world.partner_token().await;
    let create = format!("{}/instances/integrator/on-demand", client.base);
    let body = json!({ "name": "Loja 7", "receivedCallbackUrl": "https://example.com/r", "unknown": 1, "isDevice": false });
    let born = ask(&client, Method::POST, create.clone(), &partner, Some(body)).await.ok();
    let child = Client {
        id: born["id"].as_str().unwrap().to_owned(),
        token: born["token"].as_str().unwrap().to_owned(),
        ..client.clone()
    };
    assert_eq!((child.id.len(), child.token.len()), (32, 24));
    let two_days = 2 * 24 * 3600 * 1000;
    assert_eq!(born["due"].as_i64().unwrap() - world.now_ms(), two_days);

    let me = child.get("/me").await.ok();
    assert_eq!((&me["name"], &me["paymentStatus"]), (&json!("Loja 7"), &json!("TRIAL")));
    assert_eq!(me["receivedCallbackUrl"], "https://example.com/r");

    let subscribe = child.path("/integrator/on-demand/subscription");
    let cancel = child.path("/integrator/on-demand/cancel");
    for bearer in ["", "nonsense"] {
        assert_eq!(ask(&client, Method::POST, subscribe.clone(), bearer, None).await.error(401), "Unauthorized");
    }
    assert_eq!(child.get("/me").await.ok()["paymentStatus"], "TRIAL");

    // Signing works after the trial, too: that is what the refusal asks for.
    world.advance_hours(49);
    assert_eq!(child.get("/status").await.status, 400);
    let signed = ask(&client, Method::POST, subscribe.clone(), &partner, None).await;
    assert_eq!((signed.status, signed.body), (201, json!({ "value": true })));
    assert_eq!(ask(&client, Method::POST, subscribe, &partner, Some(json!({ "withCalls": true }))).await.status, 201);
    assert_eq!(child.get("/me").await.ok()["paymentStatus"], "PAID");

    let cancelled = ask(&client, Method::POST, cancel, &partner, None).await;
    assert_eq!((cancelled.status, cancelled.body), (201, json!({ "value": true })));
    let me = child.get("/me").await.ok();
    assert_eq!(me["paymentStatus"], "CANCELING");
    assert_eq!(me["due"].as_i64().unwrap() - world.now_ms(), 30 * 24 * 3600 * 1000);

    let page = ask(&client, Method::GET, format!("{}/instances?page=1&pageSize=1/", client.base), &partner, None).await.ok();
    assert_eq!(
        (&page["total"], &page["totalPage"], &page["pageSize"], &page["page"]),
        (&json!(2), &json!(2), &json!(1), &json!(1))
    );
    let found = ask(&client, Method::GET, format!("{}/instances?query=loja%207", client.base), &partner, None).await.ok();
    let item = &found["content"][0];
    assert_eq!(found["total"], 1);
    assert_eq!((&item["id"], &item["token"]), (&json!(child.id), &json!(child.token)));
    assert_eq!((&item["middleware"], &item["whatsappConnected"]), (&json!("web"), &json!(false)));
    assert!(item["due"].is_i64() && item["created"].is_string() && item["tenant"].is_string(), "{item}");
}

#[tokio::test]
async fn a_partner_never_reaches_another_accounts_instance() {
    let world = World::start().await;
    let (client, stranger) = (world.client().await, world.client_of_another_account().await);
    let partner = world.partner_token().await;
    for action in ["/integrator/on-demand/subscription", "/integrator/on-demand/cancel"] {
        let answer = ask(&client, Method::POST, stranger.path(action), &partner, None).await;
        assert_eq!(answer.error(404), "Instance not found", "{action}");
    }
    let page = ask(&client, Method::GET, format!("{}/instances", client.base), &partner, None).await.ok();
    assert_eq!((&page["total"], &page["content"][0]["id"]), (&json!(1), &json!(client.id)));
    let bad =
        ask(&client, Method::POST, format!("{}/instances/integrator/on-demand", client.base), &partner, Some(json!({}))).await;
    assert_eq!(bad.error(400), "name is required");
    for (field, value, error) in [
        ("callRejectMessage", "a\0b".to_owned(), "callRejectMessage is invalid"),
        ("callRejectMessage", "x".repeat(70_000), "callRejectMessage is invalid"),
        ("receivedCallbackUrl", "https://example.com/a\0b".to_owned(), "Webhook URL is invalid"),
    ] {
        let body = json!({ "name": "Loja", field: value });
        let url = format!("{}/instances/integrator/on-demand", client.base);
        assert_eq!(ask(&client, Method::POST, url, &partner, Some(body)).await.error(400), error);
    }
}

#[tokio::test]
async fn the_first_token_creates_25_instances() {
    let world = World::start().await;
    let client = world.client().await;
    let create = format!("{}/instances/integrator/on-demand", client.base);
    for n in 2..=25 {
        ask(&client, Method::POST, create.clone(), &world.first_token(), Some(json!({ "name": n.to_string() }))).await.ok();
    }
    let refused = ask(&client, Method::POST, create.clone(), &world.first_token(), Some(json!({ "name": "26" }))).await;
    assert_eq!(refused.error(403), "Limite de 25 instâncias atingido");
    ask(&client, Method::POST, create, &world.partner_token().await, Some(json!({ "name": "26" }))).await.ok();
}

#[tokio::test]
async fn every_field_of_the_body_is_taken_as_freely_as_clients_write_it() {
    let world = World::start().await;
    let client = world.client().await;
    let partner = world.partner_token().await;
    let create = format!("{}/instances/integrator/on-demand/", client.base);
    let body = json!({
        "name": "Loja 8", "sessionName": "ERP da loja", "deliveryCallbackUrl": "https://example.com/d",
        "receivedCallbackUrl": "https://example.com/r", "receivedAndDeliveryCallbackUrl": "https://example.com/rd",
        "presenceChatCallbackUrl": "https://example.com/p", "disconnectedCallbackUrl": "https://example.com/x",
        "connectedCallbackUrl": "https://example.com/c", "messageStatusCallbackUrl": "https://example.com/s",
        "callRejectAuto": "true", "callRejectMessage": "Não atendemos ligações.", "autoReadMessage": true, "autoReadStatus": null,
        "isDevice": "true", "businessDevice": true, "disableEnqueueWhenDisconnected": "false", "unheardOf": { "a": [1] },
    });
    let born = ask(&client, Method::POST, create, &partner, Some(body)).await.ok();
    assert!(born["due"].is_i64(), "{born}");
    let child = Client { id: text(&born["id"]), token: text(&born["token"]), ..client.clone() };
    // Everything is there from the first moment: it was one step.
    let me = child.get("/me").await.ok();
    for (field, value) in [
        ("deliveryCallbackUrl", json!("https://example.com/d")),
        ("receivedCallbackUrl", json!("https://example.com/r")),
        ("receivedAndDeliveryCallbackUrl", json!("https://example.com/rd")),
        ("presenceChatCallbackUrl", json!("https://example.com/p")),
        ("disconnectedCallbackUrl", json!("https://example.com/x")),
        ("connectedCallbackUrl", json!("https://example.com/c")),
        ("messageStatusCallbackUrl", json!("https://example.com/s")),
        ("receiveCallbackSentByMe", json!(true)),
        ("callRejectAuto", json!(true)),
        ("callRejectMessage", json!("Não atendemos ligações.")),
        ("autoReadMessage", json!(true)),
    ] {
        assert_eq!(me[field], value, "{field}");
    }
    let list = async |query: &str| {
        let url = format!("{}/instances?{query}", client.base);
        ask(&client, Method::GET, url, &partner, None).await.ok()
    };
    let mobile = list("middleware=mobile&page=1&pageSize=2/").await;
    assert_eq!((&mobile["total"], &mobile["content"][0]["id"]), (&json!(1), &json!(child.id)));
    let web = list("middleware=web").await;
    assert_eq!((&web["total"], &web["content"][0]["id"]), (&json!(1), &json!(client.id)));
    let by_id = list(&format!("query={}", child.id[4..20].to_lowercase())).await;
    let item = &by_id["content"][0];
    for (field, kind) in
        [("id", "s"), ("token", "s"), ("tenant", "s"), ("name", "s"), ("created", "s"), ("due", "n"), ("paymentStatus", "s")]
    {
        let right = if kind == "s" { item[field].is_string() } else { item[field].is_i64() };
        assert!(right, "{field} in {item}");
    }
    assert_eq!((&item["phoneConnected"], &item["whatsappConnected"]), (&json!(false), &json!(false)));
    assert!(item.get("receivedStatusCallbackUrl").is_some() && item.get("initialDataCallbackUrl").is_none(), "{item}");
    let bad = json!({ "name": "x", "sessionName": "a\u{7}b" });
    let url = format!("{}/instances/integrator/on-demand", client.base);
    assert_eq!(ask(&client, Method::POST, url, &partner, Some(bad)).await.error(400), "sessionName is invalid");
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_limit_of_the_first_token_holds_under_parallel_requests() {
    let world = World::start().await;
    let client = world.client().await;
    let token = world.first_token();
    let create = format!("{}/instances/integrator/on-demand", client.base);
    let requests = (0..32).map(|n| ask(&client, Method::POST, create.clone(), &token, Some(json!({ "name": n.to_string() }))));
    let answers = futures::future::join_all(requests).await;
    let made = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(made, 24, "one existed already: {answers:?}");
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(refused.error(403), "Limite de 25 instâncias atingido");
    }
}

#[tokio::test]
async fn an_unpaid_trial_is_deleted_after_a_week_and_forgotten_by_every_route() {
    let world = World::start().await;
    let client = world.client().await;
    let partner = world.partner_token().await;
    client.post("/send-text", json!({ "phone": "5562911112222", "message": "nunca saiu" })).await.ok();
    world.advance_hours(48);
    world.settle().await;
    let expired = "To continue sending a message, you must subscribe to this instance again";
    assert_eq!(client.get("/status").await.error(400), expired);
    world.advance_hours(7 * 24);
    world.settle().await;
    assert_eq!(client.get("/status").await.error(404), "Instance not found");
    let subscribe = client.path("/integrator/on-demand/subscription");
    assert_eq!(ask(&client, Method::POST, subscribe, &partner, None).await.error(404), "Instance not found");
    let page = ask(&client, Method::GET, format!("{}/instances", client.base), &partner, None).await.ok();
    assert_eq!((&page["total"], &page["totalPage"]), (&json!(0), &json!(0)));
    assert_eq!(world.rows_of_content().await, 0, "the queued text is erased");
}

#[tokio::test]
async fn a_token_of_an_integrator_works_until_it_is_revoked() {
    let world = World::start().await;
    let client = world.client().await;
    let list = format!("{}/instances", client.base);
    let (token, revoke) = world.named_partner_token("ERP").await;
    assert_eq!(ask(&client, Method::GET, list.clone(), &token, None).await.status, 200);
    revoke.await;
    assert_eq!(ask(&client, Method::GET, list, &token, None).await.error(401), "Unauthorized");
}
