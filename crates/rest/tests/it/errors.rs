//! The error table of plugzapi-api.md 1.5.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::world::World;

/// One line of the table.
struct Line {
    situation: &'static str,
    method: Method,
    /// Below the instance's path, or from the root when it begins with `/instances`.
    path: String,
    body: Option<Value>,
    status: u16,
    answer: Value,
}

fn line(situation: &'static str, request: (Method, &str), body: Option<Value>, status: u16, answer: Value) -> Line {
    Line { situation, method: request.0, path: request.1.to_owned(), body, status, answer }
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
    for Line { situation, method, path, body, status, answer } in lines {
        let url = if path.starts_with("/instances") { format!("{}{path}", client.base) } else { client.path(&path) };
        let mut request = client.http.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let got = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((got.status, &got.body), (status, &answer), "{situation}");
        assert_eq!(got.content_type, "application/json; charset=utf-8", "{situation}");
    }
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }), "nothing of all that was stored");
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
const ROUTES: [(&str, &str); 31] = [
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
