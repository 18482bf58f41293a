//! Every sending route: asked as a client asks, seen on the other phone, told by webhooks.

use serde_json::{Value, json};

use crate::client::Client;
use crate::shelf::{PNG, Shelf};
use crate::world::World;

const OWN: &str = "5562933334444";
const FRIEND: &str = "5562988887777";

async fn connected() -> (World, Client, Shelf) {
    let world = World::start().await;
    let client = world.client().await;
    let hook = json!({ "value": world.receiver.url(), "notifySentByMe": true });
    client.put("/update-every-webhooks", hook).await.ok();
    world.scan(&client, OWN).await;
    (world, client, Shelf::open().await)
}

fn data_url(mime: &str, bytes: &[u8]) -> String {
    format!("data:{mime};base64,{}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes))
}

/// Sends and waits until it was handed over; returns the message's id.
async fn send(world: &World, client: &Client, action: &str, body: Value) -> String {
    let sent = client.post(action, body.clone()).await;
    assert_eq!(sent.status, 200, "{action} {body}: {sent:?}");
    let (zaap, id) = (sent.body["zaapId"].as_str().unwrap().to_owned(), sent.body["messageId"].as_str().unwrap().to_owned());
    assert!(zaap.len() == 32 && sent.body["id"] == json!(id), "{}", sent.body);
    for _ in 0..200 {
        world.settle().await;
        if let Some(told) = of(world, "DeliveryCallback", &id) {
            assert!(told.get("error").is_none(), "{action}: {told}");
            assert_eq!((&told["zaapId"], &told["phone"]), (&json!(zaap), &json!(FRIEND)), "{action}");
            return id;
        }
        world.pass(500);
    }
    unreachable!("{action} was never handed over")
}

fn of(world: &World, kind: &str, id: &str) -> Option<Value> {
    world.bodies().into_iter().find(|body| body["type"] == kind && body["messageId"] == id)
}

async fn own_copy(world: &World, id: &str) -> Value {
    for _ in 0..100 {
        world.settle().await;
        if let Some(told) = of(world, "ReceivedCallback", id) {
            return told;
        }
        world.pass(200);
    }
    unreachable!("{id} was never told")
}

/// Route, own fields, kind on the other phone, what the phone shows, key of the own copy's body.
fn table(shelf: &Shelf) -> Vec<(&'static str, Value, &'static str, Value, &'static str)> {
    vec![
        ("/send-text", json!({ "message": "oi *negrito*\nfim" }), "text", json!({ "text": "oi *negrito*\nfim" }), "text"),
        (
            "/send-image",
            json!({ "image": shelf.url("/a.png"), "caption": "vitrine", "viewOnce": "true" }),
            "image",
            json!({ "caption": "vitrine", "view_once": true }),
            "image",
        ),
        (
            "/send-audio",
            json!({ "audio": shelf.url("/a.ogg"), "waveform": true, "async": true }),
            "audio",
            json!({ "ptt": true, "waveform": true }),
            "audio",
        ),
        (
            "/send-video",
            json!({ "video": shelf.url("/a.mp4"), "caption": "receita" }),
            "video",
            json!({ "caption": "receita" }),
            "video",
        ),
        ("/send-gif", json!({ "gif": shelf.url("/a.mp4") }), "gif", json!({}), "video"),
        ("/send-ptv", json!({ "ptv": shelf.url("/a.mp4") }), "ptv", json!({}), "video"),
        (
            "/send-document/pdf",
            json!({ "document": shelf.url("/a.pdf"), "fileName": "orcamento", "caption": "veja" }),
            "document",
            json!({ "file_name": "orcamento", "extension": "pdf", "caption": "veja" }),
            "document",
        ),
        (
            "/send-sticker",
            json!({ "sticker": shelf.url("/a.webp"), "stickerAuthor": "Padaria" }),
            "sticker",
            json!({ "author": "Padaria" }),
            "sticker",
        ),
        (
            "/send-link",
            json!({ "message": "veja https://example.com", "image": data_url("image/png", PNG),
            "linkUrl": "https://example.com", "title": "Padaria", "linkDescription": "pães", "linkType": "LARGE" }),
            "link",
            json!({ "url": "https://example.com", "title": "Padaria", "size": "LARGE" }),
            "text",
        ),
        (
            "/send-location",
            json!({ "title": "Loja", "address": "Rua 4", "latitude": "-16.686899999999999", "longitude": -49.2648 }),
            "location",
            json!({ "latitude": "-16.686899999999999", "longitude": "-49.2648", "name": "Loja" }),
            "location",
        ),
        (
            "/send-contact",
            json!({ "contactName": "Bruno", "contactPhone": "+55 (62) 97777-6666" }),
            "contact",
            json!({ "name": "Bruno", "phones": ["5562977776666"] }),
            "contact",
        ),
        (
            "/send-contacts",
            json!({ "contacts": [{ "name": "Ana", "phones": [5_562_900_000_009_u64] }, { "name": "Bia", "phones": ["1", "2"] }] }),
            "contacts",
            json!({}),
            "contacts",
        ),
        (
            "/send-button-list",
            json!({ "message": "Confirma?", "buttonList": { "buttons": [{ "id": "sim", "label": "Sim" }, { "label": "Não" }],
            "image": shelf.url("/a.png") } }),
            "button_list",
            json!({ "text": "Confirma?", "buttons": [{ "id": "sim", "label": "Sim" }, { "id": "2", "label": "Não" }] }),
            "buttonsMessage",
        ),
        (
            "/send-option-list",
            json!({ "message": "Quando?", "optionList": { "title": "Dias", "buttonLabel": "Ver",
            "options": [{ "id": "1", "title": "Hoje", "description": "à tarde" }, { "title": "Amanhã" }] } }),
            "option_list",
            json!({ "title": "Dias", "button_label": "Ver" }),
            "listMessage",
        ),
        (
            "/send-poll",
            json!({ "message": "Qual pão?", "poll": [{ "name": "Francês" }, { "name": "Milho" }], "pollMaxOptions": 1 }),
            "poll",
            json!({ "question": "Qual pão?", "options": ["Francês", "Milho"], "max_options": 1 }),
            "poll",
        ),
        (
            "/send-button-actions",
            json!({ "message": "Fale", "title": "T", "footer": "F", "buttonActions": [
            { "type": "CALL", "phone": "556233334444", "label": "Ligar" }, { "id": "9", "type": "url", "url": "https://example.com", "label": "Site" }] }),
            "button_actions",
            json!({ "title": "T", "footer": "F" }),
            "hydratedTemplate",
        ),
        (
            "/send-button-pix",
            json!({ "pixKey": "pix@example.com", "type": "EMAIL" }),
            "button_pix",
            json!({ "key": "pix@example.com", "key_type": "EMAIL", "merchant_name": "Pix" }),
            "pixKeyMessage",
        ),
        (
            "/send-button-otp",
            json!({ "message": "Código", "code": 1234 }),
            "button_otp",
            json!({ "code": "1234", "button_text": "Copiar código" }),
            "hydratedTemplate",
        ),
    ]
}

#[tokio::test]
async fn every_kind_arrives_as_it_was_asked_for() {
    let (world, client, shelf) = connected().await;
    for (action, own, kind, shown, key) in table(&shelf) {
        let mut body =
            json!({ "phone": FRIEND, "messageId": null, "delayMessage": null, "customId": kind, "somethingNew": [{}] });
        body.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let id = send(&world, &client, action, body).await;
        world.wait_for_arrival(FRIEND, OWN, &id).await;
        let seen = world.seen(FRIEND, OWN).await;
        let message = seen.iter().find(|message| message["id"] == json!(id)).unwrap();
        assert_eq!(message["content"]["kind"], kind, "{action}");
        for (field, value) in shown.as_object().unwrap() {
            assert_eq!(&message["content"][field], value, "{action} {field}");
        }
        let told = own_copy(&world, &id).await;
        assert!(told[key].is_object() || told[key].is_array(), "{action}: {told}");
        assert_eq!(
            (&told["fromMe"], &told["fromApi"], &told["status"]),
            (&json!(true), &json!(true), &json!("SENT")),
            "{action}"
        );
        let nulls = ["text", "image", "audio", "video", "document", "poll", "notification"].into_iter();
        for other in nulls.filter(|other| *other != key) {
            assert!(told.get(other).is_none(), "{action}: {other} is there, too");
        }
    }
    // The files went with their messages; what is left is for the webhooks of our own, for three days.
    world.advance_hours(80);
    world.sweep().await;
    assert_eq!(world.stored_files(), 0);
    assert_eq!(world.rows_of_content().await, 0);
    let log = world.dump_log().await;
    for secret in ["vitrine", "orcamento", "Bruno", "pix@example.com", "Rua 4", "segredo", FRIEND, &shelf.url("")] {
        assert!(!log.contains(secret), "{secret} stands in clear in the log");
    }
}

#[tokio::test]
async fn reactions_votes_edits_and_deletions_change_what_is_there() {
    let (world, client, _shelf) = connected().await;
    let text = send(&world, &client, "/send-text", json!({ "phone": FRIEND, "message": "preço: 10" })).await;
    let poll = json!({ "phone": FRIEND, "message": "Qual?", "poll": [{ "name": "A" }, { "name": "B" }] });
    let poll = send(&world, &client, "/send-poll", poll).await;
    world.wait_for_arrival(FRIEND, OWN, &poll).await;
    let shown = async |id: &str| world.seen(FRIEND, OWN).await.into_iter().find(|message| message["id"] == json!(id)).unwrap();

    let body = json!({ "phone": FRIEND, "reaction": "❤️", "messageId": text });
    let reaction = send(&world, &client, "/send-reaction", body).await;
    world.pass_until(async || shown(&text).await["reactions"] == json!(["❤️"])).await;
    assert_eq!(own_copy(&world, &reaction).await["reaction"]["referencedMessage"]["messageId"], json!(text));
    send(&world, &client, "/send-remove-reaction", json!({ "phone": FRIEND, "messageId": text })).await;
    world.pass_until(async || shown(&text).await["reactions"] == json!([])).await;

    let body = json!({ "phone": FRIEND, "pollMessageId": poll, "pollVote": [{ "name": "B" }] });
    send(&world, &client, "/send-poll-vote", body).await;
    world.pass_until(async || shown(&poll).await["votes"] == json!([["B"]])).await;

    let body = json!({ "phone": FRIEND, "message": "preço: 12", "editMessageId": text });
    let edit = client.post("/send-text", body).await.ok();
    assert_ne!(edit["messageId"], json!(text));
    world.pass_until(async || shown(&text).await["text"] == "preço: 12").await;

    let answer = json!({ "phone": FRIEND, "message": "é isso", "messageId": text });
    let answer = send(&world, &client, "/reply-message", answer).await;
    world.wait_for_arrival(FRIEND, OWN, &answer).await;
    assert_eq!(shown(&answer).await["quote"], json!(text));

    let gone = client.delete(&format!("/messages?messageId={text}&phone={FRIEND}&owner=true")).await;
    assert_eq!((gone.status, gone.body.as_str()), (204, Some("")));
    world.pass_until(async || shown(&text).await["revoked"] == json!(true)).await;
    let again = client.delete(&format!("/messages?messageId={text}&phone={FRIEND}&owner=true")).await;
    assert_eq!(again.status, 204, "a repeat is harmless");
    let unknown = client.delete(&format!("/messages?messageId=3EB0FFFF&phone={FRIEND}&owner=true")).await;
    assert_eq!(unknown.error(400), "Message not found");
    // What waits in the queue is taken out of it.
    let waiting = client.post("/send-text", json!({ "phone": FRIEND, "message": "não vá" })).await.ok();
    let id = waiting["messageId"].as_str().unwrap();
    world.settle_projections().await;
    assert_eq!(client.delete(&format!("/messages?messageId={id}&phone={FRIEND}&owner=true")).await.status, 204);
    assert_eq!(client.get("/queue/count").await.ok(), json!({ "count": 0 }));
}

#[tokio::test]
async fn a_message_is_passed_on_and_one_that_nobody_knows_is_told_as_an_error() {
    let (world, client, shelf) = connected().await;
    let image = json!({ "phone": FRIEND, "image": shelf.url("/a.png"), "caption": "vitrine" });
    let image = send(&world, &client, "/send-image", image).await;
    let other = "5562911110000";
    let body = json!({ "phone": other, "messageId": image, "messagePhone": FRIEND, "delayMessage": 1 });
    let passed = client.post("/forward-message", body).await.ok();
    let passed = passed["messageId"].as_str().unwrap().to_owned();
    world.wait_for_arrival(other, OWN, &passed).await;
    let seen = world.seen(other, OWN).await;
    assert_eq!((&seen[0]["content"]["kind"], &seen[0]["forwarded"]), (&json!("image"), &json!(true)));
    assert_eq!(own_copy(&world, &passed).await["forwarded"], json!(true));

    let body = json!({ "phone": FRIEND, "reaction": "👍", "messageId": "3EB0DEADBEEF" });
    let sent = client.post("/send-reaction", body).await.ok();
    let told = world.wait_for("DeliveryCallback", 3).await;
    assert_eq!((&told[2]["messageId"], &told[2]["error"]), (&sent["messageId"], &json!("Message not found")));
}

#[tokio::test]
async fn the_queue_shows_captions() {
    let world = World::start().await;
    let client = world.client().await;
    let image = |caption: Value| json!({ "phone": FRIEND, "image": data_url("image/png", PNG), "caption": caption });
    client.post("/send-image", image(json!("vitrine"))).await.ok();
    client.post("/send-image", image(Value::Null)).await.ok();
    client.post("/send-audio", json!({ "phone": FRIEND, "audio": "https://example.com/a.ogg" })).await.ok();
    let queue = client.get("/queue").await.ok();
    let shown: Vec<_> = queue.as_array().unwrap().iter().map(|item| item["Message"].as_str().unwrap()).collect();
    assert_eq!(shown, ["vitrine", "", ""]);
    assert_eq!(client.post("/queue", json!({})).await.ok()["messages"][0]["Message"], "vitrine");
    assert_eq!(world.stored_files(), 2);
    assert_eq!(client.delete("/queue").await.ok(), json!({ "value": true }));
    assert_eq!((world.stored_files(), world.rows_of_content().await), (0, 0), "erased with what was cancelled");
}
