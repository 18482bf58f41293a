//! Deliveries to real receivers: circuits, places, order, and what travels beside the body.

use std::sync::Arc;
use std::time::Duration as Wall;

use chrono::Duration;
use recado_event_store::{Projector, WorkHandler, Worker};
use recado_kernel::{InstanceId, WireId};
use recado_messaging::{
    Circuit, Delivery, DeliveryFilter, DeliveryState, Incoming, MessageContent, Messaging, MessagingSettings, WebhookChange,
    WebhookKind,
};
use recado_testkit::Receiver;
use tokio::sync::watch;

use crate::stage::Stage;

fn local() -> MessagingSettings {
    MessagingSettings { allow_local_webhooks: true, ..MessagingSettings::default() }
}

/// An instance whose incoming messages go to `receiver`, paid for, so that no trial ends meanwhile.
async fn told_to(stage: &Stage, receiver: &Receiver) -> InstanceId {
    let id = stage.instance().await;
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.messaging.set_webhook(stage.meta(), id, WebhookKind::Received, Some(&receiver.url())).await.unwrap();
    id
}

async fn incoming(stage: &Stage, id: InstanceId, wire_id: &str) {
    let incoming =
        Incoming::from_chat(WireId::parse(wire_id).unwrap(), "5562933334444".parse().unwrap(), MessageContent::text("bom dia"));
    stage.messaging.record_incoming(&stage.fact(id), incoming).await.unwrap();
}

async fn many(stage: &Stage, id: InstanceId, prefix: &str, n: usize) {
    for k in 0..n {
        incoming(stage, id, &format!("{prefix}{k:02}")).await;
    }
    stage.catch_up().await;
}

fn deliverer(messaging: &Messaging) -> Vec<Arc<dyn WorkHandler>> {
    messaging.handlers().into_iter().filter(|handler| handler.topic() == "webhook").collect()
}

async fn deliver(stage: &Stage) {
    stage.kit.drain(&deliverer(&stage.messaging)).await;
}

async fn pass(stage: &Stage, by: Duration) {
    stage.kit.clock.advance(by);
    stage.catch_up().await;
    deliver(stage).await;
}

async fn list(stage: &Stage, id: InstanceId) -> Vec<Delivery> {
    stage.messaging.find_deliveries(stage.account, id, &DeliveryFilter::default(), None, 1_000).await.unwrap()
}

async fn in_state(stage: &Stage, id: InstanceId, state: DeliveryState) -> usize {
    list(stage, id).await.iter().filter(|delivery| delivery.state == state).count()
}

async fn circuit(stage: &Stage, id: InstanceId) -> Circuit {
    stage.messaging.webhook_destinations(stage.account, id).await.unwrap()[0].circuit
}

#[tokio::test]
async fn a_receiver_that_is_away_costs_no_delivery_and_all_arrive_when_it_is_back() {
    let receiver = Receiver::start().await;
    receiver.answer_with(500);
    let stage = Stage::with(local()).await;
    let id = told_to(&stage, &receiver).await;
    many(&stage, id, "3A", 15).await;
    deliver(&stage).await;
    assert_eq!(receiver.received().len(), 10, "then its circuit is open");
    assert_eq!(circuit(&stage, id).await, Circuit::Open);
    let untried = list(&stage, id).await.iter().filter(|delivery| delivery.attempts.is_empty()).count();
    assert_eq!(untried, 5);

    // A day long: one call finds out now and then, the pauses grow, nothing is given up.
    let before = receiver.received().len();
    for _ in 0..24 {
        pass(&stage, Duration::hours(1)).await;
    }
    let probes = receiver.received().len() - before;
    assert!((20..=30).contains(&probes), "{probes} probes in 24 looks");
    assert_eq!(in_state(&stage, id, DeliveryState::Waiting).await, 15);

    receiver.answer_with(200);
    for _ in 0..4 {
        pass(&stage, Duration::minutes(30)).await;
    }
    assert_eq!(in_state(&stage, id, DeliveryState::Delivered).await, 15);
    assert_eq!(circuit(&stage, id).await, Circuit::Closed);
    // The repeat of a delivery carries its id.
    let last = receiver.received().pop().unwrap();
    let same = receiver.received().iter().filter(|request| request.headers["webhook-id"] == last.headers["webhook-id"]).count();
    assert!(same >= 1 && list(&stage, id).await.iter().any(|d| d.id.to_string() == last.headers["webhook-id"].to_str().unwrap()));
}

