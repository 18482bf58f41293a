use chrono::Duration;
use recado_messaging::{DeliveryState, ResendError, WebhookKind, sign};
use recado_testkit::Receiver;

use crate::world::*;

#[tokio::test]
async fn the_sequence_for_one_text() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    let sent = world.send(OTHER, "Olá").await;
    world.settle().await;
    world.pass(Duration::milliseconds(300)).await;
    world.sim.read(world.instance, sent.wire_id.as_str()).await.unwrap();
    world.settle().await;
    assert_eq!(kinds(&receiver), ["ConnectedCallback", "DeliveryCallback", "status SENT", "status RECEIVED", "status READ"]);
    let received = receiver.received();
    let delivery = &received[1].body;
    assert_eq!(delivery["instanceId"], world.instance.public());
    assert_eq!(delivery["zaapId"], sent.message.zaap_id());
    assert_eq!(delivery["messageId"], sent.wire_id.as_str());
    assert_eq!(delivery["phone"], OTHER);
    assert!(delivery.get("error").is_none());
    assert_eq!(received[4].body["ids"][0], sent.wire_id.as_str());
    assert!(received.iter().all(|request| request.body["momment"].as_i64().unwrap() > 1_700_000_000_000));
    for request in &received {
        let secret = request.headers["x-token"].to_str().unwrap();
        assert_eq!(request.headers["x-recado-signature"].to_str().unwrap(), sign(secret, &request.raw));
        assert!(request.headers["content-type"].to_str().unwrap().starts_with("application/json"));
    }
}

#[tokio::test]
async fn an_incoming_text_is_told_and_then_forgotten() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    let wire_id = world.sim.say(world.instance, &phone(OTHER), "Bom dia, vocês abrem hoje?").await.unwrap();
    world.settle().await;
    assert_eq!(kinds(&receiver), ["ConnectedCallback", "received fromMe=false"]);
    let body = receiver.received()[1].body.clone();
    assert_eq!(body["text"]["message"], "Bom dia, vocês abrem hoje?");
    assert_eq!((body["messageId"].as_str().unwrap(), body["phone"].as_str().unwrap()), (wire_id.as_str(), OTHER));
    assert_eq!((body["connectedPhone"].as_str().unwrap(), body["status"].as_str().unwrap()), (OWN, "RECEIVED"));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM content").fetch_one(&world.t.database.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn own_messages_are_told_only_when_wanted() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.messaging.set_notify_sent_by_me(world.meta(), world.instance, true).await.unwrap();
    world.settle().await;
    world.send(OTHER, "de mim").await;
    world.settle().await;
    assert_eq!(kinds(&receiver), ["ConnectedCallback", "DeliveryCallback", "status SENT", "received fromMe=true"]);
    let body = receiver.received()[3].body.clone();
    assert_eq!((body["text"]["message"].as_str().unwrap(), body["fromApi"].as_bool().unwrap()), ("de mim", true));
    assert_eq!(body["status"], "SENT");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM content").fetch_one(&world.t.database.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_refused_message_is_told_with_its_error() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.send("5562900000404", "ninguém").await;
    world.settle().await;
    assert_eq!(receiver.received()[1].body["error"], "Phone number does not have WhatsApp");
}

#[tokio::test]
async fn a_failing_receiver_is_tried_again_in_order() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    receiver.answer_next(&[500, 503]);
    world.send(OTHER, "Olá").await;
    world.settle().await;
    world.pass(Duration::seconds(1)).await;
    assert_eq!(receiver.received().len(), 2, "the first retry waits 10 s and holds the message's later callbacks back");
    world.pass(Duration::seconds(9)).await;
    world.pass(Duration::seconds(30)).await;
    assert_eq!(
        kinds(&receiver)[1..],
        ["DeliveryCallback", "DeliveryCallback", "DeliveryCallback", "status SENT", "status RECEIVED"]
    );
    let log = world.messaging.webhook_deliveries(world.account, world.instance, None, 50).await.unwrap();
    let delivery = log.iter().find(|delivery| delivery.callback == "DeliveryCallback").unwrap();
    let statuses: Vec<_> = delivery.attempts.iter().map(|attempt| attempt.http_status).collect();
    assert_eq!((statuses, delivery.state), (vec![Some(500), Some(503), Some(200)], DeliveryState::Delivered));
}

#[tokio::test]
async fn six_failures_end_it_and_a_person_may_send_again() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    receiver.answer_with(500);
    world.sim.say(world.instance, &phone(OTHER), "oi").await.unwrap();
    world.settle().await;
    for seconds in [10, 30, 120, 600, 3_600] {
        world.pass(Duration::seconds(seconds)).await;
    }
    assert_eq!(receiver.received().len(), 1 + 6);
    world.pass(Duration::hours(5)).await;
    assert_eq!(receiver.received().len(), 1 + 6, "given up");
    let failed = world.messaging.webhook_deliveries(world.account, world.instance, None, 1).await.unwrap().remove(0);
    assert_eq!((failed.state, failed.attempts.len()), (DeliveryState::Failed, 6));
    receiver.answer_with(200);
    world.messaging.resend_webhook(world.account, failed.id).await.unwrap();
    world.settle().await;
    assert_eq!(receiver.received().last().unwrap().body["text"]["message"], "oi");
    let again = world.messaging.webhook_deliveries(world.account, world.instance, None, 1).await.unwrap().remove(0);
    assert_eq!((again.state, again.attempts.len()), (DeliveryState::Delivered, 7));
    let refused = world.messaging.resend_webhook(world.account, failed.id).await;
    assert!(matches!(refused, Err(ResendError::ContentErased)), "{refused:?}");
}

#[tokio::test]
async fn gone_means_gone() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    receiver.answer_next(&[410]);
    world.send(OTHER, "Olá").await;
    world.settle().await;
    world.pass(Duration::hours(2)).await;
    assert_eq!(kinds(&receiver)[1..], ["DeliveryCallback", "status SENT", "status RECEIVED"]);
    let log = world.messaging.webhook_deliveries(world.account, world.instance, None, 50).await.unwrap();
    let states: Vec<_> = log.iter().rev().map(|delivery| delivery.state).collect();
    assert_eq!(states.iter().filter(|state| **state == DeliveryState::Failed).count(), 1);
}

#[tokio::test]
async fn each_kind_has_its_own_url_and_none_means_silence() {
    let (statuses, received) = (Receiver::start().await, Receiver::start().await);
    let world = World::start().await;
    for (kind, receiver) in [(WebhookKind::MessageStatus, &statuses), (WebhookKind::Received, &received)] {
        world.messaging.set_webhook(world.meta(), world.instance, kind, Some(&receiver.url())).await.unwrap();
    }
    world.pair().await;
    world.send(OTHER, "Olá").await;
    world.sim.say(world.instance, &phone(OTHER), "oi").await.unwrap();
    world.settle().await;
    world.pass(Duration::seconds(1)).await;
    assert_eq!(kinds(&statuses), ["status SENT", "status RECEIVED"]);
    assert_eq!(kinds(&received), ["received fromMe=false"]);
}
