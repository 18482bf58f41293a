//! From a person's finger to the receiver: every `ReceivedCallback` of plugzapi-api.md 3.4 up to polls.

use recado_engine_sim::{Draft, Hand, Sample};
use recado_kernel::WireId;
use recado_messaging::MessageContent;
use recado_testkit::Receiver;
use serde_json::{Value, json};

use crate::contents::*;
use crate::world::*;

async fn arrives(world: &World, content: impl Into<MessageContent>) -> WireId {
    let outgoing = world.outgoing(OTHER, content.into());
    let wire_id = outgoing.wire_id.clone();
    world.engine().send(outgoing).await.unwrap();
    world.pass(chrono::Duration::seconds(1)).await;
    wire_id
}

#[tokio::test]
async fn every_kind_of_callback_comes_from_something_a_person_did() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    let hand = Hand { account: world.account, phone: phone(OTHER), chat: phone(OWN) };
    let sim = &world.sim;
    let (buttons, rows, polled) =
        (arrives(&world, buttons()).await, arrives(&world, list()).await, arrives(&world, poll(1)).await);
    let text = sim.send(&hand, Draft::from(MessageContent::text("Bom dai")).answering(Some(buttons.clone()))).await.unwrap();
    for sample in Sample::ALL {
        sim.send(&hand, sim.sample(world.account, sample).await.unwrap().into()).await.unwrap();
    }
    sim.press(&hand, &buttons, "sim").await.unwrap();
    sim.choose(&hand, &rows, "seg").await.unwrap();
    sim.touch_option(&hand, &polled, "Fubá").await.unwrap();
    sim.touch_option(&hand, &polled, "Fubá").await.unwrap();
    sim.react(&hand, &buttons, "👍").await.unwrap();
    sim.react(&hand, &buttons, "").await.unwrap();
    sim.edit(&hand, &text, "Bom dia").await.unwrap();
    sim.forward(&hand, &text, &phone(OWN)).await.unwrap();
    sim.delete(&hand, &text).await.unwrap();
    world.settle().await;
    let bodies: Vec<Value> = receiver.received().into_iter().map(|request| request.body).collect();
    let told = |key: &str| -> Vec<&Value> { bodies.iter().filter(|body| body.get(key).is_some()).collect() };
    for key in ["image", "audio", "video", "document", "sticker", "location", "contact", "poll"] {
        assert_eq!(told(key).len(), 1, "{key}");
    }
    // Different messages are told in parallel: their order is nobody's promise.
    let same = |told: Vec<Value>, wanted: Value| {
        let sorted = |mut all: Vec<Value>| {
            all.sort_by_key(Value::to_string);
            all
        };
        assert_eq!(sorted(told), sorted(wanted.as_array().unwrap().clone()));
    };
    let texts = told("text").into_iter().map(|body| {
        json!([
            body["text"]["message"],
            body["isEdit"],
            body["forwarded"],
            body["referenceMessageId"],
            body["messageId"] == text.as_str()
        ])
    });
    let wanted = json!([
        ["Bom dai", false, false, buttons, true],
        ["Bom dia", true, false, null, true],
        ["Bom dia", false, true, null, false]
    ]);
    same(texts.collect(), wanted);
    let pressed = told("buttonsResponseMessage")[0];
    assert_eq!(
        (&pressed["buttonsResponseMessage"], &pressed["referenceMessageId"]),
        (&json!({"buttonId": "sim", "message": "Sim, confirmo"}), &json!(buttons))
    );
    let chosen = told("listResponseMessage")[0];
    assert_eq!(
        chosen["listResponseMessage"],
        json!({"message": "Das 8h às 12h", "title": "Segunda-feira", "selectedRowId": "seg"})
    );
    assert_eq!(chosen["referenceMessageId"], rows.as_str());
    let votes = told("pollVote").into_iter().map(|body| body["pollVote"].clone()).collect();
    same(votes, json!([{"pollMessageId": polled, "options": [{"name": "Fubá"}]}, {"pollMessageId": polled, "options": []}]));
    let reactions = told("reaction").into_iter().map(|body| body["reaction"]["value"].clone()).collect();
    same(reactions, json!(["👍", ""]));
    assert_eq!(told("reaction")[0]["reaction"]["referencedMessage"]["fromMe"], true);
    assert_eq!(
        (&told("notification")[0]["notification"], &told("notification")[0]["messageId"]),
        (&json!("REVOKE"), &json!(text))
    );
    assert!(told("image")[0]["image"]["imageUrl"].as_str().unwrap().starts_with("http"), "{}", told("image")[0]);
}