#[tokio::test]
async fn what_waits_for_a_dead_receiver_is_given_up_after_three_days() {
    let receiver = Receiver::start().await;
    receiver.answer_with(503);
    let stage = Stage::with(local()).await;
    let id = told_to(&stage, &receiver).await;
    many(&stage, id, "3A", 12).await;
    deliver(&stage).await;
    pass(&stage, Duration::hours(71)).await;
    assert_eq!(in_state(&stage, id, DeliveryState::Failed).await, 0);
    for _ in 0..3 {
        pass(&stage, Duration::hours(1)).await;
    }
    let failed = list(&stage, id).await.into_iter().filter(|delivery| delivery.state == DeliveryState::Failed);
    let notes: Vec<_> = failed.filter_map(|delivery| delivery.note).collect();
    assert!(notes.len() >= 10 && notes.iter().all(|note| note == "the receiver was away for too long"), "{notes:?}");
}

#[tokio::test]
async fn one_dead_receiver_costs_the_others_nothing_and_every_process_knows() {
    let (dead, well) = (Receiver::start().await, Receiver::start().await);
    dead.answer_with(500);
    let stage = Stage::with(local()).await;
    let (one, two) = (told_to(&stage, &dead).await, told_to(&stage, &well).await);
    many(&stage, one, "3A", 10).await;
    deliver(&stage).await;
    assert_eq!(circuit(&stage, one).await, Circuit::Open);
    // Another process, which has never called it.
    let other = Messaging::new(stage.kit.another_process(), local());
    many(&stage, one, "3B", 5).await;
    many(&stage, two, "3C", 5).await;
    stage.kit.drain(&deliverer(&other)).await;
    assert_eq!((dead.received().len(), well.received().len()), (10, 5));
    assert_eq!(circuit(&stage, two).await, Circuit::Closed);
    // Both find out at the same moment: one of them calls.
    stage.kit.clock.advance(Duration::seconds(11));
    let (here, there) = (deliverer(&stage.messaging), deliverer(&other));
    tokio::join!(stage.kit.drain(&here), stage.kit.drain(&there));
    assert_eq!(dead.received().len(), 11);
}

#[tokio::test]
async fn a_refusal_is_no_absence_and_a_person_may_hurry_a_circuit() {
    let receiver = Receiver::start().await;
    receiver.answer_with(404);
    let stage = Stage::with(local()).await;
    let id = told_to(&stage, &receiver).await;
    many(&stage, id, "3A", 12).await;
    deliver(&stage).await;
    assert_eq!(circuit(&stage, id).await, Circuit::Closed, "somebody answers there");
    receiver.answer_with(500);
    many(&stage, id, "3B", 12).await;
    deliver(&stage).await;
    assert_eq!(circuit(&stage, id).await, Circuit::Open);
    receiver.answer_with(410);
    // Gone, for one of them: shown as failed at once, and a sign of life.
    pass(&stage, Duration::seconds(11)).await;
    let failed = list(&stage, id).await.into_iter().find(|delivery| delivery.state == DeliveryState::Failed).unwrap();
    assert_eq!(circuit(&stage, id).await, Circuit::Closed);
    receiver.answer_with(500);
    many(&stage, id, "3C", 12).await;
    deliver(&stage).await;
    assert_eq!(circuit(&stage, id).await, Circuit::Open);
    receiver.answer_with(200);
    stage.messaging.resend_webhook(stage.account, failed.id).await.unwrap();
    deliver(&stage).await;
    assert_eq!(circuit(&stage, id).await, Circuit::Closed, "it was tried at once, not after the pause");
}

