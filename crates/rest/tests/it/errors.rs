//! The error table of plugzapi-api.md 1.5, as one table: a line is a situation, a request, the status and the whole body. Lines that need the
//! world in another state stand in a section of their own; a new line is one call of [`line`] in the section where it belongs.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::World;

/// One line of the table.
struct Line {
    situation: &'static str,
    method: Method,
    /// Below the instance's path, or from the root when it begins with `/instances`.
    path: String,
    body: Option<Value>,
    /// Instead of a JSON body: content type and text.
    raw: Option<(&'static str, &'static str)>,
    headers: Vec<(&'static str, String)>,
    status: u16,
    answer: Value,
}

fn line(situation: &'static str, request: (Method, &str), body: Option<Value>, status: u16, answer: Value) -> Line {
    Line { situation, method: request.0, path: request.1.to_owned(), body, raw: None, headers: vec![], status, answer }
}

impl Line {
    /// With a body exactly as written.
    fn raw(mut self, content_type: &'static str, text: &'static str) -> Self {
        self.raw = Some((content_type, text));
        self
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Asks every line's question and compares the whole answer.
async fn hold(client: &Client, section: &str, lines: Vec<Line>) {
    for Line { situation, method, path, body, raw, headers, status, answer } in lines {
        let url = if path.starts_with("/instances") { format!("{}{path}", client.base) } else { client.path(&path) };
        let mut request = client.http.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some((content_type, text)) = raw {
            request = request.header("content-type", content_type).body(text);
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let got = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((got.status, &got.body), (status, &answer), "{section}: {situation}");
        assert_eq!(got.content_type, "application/json; charset=utf-8", "{section}: {situation}");
    }
}

fn error(text: &str) -> Value {
    json!({ "error": text })
}

#[tokio::test]
async fn the_table_of_errors() {
    let world = World::start().await;
    let client = world.client().await;
    let stranger = world.client_of_another_account().await;
    let (id, token, other) = (&client.id, &client.token, &stranger.token);
    let text = |phone: Value, message: Value| Some(json!({ "phone": phone, "message": message }));
    let to = |own: Value| {
        let mut body = json!({ "phone": "5562900000001" });
        body.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        Some(body)
    };
    let unknown = json!({ "error": "NOT_FOUND", "message": "Unable to find matching target resource method" });
    let unbuilt = |name: &str| json!({ "error": "NOT_IMPLEMENTED", "message": format!("{name} is documented but not available on this server") });
    let absent = "0".repeat(32);
    let lines = [
        line(
            "unknown instance",
            (Method::GET, &format!("/instances/{absent}/token/{token}/status")),
            None,
            404,
            error("Instance not found"),
        ),
        line(
            "no instance id",
            (Method::GET, &format!("/instances/nonsense/token/{token}/status")),
            None,
            404,
            error("Instance not found"),
        ),
        line(
            "token of another account's instance",
            (Method::GET, &format!("/instances/{id}/token/{other}/status")),
            None,
            404,
            error("Instance not found"),
        ),
        line(
            "lower-case id of another's",
            (Method::GET, &format!("/instances/{}/token/{token}/me", stranger.id)),
            None,
            404,
            error("Instance not found"),
        ),
        line("empty token", (Method::GET, &format!("/instances/{id}/token/%20/status")), None, 404, error("Instance not found")),
        line("phone of 5 digits", (Method::POST, "/send-text"), text(json!("12345"), json!("oi")), 400, error("Invalid phone")),
        line("phone of letters", (Method::POST, "/send-text"), text(json!("abc"), json!("oi")), 400, error("Invalid phone")),
        line("phone missing", (Method::POST, "/send-text"), Some(json!({ "message": "oi" })), 400, error("phone is required")),
        line("phone null", (Method::POST, "/send-text"), text(Value::Null, json!("oi")), 400, error("phone is required")),
        line(
            "message missing",
            (Method::POST, "/send-text"),
            Some(json!({ "phone": "5562900000001" })),
            400,
            error("message is required"),
        ),
        line(
            "message of another type",
            (Method::POST, "/send-text"),
            text(json!("5562900000001"), json!([1])),
            400,
            error("message is invalid"),
        ),
        line("nothing at all", (Method::POST, "/send-text"), None, 400, error("phone is required")),
        line(
            "delay of words",
            (Method::POST, "/send-text"),
            Some(json!({ "phone": "5562900000001", "message": "oi", "delayMessage": "soon" })),
            400,
            error("delayMessage is invalid"),
        ),
        line("picture missing", (Method::POST, "/send-image"), to(json!({})), 400, error("image is required")),
        line("picture of another type", (Method::POST, "/send-image"), to(json!({ "image": 7 })), 400, error("image is invalid")),
        line(
            "picture in a private network",
            (Method::POST, "/send-image"),
            to(json!({ "image": "http://192.168.0.1/a.png" })),
            400,
            error("image is invalid"),
        ),
        line(
            "extension of signs",
            (Method::POST, "/send-document/p..f"),
            to(json!({ "document": "https://example.com/a" })),
            400,
            error("extension is invalid"),
        ),
        line("no extension", (Method::POST, "/send-document"), to(json!({})), 404, unknown.clone()),
        line(
            "link without a title",
            (Method::POST, "/send-link"),
            to(json!({ "message": "oi", "linkUrl": "https://example.com" })),
            400,
            error("title is required"),
        ),
        line(
            "place without a name",
            (Method::POST, "/send-location"),
            to(json!({ "address": "Rua 4", "latitude": 1, "longitude": 2 })),
            400,
            error("title is required"),
        ),
        line(
            "place on no globe",
            (Method::POST, "/send-location"),
            to(json!({ "title": "x", "address": "Rua 4", "latitude": "91", "longitude": 2 })),
            400,
            error("latitude is invalid"),
        ),
        line(
            "card without a number",
            (Method::POST, "/send-contact"),
            to(json!({ "contactName": "x" })),
            400,
            error("contactPhone is required"),
        ),
        line("no cards", (Method::POST, "/send-contacts"), to(json!({ "contacts": [] })), 400, error("contacts is required")),
        line(
            "cards of texts",
            (Method::POST, "/send-contacts"),
            to(json!({ "contacts": ["x"] })),
            400,
            error("contacts is invalid"),
        ),
        line(
            "reaction to nothing",
            (Method::POST, "/send-reaction"),
            to(json!({ "reaction": "👍" })),
            400,
            error("messageId is required"),
        ),
        line("removal of nothing", (Method::POST, "/send-remove-reaction"), to(json!({})), 400, error("messageId is required")),
        line(
            "buttons without a list",
            (Method::POST, "/send-button-list"),
            to(json!({ "message": "x" })),
            400,
            error("buttonList is required"),
        ),
        line(
            "a button without a label",
            (Method::POST, "/send-button-list"),
            to(json!({ "message": "x", "buttonList": { "buttons": [{ "id": "1" }] } })),
            400,
            error("label is required"),
        ),
        line(
            "a list without rows",
            (Method::POST, "/send-option-list"),
            to(json!({ "message": "x", "optionList": { "title": "t", "buttonLabel": "b", "options": [] } })),
            400,
            error("options is required"),
        ),
        line(
            "buttons that do not go together",
            (Method::POST, "/send-button-actions"),
            to(
                json!({ "message": "x", "buttonActions": [{ "type": "REPLY", "label": "a" }, { "type": "URL", "url": "u", "label": "b" }] }),
            ),
            400,
            error("buttonActions is invalid: REPLY cannot be mixed with CALL or URL"),
        ),
        line(
            "key of no kind",
            (Method::POST, "/send-button-pix"),
            to(json!({ "pixKey": "1", "type": "IBAN" })),
            400,
            error("type is invalid"),
        ),
        line("no code", (Method::POST, "/send-button-otp"), to(json!({ "message": "x" })), 400, error("code is required")),
        line(
            "a poll of one",
            (Method::POST, "/send-poll"),
            to(json!({ "message": "x", "poll": [{ "name": "a" }] })),
            400,
            error("poll is invalid: at least two different options"),
        ),
        line(
            "a vote on nothing",
            (Method::POST, "/send-poll-vote"),
            to(json!({ "pollVote": [] })),
            400,
            error("pollMessageId is required"),
        ),
        line(
            "passed on from nowhere",
            (Method::POST, "/forward-message"),
            to(json!({ "messageId": "3EB0" })),
            400,
            error("messagePhone is required"),
        ),
        line(
            "deletion without an owner",
            (Method::DELETE, "/messages?messageId=3EB0&phone=5562900000001"),
            None,
            400,
            error("owner is required"),
        ),
        line("reading nothing", (Method::POST, "/read-message"), to(json!({})), 400, error("messageId is required")),
        line(
            "deletion while disconnected",
            (Method::DELETE, "/messages?messageId=3EB0&phone=5562900000001&owner=false"),
            None,
            400,
            error("You need to be connected with whatsapp"),
        ),
        line(
            "reading while disconnected",
            (Method::POST, "/read-message"),
            to(json!({ "messageId": "3EB0" })),
            400,
            error("You need to be connected with whatsapp"),
        ),
        line("array instead of object", (Method::POST, "/send-text"), Some(json!([1])), 400, error("Invalid JSON")),
        line("name missing", (Method::PUT, "/update-name"), Some(json!({})), 400, error("value is required")),
        line(
            "name of 300 characters",
            (Method::PUT, "/update-name"),
            Some(json!({ "value": "x".repeat(300) })),
            400,
            error("value is invalid"),
        ),
        line(
            "name with control characters",
            (Method::PUT, "/update-name"),
            Some(json!({ "value": "a\u{0}b" })),
            400,
            error("value is invalid"),
        ),
        line(
            "webhook of another scheme",
            (Method::PUT, "/update-webhook-received"),
            Some(json!({ "value": "ftp://example.com" })),
            400,
            error("Webhook URL must be HTTPS"),
        ),
        line(
            "webhook without value",
            (Method::PUT, "/update-webhook-delivery"),
            Some(json!({})),
            400,
            error("value is required"),
        ),
        line("unknown route", (Method::GET, "/no-such-thing"), None, 404, unknown.clone()),
        line("wrong case", (Method::GET, "/Status"), None, 404, unknown.clone()),
        line("instance without action", (Method::GET, ""), None, 404, unknown),
        line("documented, not built", (Method::POST, "/send-carousel"), Some(json!({})), 501, unbuilt("POST /send-carousel")),
        line(
            "documented, not built, with a phone",
            (Method::GET, "/chat-messages/5562900000001"),
            None,
            501,
            unbuilt("GET /chat-messages/{phone}"),
        ),
        line("wrong verb", (Method::GET, "/send-text"), None, 405, error("METHOD_NOT_ALLOWED")),
        line("wrong verb on an unbuilt route", (Method::PATCH, "/send-carousel"), None, 405, error("METHOD_NOT_ALLOWED")),
        line("wrong verb on the list", (Method::POST, "/instances"), None, 405, error("METHOD_NOT_ALLOWED")),
        line("partner token missing", (Method::GET, "/instances"), None, 401, error("Unauthorized")),
        line(
            "partner token missing on create",
            (Method::POST, "/instances/integrator/on-demand"),
            Some(json!({ "name": "x" })),
            401,
            error("Unauthorized"),
        ),
    ];
    hold(&client, "as it is", lines.into()).await;
    hold(&client, "bodies", lines_about_bodies()).await;
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }), "nothing of all that was stored");

