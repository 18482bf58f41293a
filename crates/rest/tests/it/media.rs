//! Files: by address and inside the request, too large, of another type, out of reach; and how receivers fetch what came in.

use std::sync::atomic::Ordering;

use recado_rest::RestSettings;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::shelf::{OGG, PDF, PNG, Shelf};
use crate::world::World;

const OWN: &str = "5562933334444";
const FRIEND: &str = "5562988887777";

fn data_url(mime: &str, bytes: &[u8]) -> String {
    format!("data:{mime};base64,{}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes))
}

async fn connected() -> (World, Client, Shelf) {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, OWN).await;
    (world, client, Shelf::open().await)
}

async fn delivery(world: &World, sent: &Value) -> Value {
    for _ in 0..400 {
        world.settle().await;
        let mut bodies = world.bodies().into_iter();
        if let Some(told) = bodies.find(|body| body["type"] == "DeliveryCallback" && body["messageId"] == sent["messageId"]) {
            return told;
        }
        world.pass(500);
    }
    unreachable!("no delivery of {sent}")
}

#[tokio::test]
async fn what_cannot_be_fetched_is_told_by_the_delivery_callback() {
    let (world, client, shelf) = connected().await;
    let nobody = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}/a.png", listener.local_addr().unwrap())
    };
    for (url, error) in [
        (shelf.url("/page.png"), "The media could not be fetched: it is of another type"),
        (shelf.url("/a.pdf"), "The media could not be fetched: it is of another type"),
        (shelf.url("/huge"), "The media could not be fetched: it is too large"),
        (shelf.url("/absent"), "The media could not be fetched"),
        (shelf.url("/inside"), "The media could not be fetched"),
        (shelf.url("/loop"), "The media could not be fetched"),
        (shelf.url("/broken"), "The media could not be fetched"),
        (nobody, "The media could not be fetched"),
    ] {
        let sent = client.post("/send-image", json!({ "phone": FRIEND, "image": url, "customId": "c7" })).await.ok();
        let told = delivery(&world, &sent).await;
        assert_eq!((&told["error"], &told["customId"]), (&json!(error), &json!("c7")), "{url}");
    }
    assert_eq!((world.stored_files(), world.rows_of_content().await), (0, 0));
    assert_eq!(world.seen(FRIEND, OWN).await, Vec::<Value>::new());
    // The queue goes on.
    let sent = client.post("/send-text", json!({ "phone": FRIEND, "message": "oi" })).await.ok();
    assert!(delivery(&world, &sent).await.get("error").is_none());
}

#[tokio::test]
async fn a_moment_s_trouble_and_a_redirect_are_no_obstacle() {
    let (world, client, shelf) = connected().await;
    for path in ["/third-time", "/moved"] {
        let sent = client.post("/send-image", json!({ "phone": FRIEND, "image": shelf.url(path) })).await.ok();
        assert!(delivery(&world, &sent).await.get("error").is_none(), "{path}");
        world.wait_for_arrival(FRIEND, OWN, sent["messageId"].as_str().unwrap()).await;
    }
    assert_eq!(shelf.asked.load(Ordering::SeqCst), 3);
    assert!(world.seen(FRIEND, OWN).await.iter().all(|message| message["files"] == json!(true)));
    assert_eq!(world.stored_files(), 0);
}

