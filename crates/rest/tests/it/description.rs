//! The description against the running server: it names every route and no other, its examples work, its schemas tell the truth.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::schema::complaints;
use crate::world::World;

const INSTANCE: &str = "/instances/{}/token/{}";

/// Routes whose example needs more of the world than a connected number: described, sent, but free to be refused as described.
const NEEDS_MORE: &[&str] = &[
    "delete-messages",
    "post-business-edit-tag-id",
    "delete-business-tag-id",
    "put-chats-phone-tags-tag-add",
    "put-chats-phone-tags-tag-remove",
    "get-chats-phone-tags-tag-add",
    "get-chats-phone-tags-tag-remove",
    "post-update-group-name",
    "post-update-group-photo",
    "post-update-group-description",
    "post-update-group-settings",
    "post-add-participant",
    "post-remove-participant",
    "post-approve-participant",
    "post-reject-participant",
    "post-add-admin",
    "post-remove-admin",
    "post-leave-group",
    "get-group-metadata-group",
    "post-group-metadata-group",
    "get-light-group-metadata-group",
    "post-light-group-metadata-group",
    "get-group-invitation-metadata",
    "get-group-invitation-link-group",
    "post-group-invitation-link-group",
    "post-redefine-invitation-link-group",
    "get-accept-invite-group",
    "get-webhooks-deliveries-delivery",
    "post-webhooks-deliveries-delivery-resend",
];

async fn document(client: &Client) -> Value {
    Answer::of(client.http.get(format!("{}/openapi.json", client.base)).send().await.unwrap()).await.ok()
}

/// Verb, path, operation.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(verb, one)| (verb.as_str(), path.as_str(), one)))
        .collect()
}

/// `GET /a/{}`: names of parameters are nobody's business.
fn route(verb: &str, path: &str) -> String {
    let path: Vec<&str> = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect();
    format!("{} {}", verb.to_uppercase(), path.join("/"))
}

fn described(document: &Value) -> BTreeSet<String> {
    operations(document).into_iter().map(|(verb, path, _)| route(verb, path)).collect()
}

fn not_built(document: &Value) -> BTreeSet<String> {
    let names = document["x-not-built"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().split_once(' ').unwrap());
    names.map(|(verb, path)| route(verb, &format!("{INSTANCE}{path}"))).collect()
}

/// Asks the server which verbs each of its paths knows: a verb that nobody knows is refused with the list of those that are.
#[tokio::test]
async fn every_route_is_described_and_nothing_else() {
    let world = World::start().await;
    let client = world.client().await;
    let mut served = BTreeSet::new();
    for path in recado_rest::routes::routes().merge(recado_rest::catalogue::routes()).paths() {
        let url = format!("{}{}", client.base, path.replace(['{', '}'], ""));
        let answer = client.http.request(Method::from_bytes(b"WALK").unwrap(), url).send().await.unwrap();
        assert_eq!(answer.status(), 405, "{path}");
        let verbs = answer.headers()["allow"].to_str().unwrap().to_owned();
        served.extend(verbs.split(',').filter(|verb| *verb != "HEAD").map(|verb| route(verb, &path)));
    }
    let document = document(&client).await;
    let (described, not_built) = (described(&document), not_built(&document));
    let known: BTreeSet<_> = described.union(&not_built).cloned().collect();
    let all = |set: BTreeSet<&String>| set.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(all(served.difference(&known).collect()), Vec::<String>::new(), "routes that the description lacks");
    assert_eq!(all(known.difference(&served).collect()), Vec::<String>::new(), "described, but no route");
    assert_eq!(all(described.intersection(&not_built).collect()), Vec::<String>::new(), "built and not built at once");
}

