use chrono::Duration;
use recado_messaging::{DeliveryState, WebhookKind};

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