    let silent = without_queue(&world, &client).await;
    hold(&silent, "disconnected and not to be queued", lines_without_connection()).await;

    let right = world.activate_client_token().await;
    hold(&client, "the account's token is active", lines_about_the_clients_token(&right)).await;
    assert_eq!(client.get("/queue/count").await.error(400), "your client-token is not configured");

    world.advance_hours(49);
    let over = lines_after_the_trial().into_iter().map(|line| line.header("Client-Token", &right)).collect();
    hold(&client, "the trial is over", over).await;
}

/// 1.3 and 1.5: what is no JSON, and what need not be any.
fn lines_about_bodies() -> Vec<Line> {
    let post = |situation: &'static str, status: u16, text: &str| {
        line(situation, (Method::POST, "/send-text"), None, status, error(text))
    };
    vec![
        post("half an object", 400, "Invalid JSON").raw("application/json", "{\"phone\":"),
        post("a text", 400, "Invalid JSON").raw("application/json", "\"oi\""),
        post("two objects", 400, "Invalid JSON").raw("application/json", "{}{}"),
        post("a form called JSON", 400, "Invalid JSON").raw("application/json", "phone=1&message=2"),
        post("a form", 415, "UNSUPPORTED_MEDIA_TYPE").raw("application/x-www-form-urlencoded", "phone=1&message=2"),
        post("XML", 415, "UNSUPPORTED_MEDIA_TYPE").raw("text/xml; charset=utf-8", "<phone/>"),
        post("JSON called something else", 415, "UNSUPPORTED_MEDIA_TYPE").raw("text/plain", "{}"),
        post("an empty form", 400, "phone is required").raw("application/x-www-form-urlencoded", ""),
        post("null", 400, "phone is required").raw("application/json; charset=utf-8", "null"),
        post("no content type", 400, "phone is required").raw("", "{}"),
        line(
            "page size of words",
            (Method::POST, "/queue"),
            Some(json!({ "pageSize": "many" })),
            400,
            error("pageSize is invalid"),
        ),
        line(
            "notifySentByMe missing",
            (Method::PUT, "/update-notify-sent-by-me"),
            Some(json!({})),
            400,
            error("notifySentByMe is required"),
        ),
    ]
}

