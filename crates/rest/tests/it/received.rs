//! What people do with their phones, as `ReceivedCallback`s (plugzapi-api.md 3.3 to 3.5).

use recado_engine_sim::{Draft, NewFile};
use recado_kernel::WireId;
use recado_messaging::MessageKind;
use recado_messaging::domain::message::{ContactCard, LocationContent, PollContent};
use serde_json::{Value, json};

use crate::client::Client;
use crate::shelf::{MP4, OGG, PDF, PNG, WEBP};
use crate::world::World;

const OWN: &str = "5562933334444";
const FRIEND: &str = "5562988887777";

async fn connected() -> (World, Client) {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-webhook-received", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, OWN).await;
    (world, client)
}

async fn sent(world: &World, client: &Client, action: &str, body: Value) -> WireId {
    let answer = client.post(action, body).await.ok();
    let id = answer["messageId"].as_str().unwrap();
    world.wait_for_arrival(FRIEND, OWN, id).await;
    WireId::parse(id).unwrap()
}

async fn last(world: &World, n: usize) -> Value {
    world.wait_for("ReceivedCallback", n).await.pop().unwrap()
}

#[tokio::test]
async fn files_places_cards_and_polls() {
    let (world, client) = connected().await;
    let (sim, hand) = world.hand(&client, FRIEND).await;
    let files: [(&str, &[u8], MessageKind, &str, &str); 5] = [
        ("image/png", PNG, MessageKind::Image, "image", "imageUrl"),
        ("audio/ogg", OGG, MessageKind::Audio, "audio", "audioUrl"),
        ("video/mp4", MP4, MessageKind::Video, "video", "videoUrl"),
        ("application/pdf", PDF, MessageKind::Document, "document", "documentUrl"),
        ("image/webp", WEBP, MessageKind::Sticker, "sticker", "stickerUrl"),
    ];
    let mut told = 0;
    for (mime_type, bytes, kind, key, url) in files {
        let file = NewFile {
            mime_type: mime_type.into(),
            file_name: Some("orcamento.pdf".into()),
            bytes: bytes.to_vec(),
            ..NewFile::default()
        };
        let content = sim.file_content(hand.account, file, Some(kind), "").await.unwrap();
        let id = sim.send(&hand, content.into()).await.unwrap();
        told += 1;
        let body = last(&world, told).await;
        assert_eq!((&body["messageId"], &body["phone"], &body["fromMe"]), (&json!(id), &json!(FRIEND), &json!(false)), "{key}");
        let fetched = client.http.get(body[key][url].as_str().unwrap()).send().await.unwrap();
        assert_eq!(fetched.bytes().await.unwrap(), bytes, "{key}");
        if key == "document" {
            assert_eq!(body["document"]["fileName"], "orcamento.pdf");
        }
    }
    let place = LocationContent {
        latitude: "-16.6869".parse().unwrap(),
        longitude: "-49.2648".parse().unwrap(),
        name: "Loja".into(),
        address: "Rua 4, 120".into(),
        url: String::new(),
    };
    sim.send(&hand, place.into()).await.unwrap();
    let body = last(&world, told + 1).await;
    assert_eq!((&body["location"]["latitude"], &body["location"]["name"]), (&json!(-16.6869), &json!("Loja")));
    let card =
        ContactCard { name: "Bruno".into(), phones: vec!["5562977776666".into()], business_description: None, vcard: None };
    sim.send(&hand, card.into()).await.unwrap();
    let body = last(&world, told + 2).await;
    assert_eq!((&body["contact"]["displayName"], &body["contact"]["phones"]), (&json!("Bruno"), &json!(["5562977776666"])));
    assert!(body["contact"]["vCard"].as_str().unwrap().starts_with("BEGIN:VCARD\n"));
    let poll = PollContent { question: "Qual?".into(), options: vec!["A".into(), "B".into()], max_options: 1 };
    sim.send(&hand, poll.into()).await.unwrap();
    let body = last(&world, told + 3).await;
    assert_eq!(body["poll"], json!({ "question": "Qual?", "pollMaxOptions": 1, "options": [{ "name": "A" }, { "name": "B" }] }));
    assert!(body.get("text").is_none() && body.get("notification").is_none());
}