#[tokio::test]
async fn the_examples_work_as_described() {
    let world = World::start().await;
    let client = world.client().await;
    let document = document(&client).await;
    let partner = world.partner_token().await;
    let mut wrong = vec![];
    for (verb, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        let mut answer = send(&world.client().await, &partner, verb, path, operation).await;
        if !(200..300).contains(&answer.status) {
            // It may need a connected number.
            let connected = world.client().await;
            world.scan(&connected, "5562933334444").await;
            if name == "post-integrator-on-demand-cancel" {
                let first = &document["paths"][&path.replace("cancel", "subscription")]["post"];
                send(&connected, &partner, "post", &path.replace("cancel", "subscription"), first).await;
            }
            answer = send(&connected, &partner, verb, path, operation).await;
            // Its number is needed again.
            connected.get("/disconnect").await.ok();
            world.settle().await;
        }
        if !(200..300).contains(&answer.status) && !NEEDS_MORE.contains(&name) {
            wrong.push(format!("{name}: the example is refused: {answer:?}"));
        }
        let response = &operation["responses"][answer.status.to_string()];
        if response.is_null() {
            wrong.push(format!("{name}: {} is not described", answer.status));
            continue;
        }
        let content = &response["content"]["application/json"];
        match content.is_null() {
            true if answer.body != json!("") => wrong.push(format!("{name}: a body that is not described: {answer:?}")),
            true => {}
            false => {
                let both = [("answer", &answer.body), ("example", &content["example"])];
                for (what, value) in both.into_iter().filter(|(_, value)| !value.is_null()) {
                    wrong.extend(
                        complaints(&document, &content["schema"], value)
                            .into_iter()
                            .map(|told| format!("{name}, {what}: {told}")),
                    );
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The request that the description shows.
async fn send(client: &Client, partner: &str, verb: &str, path: &str, operation: &Value) -> Answer {
    let mut url = path.replace("{instanceId}", &client.id).replace("{token}", &client.token);
    let mut query = vec![];
    for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter.get("$ref").is_none())
    {
        let name = parameter["name"].as_str().unwrap();
        let example = match &parameter["example"] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        match (parameter["in"].as_str().unwrap(), example) {
            ("path", Some(example)) => url = url.replace(&format!("{{{name}}}"), &example),
            ("query", Some(example)) => query.push((name.to_owned(), example)),
            ("query" | "header", _) if parameter["required"] != true => {}
            (place, _) => panic!("{verb} {path}: {name} in {place} has no example"),
        }
    }
    assert!(!url.contains('{'), "{url}");
    let mut request = client.http.request(verb.to_uppercase().parse().unwrap(), format!("{}{url}", client.base)).query(&query);
    if operation.pointer("/security/0/Partner").is_some() {
        request = request.bearer_auth(partner);
    }
    if let Some(body) = operation.get("requestBody") {
        let example = &body["content"]["application/json"]["example"];
        assert!(!example.is_null(), "{verb} {path}: the body has no example");
        request = request.json(example);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn callbacks_are_as_described() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url(), "notifySentByMe": true })).await.ok();
    world.scan(&client, "5562933334444").await;
    let sent = json!({ "phone": "5562988887777", "message": "oi", "customId": "pedido-1" });
    client.post("/send-text", sent).await.ok();
    client.post("/send-text", json!({ "phone": world.number_without_whatsapp(), "message": "oi" })).await.ok();
    world.wait_for("DeliveryCallback", 2).await;
    world.wait_for("MessageStatusCallback", 1).await;
    world.say(&client, "5562988887777", "Bom dia!").await;
    world.wait_for("ReceivedCallback", 1).await;
    client.get("/disconnect").await.ok();
    world.wait_for("DisconnectedCallback", 1).await;
    let document = document(&client).await;
    let mut seen = BTreeSet::new();
    for body in world.bodies() {
        let kind = body["type"].as_str().unwrap().to_owned();
        let schema = &document["webhooks"][&kind]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(complaints(&document, schema, &body), Vec::<String>::new(), "{body}");
        seen.insert(kind);
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// With deliveries there, as the examples have none.
#[tokio::test]
async fn deliveries_and_events_are_as_described() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    client.post("/send-text", json!({ "phone": "5562988887777", "message": "oi" })).await.ok();
    world.settle().await;
    let document = document(&client).await;
    let fits = |path: &str, verb: &str, answer: &Value| {
        let operation = &document["paths"][format!("{}{path}", "/instances/{instanceId}/token/{token}")][verb];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.get("$ref").is_some(), "{verb} {path} is not described");
        assert_eq!(complaints(&document, schema, answer), Vec::<String>::new(), "{verb} {path}: {answer}");
    };
    let page = client.get("/webhooks/deliveries").await.ok();
    let first = &page["deliveries"][0];
    assert!(first["attempts"][0].is_object() && page["destinations"][0].is_object(), "{page}");
    fits("/webhooks/deliveries", "get", &page);
    let id = first["id"].as_str().unwrap();
    fits("/webhooks/deliveries/{delivery}", "get", &client.get(&format!("/webhooks/deliveries/{id}")).await.ok());
    let again = client.post(&format!("/webhooks/deliveries/{id}/resend"), json!({})).await.ok();
    fits("/webhooks/deliveries/{delivery}/resend", "post", &again);
    let events = client.get("/events").await.ok();
    assert!(events["events"][0].is_object(), "{events}");
    fits("/events", "get", &events);
    let rotated = client.post("/webhooks/secret/rotate", json!({})).await.ok();
    fits("/webhooks/secret/rotate", "post", &rotated);
}

#[tokio::test]
async fn the_examples_of_callbacks_are_callbacks() {
    let world = World::start().await;
    let document = document(&world.client().await).await;
    for (name, webhook) in document["webhooks"].as_object().unwrap() {
        let content = &webhook["post"]["requestBody"]["content"]["application/json"];
        let examples = content["examples"].as_object().unwrap();
        assert!(!examples.is_empty(), "{name}");
        for (kind, example) in examples {
            assert_eq!(complaints(&document, &content["schema"], &example["value"]), Vec::<String>::new(), "{name}, {kind}");
        }
    }
}

#[tokio::test]
async fn the_documents_are_public_and_cacheable() {
    let world = World::start().await;
    let client = world.client().await;
    for path in ["/openapi.json", "/postman.json"] {
        let url = format!("{}{path}", client.base);
        let first = client.http.get(&url).send().await.unwrap();
        assert_eq!(first.status(), 200);
        assert_eq!(first.headers()["content-type"], "application/json; charset=utf-8");
        assert_eq!(first.headers()["cache-control"], "public, max-age=300");
        let etag = first.headers()["etag"].to_str().unwrap().to_owned();
        let again = client.http.get(&url).header("if-none-match", &etag).send().await.unwrap();
        assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0));
        let other = client.http.get(&url).header("if-none-match", "W/\"other\"").send().await.unwrap();
        assert_eq!(other.status(), 200);
        let packed = client.http.get(&url).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip", "{path}");
    }
}