#[tokio::test]
async fn a_message_that_is_tried_again_holds_no_other() {
    let receiver = Receiver::start().await;
    let stage = Stage::with(local()).await;
    let id = told_to(&stage, &receiver).await;
    receiver.answer_next(&[500]);
    many(&stage, id, "3A", 3).await;
    deliver(&stage).await;
    let came = || receiver.received().iter().map(|r| r.body["messageId"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let first = came();
    assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 3, "{first:?}");
    assert_eq!(in_state(&stage, id, DeliveryState::Delivered).await, 2);
    pass(&stage, Duration::seconds(9)).await;
    assert_eq!(receiver.received().len(), 3);
    pass(&stage, Duration::seconds(1)).await;
    assert_eq!(came()[3..], first[..1], "the one that failed, ten seconds later");
}

/// A process that takes a delivery and dies uses none of the receiver's tries up.
#[tokio::test]
async fn only_calls_that_were_made_count_against_a_delivery() {
    let receiver = Receiver::start().await;
    let stage = Stage::with(local()).await;
    let id = told_to(&stage, &receiver).await;
    receiver.answer_next(&[500]);
    incoming(&stage, id, "3EB0A1C9D2E47F0B6C18").await;
    stage.catch_up().await;
    sqlx::query("UPDATE work SET attempts = 5 WHERE topic = 'webhook'").execute(stage.kit.platform.pool()).await.unwrap();
    deliver(&stage).await;
    assert_eq!(in_state(&stage, id, DeliveryState::Failed).await, 0, "five claims without a call, then one refusal");
    pass(&stage, Duration::seconds(10)).await;
    assert_eq!((in_state(&stage, id, DeliveryState::Delivered).await, receiver.received().len()), (1, 2));
}

/// Real loops: while one receiver hangs, the other hears everything, and no connection or row is held.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_receiver_holds_nothing_that_others_need() {
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    slow.delay(Wall::from_secs(60));
    let stage = Stage::with(local()).await;
    let (one, two) = (told_to(&stage, &slow).await, told_to(&stage, &quick).await);
    let (stop, stopped) = watch::channel(false);
    let projector =
        stage.messaging.projections().into_iter().fold(Projector::new(stage.kit.platform.log.clone()), Projector::with);
    let reading = tokio::spawn(projector.run(stopped.clone()));
    let handler = deliverer(&stage.messaging).remove(0);
    let worker = Worker::new(stage.kit.platform.log.clone(), Arc::new(stage.kit.clock.clone()), "test", handler);
    let working = tokio::spawn(worker.run(stopped.clone()));
    for k in 0..20 {
        incoming(&stage, one, &format!("3A{k:02}")).await;
    }
    // It has as many calls as an unknown receiver may have at once.
    assert_eq!(slow.wait_for(8).await.len(), 8);
    for k in 0..20 {
        incoming(&stage, two, &format!("3B{k:02}")).await;
    }
    quick.wait_for(20).await;
    assert_eq!(slow.received().len(), 8, "no more meanwhile");
    // Eight calls hang: were a connection or a transaction held during one, this moment would never come.
    let pool = stage.kit.platform.pool();
    let nothing_held = async {
        loop {
            let open: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL",
            )
            .fetch_one(pool)
            .await
            .unwrap();
            if open == 0 && usize::try_from(pool.size()).unwrap() == pool.num_idle() {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Wall::from_secs(8), nothing_held).await.unwrap();
    assert_eq!(slow.received().len(), 8, "still under way");
    stop.send_replace(true);
    working.abort();
    drop(tokio::join!(reading, working));
}

#[tokio::test]
async fn the_instances_token_travels_only_when_its_owner_asks() {
    let receiver = Receiver::start().await;
    let stage = Stage::with(local()).await;
    let id = told_to(&stage, &receiver).await;
    many(&stage, id, "3A", 1).await;
    deliver(&stage).await;
    let change = WebhookChange { send_instance_token: Some(true), ..WebhookChange::default() };
    stage.messaging.change_webhooks(stage.meta(), id, change).await.unwrap();
    many(&stage, id, "3B", 1).await;
    deliver(&stage).await;
    let received = receiver.received();
    assert!(!received[0].headers.contains_key("z-api-token"));
    let token = stage.messaging.show_token(stage.account, id).await.unwrap();
    assert_eq!(received[1].headers["z-api-token"].to_str().unwrap(), token.expose());
    let secret = stage.messaging.webhook_secret(stage.account, id).await.unwrap();
    assert!(received.iter().all(|request| request.headers["x-token"].to_str().unwrap() == secret.expose()));
}
