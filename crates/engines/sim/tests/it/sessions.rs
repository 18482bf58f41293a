use chrono::Duration;
use recado_engine_sim::{ScanTarget, SimError};
use recado_kernel::{Actor, Door};
use recado_messaging::Connection;
use recado_messaging::engine::{Pairing, SessionEngine as _, SessionState};
use recado_testkit::Receiver;

use crate::world::*;

async fn shown(world: &World) -> String {
    match world.messaging.qr_code(world.meta(), world.instance).await.unwrap() {
        Pairing::Show(view) => view.text,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn a_phone_scans_the_code_on_the_screen() {
    let world = World::start().await;
    let code = shown(&world).await;
    assert!(code.starts_with("SIMULADO:"));
    world.settle().await;
    assert_eq!(shown(&world).await, code, "stable within its window");
    world.t.clock.advance(Duration::seconds(45));
    assert!(matches!(world.sim.scan(&ScanTarget::Code(code), &phone(OWN)).await, Err(SimError::InvalidCode)));
    let fresh = shown(&world).await;
    assert_eq!(world.sim.scan(&ScanTarget::Code(fresh), &phone(OWN)).await.unwrap(), world.instance);
    world.settle().await;
    assert_eq!(world.connection().await, Connection::Connected);
    assert_eq!(world.messaging.qr_code(world.meta(), world.instance).await.unwrap(), Pairing::Connected);
}

#[tokio::test]
async fn a_phone_code_pairs_too() {
    let world = World::start().await;
    let code = world.messaging.phone_code(world.meta(), world.instance, &phone(OWN)).await.unwrap().unwrap();
    assert!(world.sim.scan(&ScanTarget::Code(code.clone()), &phone(OTHER)).await.is_err(), "bound to its number");
    world.sim.scan(&ScanTarget::Code(code), &phone(OWN)).await.unwrap();
    assert_eq!(world.connection().await, Connection::Connected);
}

#[tokio::test]
async fn a_number_is_live_on_one_instance_only() {
    let world = World::connected(None).await;
    let meta = world.t.platform.meta(world.account, Actor::System("test".into()), Door::Job);
    let second = world.messaging.create_instance(meta, "Filial".parse().unwrap()).await.unwrap().id;
    let target = ScanTarget::Instance { account: world.account, instance: second };
    assert!(matches!(world.sim.scan(&target, &phone(OWN)).await, Err(SimError::NumberInUse)));
    world.sim.unlink(world.instance).await.unwrap();
    world.sim.scan(&target, &phone(OWN)).await.unwrap();
    world.settle().await;
    world.pass(Duration::seconds(5)).await;
    assert_eq!(world.connection().await, Connection::Disconnected);
    assert_eq!(world.messaging.instance_from_log(second).await.unwrap().unwrap().connection, Connection::Connected);
}

#[tokio::test]
async fn an_expired_trial_neither_pairs_nor_stays_connected() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.pass(Duration::hours(49)).await;
    assert_eq!(world.connection().await, Connection::Disconnected);
    assert_eq!(kinds(&receiver), ["ConnectedCallback", "DisconnectedCallback"]);
    let refused = world.sim.scan(&world.target(), &phone(OWN)).await;
    assert!(matches!(refused, Err(SimError::Refused(_))), "{refused:?}");
    let state = world.messaging.engine().unwrap().state(world.instance).await.unwrap();
    assert_eq!(state, SessionState::Idle, "the refused pairing was undone");
}

#[tokio::test]
async fn disconnecting_silences_everything_but_the_disconnection() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.send(OTHER, "antes").await;
    world.settle().await;
    world.messaging.disconnect(world.meta(), world.instance).await.unwrap();
    world.settle().await;
    world.pass(Duration::seconds(30)).await;
    let last = kinds(&receiver).pop().unwrap();
    assert_eq!(last, "DisconnectedCallback");
    assert!(matches!(world.sim.say(world.instance, &phone(OTHER), "oi").await, Err(SimError::NotLinked)));
    let engine = recado_engine_sim::SimEngine::new(world.t.platform.clone());
    assert_eq!(engine.state(world.instance).await.unwrap(), SessionState::Idle);
}

#[tokio::test]
async fn a_restart_keeps_the_link_and_says_connected_again() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.messaging.restart(world.meta(), world.instance).await.unwrap();
    world.settle().await;
    assert_eq!(world.connection().await, Connection::Connected);
    assert_eq!(kinds(&receiver), ["ConnectedCallback", "ConnectedCallback"]);
    let body = &receiver.received()[1].body;
    assert_eq!((body["phone"].as_str().unwrap(), body["connected"].as_bool().unwrap()), (OWN, true));
}

#[tokio::test]
async fn a_lost_line_can_be_restored_and_what_waited_goes_out() {
    let world = World::connected(None).await;
    world.sim.set_online(world.instance, false).await.unwrap();
    world.settle().await;
    assert_eq!(world.connection().await, Connection::Lost);
    let waiting = world.send(OTHER, "espera").await;
    world.sim.say(world.instance, &phone(OTHER), "enquanto isso").await.unwrap();
    world.pass(Duration::seconds(10)).await;
    assert_eq!(world.story(&waiting).await, ["message.accepted"]);
    world.messaging.restore_session(world.meta(), world.instance).await.unwrap();
    world.settle().await;
    world.pass(Duration::seconds(3)).await;
    assert_eq!(world.connection().await, Connection::Connected);
    assert_eq!(world.story(&waiting).await, ["message.accepted", "message.sending", "message.sent", "message.received"]);
    let incoming: i64 = sqlx::query_scalar("SELECT count(*) FROM events WHERE event_type = 'message.incoming'")
        .fetch_one(&world.t.database.pool)
        .await
        .unwrap();
    assert_eq!(incoming, 1, "what came meanwhile was kept by the simulated servers");
}

#[tokio::test]
async fn a_scan_right_after_a_disconnect_connects_again() {
    let world = World::connected(None).await;
    world.messaging.disconnect(world.meta(), world.instance).await.unwrap();
    // The order to log out has not reached the servers yet.
    world.sim.scan(&world.target(), &phone(OWN)).await.unwrap();
    world.settle().await;
    assert_eq!(world.connection().await, Connection::Connected);
    let state = world.messaging.engine().unwrap().state(world.instance).await.unwrap();
    assert_eq!(state, SessionState::Online { number: phone(OWN) });
    let sent = world.send(OTHER, "de novo").await;
    world.settle().await;
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.sent");
}