/// The instance's token is right, the account's header decides.
fn lines_about_the_clients_token(right: &str) -> Vec<Line> {
    let missing = error("your client-token is not configured");
    let wrong = error("Client-Token not allowed");
    let text = || Some(json!({ "phone": "5562900000001", "message": "oi" }));
    vec![
        line("missing", (Method::GET, "/status"), None, 400, missing.clone()),
        line("missing, sending", (Method::POST, "/send-text"), text(), 400, missing.clone()),
        line("empty", (Method::GET, "/status"), None, 400, missing.clone()).header("Client-Token", ""),
        line("wrong", (Method::GET, "/status"), None, 403, wrong.clone()).header("Client-Token", "F0123S"),
        line("wrong, sending", (Method::POST, "/send-text"), text(), 403, wrong).header("client-token", "F0123S"),
        line("missing on an unbuilt route too", (Method::GET, "/sip-info"), None, 400, missing),
        line("right", (Method::GET, "/queue/count"), None, 200, json!({ "count": 0 })).header("client-token", right),
    ]
}

/// Every instance route refuses, reading ones included.
fn lines_after_the_trial() -> Vec<Line> {
    let told = error("To continue sending a message, you must subscribe to this instance again");
    let body = json!({ "phone": "5562900000001", "message": "oi", "value": "https://example.com", "notifySentByMe": true });
    let built = ROUTES.iter().filter(|(verb, action)| (*verb, *action) != ("POST", "/send-image"));
    built.map(|(verb, action)| line(action, (verb.parse().unwrap(), action), Some(body.clone()), 400, told.clone())).collect()
}