#[tokio::test]
async fn files_inside_the_request_are_checked_before_the_answer() {
    let (world, client, _shelf) = connected().await;
    let bare = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, PNG);
    for image in [data_url("image/png", PNG), data_url("image/jpeg", PNG), bare] {
        let sent = client.post("/send-image", json!({ "phone": FRIEND, "image": image })).await.ok();
        assert!(delivery(&world, &sent).await.get("error").is_none());
    }
    let large = [PNG, &vec![0; 20 * 1024 * 1024]].concat();
    for (action, field, value, error) in [
        ("/send-image", "image", data_url("image/png", PDF), "the file is of another type"),
        ("/send-image", "image", data_url("image/png", b""), "the file is empty"),
        ("/send-image", "image", "data:image/png;base64,????".to_owned(), "the data URL cannot be read"),
        ("/send-image", "image", data_url("image/png", &large), "the file is larger than 16777216 bytes"),
        ("/send-image", "image", "data:image/png,plain".to_owned(), "image is invalid"),
        ("/send-image", "image", "not a picture at all".to_owned(), "image is invalid"),
        ("/send-image", "image", "ftp://example.com/a.png".to_owned(), "image is invalid"),
        ("/send-image", "image", "http://10.0.0.7/a.png".to_owned(), "image is invalid"),
        ("/send-image", "image", "http://169.254.169.254/latest/meta-data".to_owned(), "image is invalid"),
        ("/send-audio", "audio", data_url("audio/ogg", PNG), "the file is of another type"),
        ("/send-video", "video", data_url("video/mp4", OGG), "the file is of another type"),
        ("/send-sticker", "sticker", data_url("image/webp", PDF), "the file is of another type"),
    ] {
        let answer = client.post(action, json!({ "phone": FRIEND, field: value })).await;
        assert_eq!(answer.error(400), error, "{action}");
    }
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
    assert_eq!((world.stored_files(), world.rows_of_content().await), (0, 0));
}

#[tokio::test]
async fn a_document_of_6_mb_goes_through_and_other_routes_take_no_such_bodies() {
    let (world, client, _shelf) = connected().await;
    let large = [PDF, &vec![b' '; 6 * 1024 * 1024]].concat();
    let body = json!({ "phone": FRIEND, "document": data_url("application/pdf", &large), "fileName": "grande.pdf" });
    let sent = client.post("/send-document/pdf", body.clone()).await.ok();
    assert!(delivery(&world, &sent).await.get("error").is_none());
    world.wait_for_arrival(FRIEND, OWN, sent["messageId"].as_str().unwrap()).await;
    assert_eq!(world.seen(FRIEND, OWN).await[0]["content"]["media"]["size"], json!(large.len()));
    assert_eq!(client.post("/send-text", body).await.error(413), "PAYLOAD_TOO_LARGE");
    assert_eq!(world.stored_files(), 0);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_unread() {
    let world = World::start_with(RestSettings { max_body_bytes: 100_000, ..RestSettings::default() }).await;
    let client = world.client().await;
    let body = json!({ "phone": FRIEND, "image": "x".repeat(200_000) });
    assert_eq!(client.post("/send-image", body).await.error(413), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn received_files_are_fetched_without_a_sign_in_and_only_by_whoever_was_told() {
    let (world, client, _shelf) = connected().await;
    let (sim, hand) = world.hand(&client, FRIEND).await;
    let file = recado_engine_sim::NewFile { mime_type: "image/png".into(), bytes: PNG.to_vec(), ..Default::default() };
    let content = sim.file_content(hand.account, file, None, "olha").await.unwrap();
    sim.send(&hand, content.into()).await.unwrap();
    let told = world.wait_for("ReceivedCallback", 1).await.remove(0);
    let image = &told["image"];
    assert_eq!((&image["mimeType"], &image["caption"], &image["width"]), (&json!("image/png"), &json!("olha"), &json!(7)));
    let url = image["imageUrl"].as_str().unwrap();
    let got = client.http.get(url).send().await.unwrap();
    let header = |name: &str| got.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((got.status().as_u16(), header("content-type")), (200, "image/png".to_owned()));
    assert_eq!((header("x-content-type-options"), header("content-disposition")), ("nosniff".into(), "attachment".into()));
    assert_eq!(got.bytes().await.unwrap(), PNG);
    let name = url.rsplit('/').next().unwrap();
    for wrong in [name.replace(".png", "").chars().rev().collect::<String>(), format!("{}.png", &name[..32]), "x".to_owned()] {
        let answer = client.http.get(format!("{}/media/{wrong}", client.base)).send().await.unwrap();
        assert_eq!(Answer::of(answer).await.status, 404, "{wrong}");
    }
    world.advance_hours(24 * 31);
    world.sweep().await;
    assert_eq!(client.http.get(url).send().await.unwrap().status().as_u16(), 404, "after thirty days");
    assert_eq!(world.stored_files(), 0);
}