#[tokio::test]
async fn postman_gets_every_route_that_is_not_old() {
    let world = World::start().await;
    let client = world.client().await;
    let collection = Answer::of(client.http.get(format!("{}/postman.json", client.base)).send().await.unwrap()).await.ok();
    assert!(collection["info"]["schema"].as_str().unwrap().ends_with("/v2.1.0/collection.json"));
    let variables: Vec<_> = collection["variable"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    assert_eq!(variables, ["baseUrl", "instanceId", "token", "clientToken", "partnerToken"]);
    let folders = collection["item"].as_array().unwrap();
    let requests: BTreeSet<String> = folders
        .iter()
        .flat_map(|folder| folder["item"].as_array().unwrap())
        .map(|item| {
            assert!(item["name"].as_str().is_some_and(|name| !name.is_empty()), "{item}");
            let raw = item["request"]["url"]["raw"].as_str().unwrap();
            let path = raw.strip_prefix("{{baseUrl}}").unwrap().replace(':', "{");
            route(item["request"]["method"].as_str().unwrap(), &path)
        })
        .collect();
    let document = document(&client).await;
    let current: BTreeSet<String> = operations(&document)
        .into_iter()
        .filter(|(.., one)| one["deprecated"] != true)
        .map(|(verb, path, _)| route(verb, path))
        .collect();
    assert_eq!(requests, current);
}