/// `disableEnqueueWhenDisconnected` is on.
fn lines_without_connection() -> Vec<Line> {
    let text = Some(json!({ "phone": "5562900000001", "message": "oi" }));
    let told = error("You need to be connected with whatsapp");
    vec![
        line("sending", (Method::POST, "/send-text"), text, 400, told),
        line(
            "the fields come first",
            (Method::POST, "/send-text"),
            Some(json!({ "message": "oi" })),
            400,
            error("phone is required"),
        ),
        line("nothing was stored", (Method::GET, "/queue/count"), None, 200, json!({ "count": 0 })),
    ]
}

/// A client of an instance that refuses to queue while it is disconnected.
async fn without_queue(world: &World, client: &Client) -> Client {
    let create = client.http.post(format!("{}/instances/integrator/on-demand", client.base));
    let create = create.bearer_auth(world.partner_token().await);
    let wish = json!({ "name": "Sem fila", "disableEnqueueWhenDisconnected": true });
    let born = Answer::of(create.json(&wish).send().await.unwrap()).await.ok();
    let text = |field: &str| born[field].as_str().unwrap().to_owned();
    Client { id: text("id"), token: text("token"), ..client.clone() }
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let world = World::start().await;
    let client = world.client().await;
    for body in ["{", "phone=1&message=2", "\u{0}", "{\"phone\":\"5562900000001\",\"message\":\"oi\"", "true"] {
        assert_eq!(client.post_raw("/send-text", "application/json", body).await.error(400), "Invalid JSON", "{body}");
    }
    let form = client.post_raw("/send-text", "application/x-www-form-urlencoded", "phone=1").await;
    assert_eq!(form.error(415), "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn a_message_of_70_kb_is_refused_and_one_of_60_kb_is_taken() {
    let world = World::start().await;
    let client = world.client().await;
    let send = |size: usize| client.post("/send-text", json!({ "phone": "5562900000001", "message": "x".repeat(size) }));
    assert!(send(70 * 1024).await.error(400).starts_with("message is too long"));
    assert_eq!(send(60 * 1024).await.status, 200);
}

#[tokio::test]
async fn the_account_security_token() {
    let world = World::start().await;
    let mut client = world.client().await;
    assert_eq!(client.get("/status").await.status, 200, "without activation no header is needed");
    client.client_token = Some("anything".into());
    assert_eq!(client.get("/status").await.status, 200, "nor is a wrong one looked at");
    let right = world.activate_client_token().await;
    assert!(right.starts_with('F') && right.ends_with('S') && right.len() == 34, "{}", right.len());
    for (sent, status, error) in [
        (None, 400, "your client-token is not configured"),
        (Some(""), 400, "your client-token is not configured"),
        (Some("F0123S"), 403, "Client-Token not allowed"),
    ] {
        client.client_token = sent.map(str::to_owned);
        assert_eq!(client.get("/status").await.error(status), error, "{sent:?}");
        let text = json!({ "phone": "5562900000001", "message": "oi" });
        assert_eq!(client.post("/send-text", text).await.error(status), error, "{sent:?}");
    }
    client.client_token = Some(right);
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
}

#[tokio::test]
async fn an_expired_trial_refuses_every_route() {
    let world = World::start().await;
    let client = world.client().await;
    world.advance_hours(49);
    let told = "To continue sending a message, you must subscribe to this instance again";
    for action in ["/status", "/me", "/device", "/qr-code", "/queue", "/restart", "/disconnect"] {
        assert_eq!(client.get(action).await.error(400), told, "{action}");
    }
    let text = json!({ "phone": "5562900000001", "message": "oi" });
    assert_eq!(client.post("/send-text", text).await.error(400), told);
}

#[tokio::test]
async fn the_switch_for_the_originals_200() {
    let world = World::start_strict().await;
    let client = world.client().await;
    let answer = client.get("/no-such-thing").await;
    assert_eq!((answer.status, answer.body["error"].as_str()), (200, Some("NOT_FOUND")));
}

/// Every built instance route with its verb.
pub const ROUTES: [(&str, &str); 54] = [
    ("GET", "/status"),
    ("GET", "/me"),
    ("GET", "/device"),
    ("GET", "/qr-code"),
    ("GET", "/qr-code/image"),
    ("GET", "/phone-code/5562933334444"),
    ("GET", "/restart"),
    ("GET", "/restore-session"),
    ("GET", "/disconnect"),
    ("POST", "/disconnect"),
    ("PUT", "/update-name"),
    ("POST", "/send-text"),
    ("POST", "/send-messages"),
    ("POST", "/reply-message"),
    ("GET", "/queue"),
    ("POST", "/queue"),
    ("DELETE", "/queue"),
    ("GET", "/queue/count"),
    ("DELETE", "/queue/00000000000000000000000000000000"),
    ("PUT", "/queue/pause"),
    ("PUT", "/queue/resume"),
    ("PUT", "/update-webhook-received"),
    ("PUT", "/update-webhook-receive"),
    ("PUT", "/update-webhook-received-delivery"),
    ("PUT", "/update-webhook-delivery"),
    ("PUT", "/update-webhook-message-status"),
    ("PUT", "/update-webhook-connected"),
    ("PUT", "/update-webhook-disconnected"),
    ("PUT", "/update-every-webhooks"),
    ("PUT", "/update-notify-sent-by-me"),
    ("POST", "/send-image"),
    ("POST", "/send-audio"),
    ("POST", "/send-video"),
    ("POST", "/send-document/pdf"),
    ("POST", "/send-link"),
    ("POST", "/send-location"),
    ("POST", "/send-contact"),
    ("POST", "/send-reaction"),
    ("POST", "/send-remove-reaction"),
    ("POST", "/send-button-list"),
    ("POST", "/send-option-list"),
    ("POST", "/send-poll"),
    ("POST", "/send-sticker"),
    ("POST", "/send-gif"),
    ("POST", "/send-ptv"),
    ("POST", "/send-contacts"),
    ("POST", "/send-button-actions"),
    ("POST", "/send-button-pix"),
    ("POST", "/send-button-otp"),
    ("POST", "/send-poll-vote"),
    ("DELETE", "/messages"),
    ("POST", "/read-message"),
    ("POST", "/forward-message"),
    ("POST", "/send-carousel"),
];

#[tokio::test]
async fn another_accounts_instance_is_not_found_on_every_route() {
    let world = World::start().await;
    let (client, stranger) = (world.client().await, world.client_of_another_account().await);
    let crossed = [
        crate::client::Client { id: stranger.id.clone(), ..client.clone() },
        crate::client::Client { token: stranger.token.clone(), ..client.clone() },
    ];
    let body = json!({ "phone": "5562900000001", "message": "oi", "value": "https://example.com", "notifySentByMe": true });
    for client in &crossed {
        for (verb, action) in ROUTES {
            let answer = client.request(verb.parse().unwrap(), action).json(&body).send().await.unwrap();
            assert_eq!(Answer::of(answer).await.error(404), "Instance not found", "{verb} {action}");
        }
    }
    for client in [&client, &stranger] {
        assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
        assert_eq!(client.get("/me").await.ok()["name"], "Loja");
    }
}

#[tokio::test]
async fn a_queue_of_a_disconnected_instance_has_an_end() {
    let world = World::start_with_queue_limit(2).await;
    let client = world.client().await;
    let send = || client.post("/send-text", json!({ "phone": "5562900000001", "message": "oi" }));
    for _ in 0..2 {
        send().await.ok();
    }
    assert_eq!(send().await.error(400), "Queue limit of 2 messages reached");
}