#[tokio::test]
async fn answers_to_buttons_lists_and_polls() {
    let (world, client) = connected().await;
    let (sim, hand) = world.hand(&client, FRIEND).await;
    let buttons = json!({ "phone": FRIEND, "message": "Confirma?", "buttonList": { "buttons": [{ "id": "sim", "label": "Sim, confirmo" }] } });
    let buttons = sent(&world, &client, "/send-button-list", buttons).await;
    sim.press(&hand, &buttons, "sim").await.unwrap();
    let body = last(&world, 1).await;
    assert_eq!(body["buttonsResponseMessage"], json!({ "buttonId": "sim", "message": "Sim, confirmo" }));
    assert_eq!(body["referenceMessageId"], json!(buttons));

    let list = json!({ "phone": FRIEND, "message": "Quando?", "optionList": { "title": "Dias", "buttonLabel": "Ver",
        "options": [{ "id": "seg", "title": "Segunda-feira", "description": "Das 8h às 12h" }] } });
    let list = sent(&world, &client, "/send-option-list", list).await;
    sim.choose(&hand, &list, "seg").await.unwrap();
    let body = last(&world, 2).await;
    assert_eq!(
        body["listResponseMessage"],
        json!({ "title": "Segunda-feira", "message": "Das 8h às 12h", "selectedRowId": "seg" })
    );
    assert_eq!(body["referenceMessageId"], json!(list));

    let poll = json!({ "phone": FRIEND, "message": "Qual?", "poll": [{ "name": "Manhã" }, { "name": "Tarde" }] });
    let poll = sent(&world, &client, "/send-poll", poll).await;
    for (n, choice) in [(3, vec!["Manhã".to_owned()]), (4, vec![])] {
        sim.vote(&hand, &poll, &choice).await.unwrap();
        let options: Vec<_> = choice.iter().map(|name| json!({ "name": name })).collect();
        assert_eq!(last(&world, n).await["pollVote"], json!({ "pollMessageId": poll, "options": options }));
    }
}

#[tokio::test]
async fn reactions_answers_edits_and_deletions() {
    let (world, client) = connected().await;
    let (sim, hand) = world.hand(&client, FRIEND).await;
    let ours = sent(&world, &client, "/send-text", json!({ "phone": FRIEND, "message": "oi" })).await;
    for (n, emoji) in [(1, "👍"), (2, "")] {
        sim.react(&hand, &ours, emoji).await.unwrap();
        let body = last(&world, n).await;
        let reaction = &body["reaction"];
        assert_eq!((&reaction["value"], &reaction["reactionBy"]), (&json!(emoji), &json!(FRIEND)));
        let about = json!({ "messageId": ours, "fromMe": true, "phone": FRIEND, "participant": null });
        assert_eq!(reaction["referencedMessage"], about);
    }
    let text = recado_messaging::MessageContent::text("quero dois");
    let answer = sim.send(&hand, Draft::from(text).answering(Some(ours.clone()))).await.unwrap();
    let body = last(&world, 3).await;
    assert_eq!((&body["text"]["message"], &body["referenceMessageId"]), (&json!("quero dois"), &json!(ours)));
    assert_eq!((&body["isEdit"], &body["forwarded"]), (&json!(false), &json!(false)));

    sim.edit(&hand, &answer, "quero três").await.unwrap();
    let body = last(&world, 4).await;
    assert_eq!(
        (&body["messageId"], &body["isEdit"], &body["text"]["message"]),
        (&json!(answer), &json!(true), &json!("quero três"))
    );
    sim.delete(&hand, &answer).await.unwrap();
    let body = last(&world, 5).await;
    assert_eq!((&body["messageId"], &body["notification"]), (&json!(answer), &json!("REVOKE")));
    assert!(body.get("text").is_none(), "{body}");
}

#[tokio::test]
async fn a_voice_note_is_heard_and_incoming_messages_are_marked_as_read() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, OWN).await;
    let (sim, hand) = world.hand(&client, FRIEND).await;
    let audio = format!("data:audio/ogg;base64,{}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, OGG));
    let note = sent(&world, &client, "/send-audio", json!({ "phone": FRIEND, "audio": audio })).await;
    sim.play(&hand, &note).await.unwrap();
    world.pass_until(async || world.bodies().iter().any(|body| body["status"] == "PLAYED" && body["ids"] == json!([note]))).await;

    let theirs = sim.send(&hand, recado_messaging::MessageContent::text("oi").into()).await.unwrap();
    last(&world, 1).await;
    let read = client.post("/read-message", json!({ "phone": FRIEND, "messageId": theirs })).await;
    assert_eq!((read.status, read.body.as_str()), (204, Some("")));
    let seen = world.seen(FRIEND, OWN).await;
    assert!(seen.iter().any(|message| message["id"] == json!(theirs) && message["read"] == json!(true)), "{seen:?}");
    client.get("/disconnect").await.ok();
    world.settle().await;
    let offline = client.post("/read-message", json!({ "phone": FRIEND, "messageId": theirs })).await;
    assert_eq!(offline.error(400), "You need to be connected with whatsapp");
}
