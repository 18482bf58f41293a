use std::sync::Arc;

use chrono::Duration;
use recado_engine_sim::SimEngine;
use recado_messaging::{DeliveryState, Messaging, WebhookKind};
use recado_testkit::Receiver;

use crate::troubled::{Trouble, Troubled};
use crate::world::*;

#[tokio::test]
async fn private_addresses_and_closed_ports_are_attempts_with_a_reason() {
    let world = World::start().await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (kind, url) in [
        (WebhookKind::Connected, format!("http://{closed}/")),
        (WebhookKind::MessageStatus, "https://169.254.169.254/latest".to_owned()),
    ] {
        world.messaging.set_webhook(world.meta(), world.instance, kind, Some(&url)).await.unwrap();
    }
    world.pair().await;
    world.send(OTHER, "Olá").await;
    world.settle().await;
    let log = world.messaging.webhook_deliveries(world.account, world.instance, None, 50).await.unwrap();
    let error = |callback: &str| {
        let delivery = log.iter().find(|delivery| delivery.callback == callback).unwrap();
        assert_eq!(delivery.state, DeliveryState::Waiting);
        delivery.attempts[0].error.clone().unwrap()
    };
    assert_eq!(error("ConnectedCallback"), "could not connect to the receiver");
    assert_eq!(error("MessageStatusCallback"), "the address is not public");
}

#[tokio::test]
async fn a_cleared_url_stops_what_waits_for_it() {
    let receiver = recado_testkit::Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    receiver.answer_with(500);
    world.send(OTHER, "Olá").await;
    world.settle().await;
    world.messaging.set_every_webhook(world.meta(), world.instance, None, None).await.unwrap();
    world.settle().await;
    world.pass(Duration::seconds(30)).await;
    assert_eq!(receiver.received().len(), 2);
    let log = world.messaging.webhook_deliveries(world.account, world.instance, None, 50).await.unwrap();
    assert!(
        log.iter()
            .filter(|delivery| delivery.callback != "ConnectedCallback")
            .all(|delivery| delivery.state == DeliveryState::Stopped)
    );
}

#[tokio::test]
async fn a_death_between_the_hand_over_and_the_record_loses_no_webhook() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.messaging.set_notify_sent_by_me(world.meta(), world.instance, true).await.unwrap();
    world.settle().await;
    let plan = |n| if n == 0 { Trouble::DiesAfter } else { Trouble::Nothing };
    let engine = Troubled::new(SimEngine::new(world.t.platform.clone()), plan);
    let dying = Messaging::new(world.t.platform.clone(), world.messaging.settings().clone()).with_engine(Arc::new(engine));
    let sent = world.send(OTHER, "de mim, apesar de tudo").await;
    let senders: Vec<_> = dying.handlers().into_iter().filter(|handler| handler.topic() == "send").collect();
    world.t.drain(&senders).await;
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.sending");
    // The receipt comes before anybody repeats the hand-over: it tells that the message went out.
    world.pass(Duration::milliseconds(300)).await;
    world.pass(Duration::seconds(2)).await;
    assert_eq!(world.sim.messages(None, OTHER, OWN).await.unwrap().len(), 1);
    let told = kinds(&receiver);
    for wanted in ["DeliveryCallback", "status SENT", "status RECEIVED", "received fromMe=true"] {
        assert_eq!(told.iter().filter(|kind| *kind == wanted).count(), 1, "{wanted}: {told:?}");
    }
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM content").fetch_one(&world.t.database.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_session_that_was_away_hears_everything_it_missed() {
    let world = World::connected(None).await;
    world.sim.set_online(world.instance, false).await.unwrap();
    sqlx::query(
        "INSERT INTO sim_message (wire_id, account_id, instance_id, message_id, sender, recipient, text_protected, sent_at, delivered_at)
         SELECT 'W' || n, $1, $2, gen_random_uuid(), $3, $4, '', now(), now() FROM generate_series(1, 1100) n",
    )
    .bind(world.account.as_uuid())
    .bind(world.instance.as_uuid())
    .bind(OWN)
    .bind(OTHER)
    .execute(&world.t.database.pool)
    .await
    .unwrap();
    world.sim.set_online(world.instance, true).await.unwrap();
    let untold: i64 = sqlx::query_scalar("SELECT count(*) FROM sim_message WHERE NOT received_told")
        .fetch_one(&world.t.database.pool)
        .await
        .unwrap();
    assert_eq!(untold, 0);
}
