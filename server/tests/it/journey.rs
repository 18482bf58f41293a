//! plugzapi-api.md 3.9 from end to end: accepted, sent, received, read, answered; nothing kept.

use recado_testkit::Receiver;
use serde_json::{Value, json};

use crate::program::{Customer, Installation, eventually};

pub const PHONE: &str = "5562900000001";
const FRIEND: &str = "5562988887777";

pub async fn get(url: &str) -> (u16, Value) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

pub async fn send(method: reqwest::Method, url: &str, body: &Value) -> (u16, Value) {
    let answer = reqwest::Client::new().request(method, url).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

fn of_type(receiver: &Receiver, kind: &str) -> Vec<Value> {
    receiver.received().into_iter().map(|request| request.body).filter(|body| body["type"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_accepted_sent_received_read_and_forgotten() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "dona@padaria.example.com");
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    let receiver = Receiver::start().await;
    let (status, _) = send(
        reqwest::Method::PUT,
        &format!("{base}/update-every-webhooks"),
        &json!({"value": receiver.url(), "notifySentByMe": true}),
    )
    .await;
    assert_eq!(status, 200);
    let (_, state) = get(&format!("{base}/status")).await;
    assert_eq!((&state["connected"], &state["error"]), (&json!(false), &json!("You are not connected.")));

    // Accepted while disconnected: it waits in the queue.
    let (status, sent) = send(
        reqwest::Method::POST,
        &format!("{base}/send-text"),
        &json!({"phone": FRIEND, "message": "Bom dia! Pão quentinho às 7h"}),
    )
    .await;
    assert_eq!(status, 200, "{sent}");
    assert_eq!(sent["id"], sent["messageId"]);
    let (_, count) = get(&format!("{base}/queue/count")).await;
    assert_eq!(count, json!({"count": 1}));

    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
    let delivery = eventually("the delivery webhook", || async { of_type(&receiver, "DeliveryCallback").first().cloned() }).await;
    assert_eq!(
        (&delivery["messageId"], &delivery["zaapId"], &delivery["phone"]),
        (&sent["messageId"], &sent["zaapId"], &json!(FRIEND))
    );
    assert!(delivery.get("error").is_none() && delivery["momment"].is_i64());
    let has_status = |wanted: &'static str| {
        let (receiver, id) = (&receiver, &sent["messageId"]);
        move || async move {
            of_type(receiver, "MessageStatusCallback")
                .into_iter()
                .find(|body| body["status"] == wanted && body["ids"] == json!([id]))
        }
    };
    eventually("status SENT", has_status("SENT")).await;
    eventually("status RECEIVED", has_status("RECEIVED")).await;
    installation.json(&["sim", "read", "--instance", &customer.instance, "--message", sent["messageId"].as_str().unwrap()]);
    eventually("status READ", has_status("READ")).await;
    assert_eq!(of_type(&receiver, "ConnectedCallback").len(), 1);
    let own = of_type(&receiver, "ReceivedCallback");
    assert!(
        own.iter().any(|body| body["fromMe"] == true
            && body["fromApi"] == true
            && body["text"]["message"] == "Bom dia! Pão quentinho às 7h"),
        "{own:?}"
    );

    installation.json(&["sim", "say", "--instance", &customer.instance, "--from", FRIEND, "--text", "Vocês abrem hoje?"]);
    let received = eventually("the incoming message", || async {
        of_type(&receiver, "ReceivedCallback").into_iter().find(|body| body["fromMe"] == false)
    })
    .await;
    assert_eq!(
        (&received["phone"], &received["connectedPhone"], &received["text"]["message"]),
        (&json!(FRIEND), &json!(PHONE), &json!("Vocês abrem hoje?"))
    );
    assert!(received.get("image").is_none() && received.get("notification").is_none());

    // Nothing of it is kept in clear, and the content is gone.
    let pool = sqlx::PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap();
    eventually("an empty vault", || async {
        (sqlx::query_scalar::<_, i64>("SELECT count(*) FROM content").fetch_one(&pool).await.unwrap() == 0).then_some(())
    })
    .await;
    for text in everything_stored(&pool).await {
        assert!(!text.contains("quentinho") && !text.contains("abrem hoje"), "message text in clear: {text}");
    }
    let events: String = sqlx::query_scalar("SELECT string_agg(e::text, ' ') FROM events e").fetch_one(&pool).await.unwrap();
    assert!(
        !events.contains(FRIEND) && !events.contains(PHONE) && !events.contains("padaria.example.com"),
        "personal data in an event"
    );
    assert!(server.terminate() < std::time::Duration::from_secs(10));
}

async fn everything_stored(pool: &sqlx::PgPool) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(pool)
        .await
        .unwrap();
    let mut texts = vec![];
    for table in tables {
        let text: Option<String> =
            sqlx::query_scalar(&format!("SELECT string_agg(t::text, ' ') FROM {table} t")).fetch_one(pool).await.unwrap();
        texts.extend(text);
    }
    texts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trial_ends_after_two_days_unless_subscribed() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    let (status, me) = get(&format!("{}/me", customer.base(&server))).await;
    assert_eq!((status, &me["paymentStatus"]), (200, &json!("TRIAL")));
    server.terminate();
    let later = installation.serve(&["--clock-offset", "49h"]);
    let base = customer.base(&later);
    let ended = json!({"error": "To continue sending a message, you must subscribe to this instance again"});
    eventually("the end of the trial", || async { (get(&format!("{base}/status")).await == (400, ended.clone())).then_some(()) })
        .await;
    let (status, answer) =
        send(reqwest::Method::POST, &format!("{base}/send-text"), &json!({"phone": FRIEND, "message": "x"})).await;
    assert_eq!((status, answer), (400, ended));
}
