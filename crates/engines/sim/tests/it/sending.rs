use chrono::Duration;
use recado_engine_sim::SimError;
use recado_event_store::{Projector, Worker};
use recado_kernel::{MessageId, WireId};
use recado_messaging::engine::{Handoff, Outgoing, SessionEngine as _};
use recado_messaging::{MessageContent, MessageStatus, WebhookKind};

use crate::world::*;

#[tokio::test]
async fn accepted_delivered_and_read_arrive_one_after_the_other() {
    let world = World::connected(None).await;
    let sent = world.send(OTHER, "Olá, tudo bem?").await;
    world.settle().await;
    assert_eq!(world.story(&sent).await, ["message.accepted", "message.sending", "message.sent"]);
    world.pass(Duration::milliseconds(300)).await;
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.received");
    world.sim.read(world.instance, sent.wire_id.as_str()).await.unwrap();
    world.settle().await;
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.read");
    let view = world.messaging.message(world.account, sent.message).await.unwrap().unwrap();
    assert_eq!(view.status, MessageStatus::Read);
    let shown = world.sim.messages(Some(world.account), OTHER, OWN).await.unwrap();
    assert_eq!((shown[0].text.as_str(), shown[0].own, shown[0].read_at.is_some()), ("Olá, tudo bem?", false, true));
}

#[tokio::test]
async fn the_text_is_nowhere_in_clear_and_gone_from_the_vault_once_sent() {
    let world = World::connected(None).await;
    let text = "segredo-da-padaria-7391";
    let sent = world.send(OTHER, text).await;
    world.settle().await;
    world.sim.say(world.instance, &phone(OTHER), text).await.unwrap();
    world.pass(Duration::seconds(1)).await;
    let tables: Vec<String> = sqlx::query_scalar("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&world.t.database.pool)
        .await
        .unwrap();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    assert!(!world.t.dump(&tables).await.contains(text));
    assert_eq!(world.messaging.message_content(world.account, sent.message).await.unwrap(), None);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM content").fetch_one(&world.t.database.pool).await.unwrap();
    assert_eq!(left, 0, "nobody is configured to hear of the incoming message");
}

#[tokio::test]
async fn messages_arrive_in_the_order_they_were_sent() {
    let world = World::connected(None).await;
    for n in 0..20 {
        world.send(OTHER, &format!("mensagem {n}")).await;
    }
    world.settle().await;
    world.pass(Duration::seconds(1)).await;
    let texts: Vec<String> =
        world.sim.messages(None, OTHER, OWN).await.unwrap().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, (0..20).map(|n| format!("mensagem {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_same_wire_id_is_one_message() {
    let world = World::connected(None).await;
    let engine = recado_engine_sim::SimEngine::new(world.t.platform.clone());
    let outgoing = Outgoing {
        account: world.account,
        instance: world.instance,
        message: MessageId::from_uuid(world.t.platform.new_uuid()),
        wire_id: WireId::parse("3EB0AABBCCDDEEFF0011").unwrap(),
        attempt: 1,
        to: OTHER.parse().unwrap(),
        content: MessageContent::text("uma vez"),
        reply_to: None,
        typing: std::time::Duration::ZERO,
    };
    for attempt in 1..=3 {
        assert_eq!(engine.send(Outgoing { attempt, ..outgoing.clone() }).await.unwrap(), Handoff::Accepted);
    }
    world.pass(Duration::seconds(1)).await;
    assert_eq!(world.sim.messages(None, OTHER, OWN).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_crash_between_the_mark_and_the_record_sends_once() {
    let world = World::connected(None).await;
    let sent = world.send(OTHER, "uma vez só").await;
    // The first process marks, hands over, and dies before it records.
    let marked = world.messaging.begin_sending(world.account, world.instance, sent.message, 1, None).await.unwrap();
    let recado_messaging::BeginSending::Go(message) = marked else { unreachable!("it waits") };
    let outgoing = Outgoing {
        account: world.account,
        instance: world.instance,
        message: message.message,
        wire_id: message.wire_id.clone(),
        attempt: 1,
        to: message.to.clone(),
        content: message.content.clone(),
        reply_to: None,
        typing: std::time::Duration::ZERO,
    };
    world.messaging.engine().unwrap().send(outgoing).await.unwrap();
    // Another one takes over.
    let (messaging, sim) = process(world.t.another_process());
    let handlers: Vec<_> = messaging.handlers().into_iter().chain(sim.handlers()).collect();
    world.t.settle(&messaging.projections(), &handlers).await;
    world.t.clock.advance(Duration::seconds(1));
    world.t.settle(&messaging.projections(), &handlers).await;
    assert_eq!(sim.messages(None, OTHER, OWN).await.unwrap().len(), 1);
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.received");
}

#[tokio::test]
async fn a_restart_resumes_where_the_last_process_stopped() {
    let world = World::connected(None).await;
    let sent = world.send(OTHER, "antes da queda").await;
    world.settle().await;
    let (messaging, sim) = process(world.t.another_process());
    let handlers: Vec<_> = messaging.handlers().into_iter().chain(sim.handlers()).collect();
    world.t.clock.advance(Duration::seconds(1));
    world.t.settle(&messaging.projections(), &handlers).await;
    sim.read(world.instance, &sent.message.zaap_id()).await.unwrap();
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.read");
    assert_eq!(sim.phones(Some(world.account)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn numbers_misbehave_as_announced() {
    let world = World::connected(None).await;
    let nobody = world.send("5562900000404", "?").await;
    let restricted = world.send("5562900000463", "?").await;
    let silent = world.send("5562900000131", "?").await;
    let chatty = world.send("5562911110001", "?").await;
    world.settle().await;
    world.pass(Duration::seconds(1)).await;
    assert_eq!(world.story(&nobody).await.last().unwrap(), "message.refused");
    assert_eq!(world.story(&restricted).await.last().unwrap(), "message.refused");
    assert_eq!(world.story(&silent).await.last().unwrap(), "message.received");
    assert!(matches!(world.sim.read(world.instance, silent.wire_id.as_str()).await, Err(SimError::NeverReads)));
    assert_eq!(world.story(&chatty).await.last().unwrap(), "message.read");
    assert_eq!(world.sim.messages(None, OWN, "5562911110001").await.unwrap().len(), 2, "it has answered");
    let dropped = world.send("5562900000515", "?").await;
    world.settle().await;
    world.pass(Duration::seconds(5)).await;
    assert_eq!(world.story(&dropped).await.last().unwrap(), "message.received");
    assert_eq!(world.connection().await, recado_messaging::Connection::Connected, "the line came back");
}

#[tokio::test]
async fn a_phone_that_is_off_gets_its_messages_later() {
    let world = World::connected(None).await;
    world.sim.switch_phone(world.account, &phone(OTHER), false).await.unwrap();
    let sent = world.send(OTHER, "para depois").await;
    world.settle().await;
    world.pass(Duration::hours(1)).await;
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.sent");
    assert!(world.sim.chats(None, OTHER).await.unwrap().is_empty());
    world.sim.switch_phone(world.account, &phone(OTHER), true).await.unwrap();
    assert_eq!(world.story(&sent).await.last().unwrap(), "message.received");
    assert_eq!(world.sim.chats(None, OTHER).await.unwrap()[0].unread, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_running_processes_share_the_queue_and_keep_its_order() {
    let receiver = recado_testkit::Receiver::start().await;
    let world = World::connected(None).await;
    let url = receiver.url();
    world.messaging.set_webhook(world.meta(), world.instance, WebhookKind::Delivery, Some(&url)).await.unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut tasks = Vec::new();
    for name in ["first", "second"] {
        let platform = world.t.another_process();
        let (messaging, sim) = process(platform.clone());
        let projector = messaging.projections().into_iter().fold(Projector::new(platform.log.clone()), Projector::with);
        tasks.push(tokio::spawn(projector.run(stopped.clone())));
        for handler in messaging.handlers().into_iter().chain(sim.handlers()) {
            let worker = Worker::new(platform.log.clone(), platform.clock.clone(), name, handler);
            tasks.push(tokio::spawn(worker.run(stopped.clone())));
        }
    }
    for n in 0..30 {
        world.send(OTHER, &format!("mensagem {n}")).await;
    }
    receiver.wait_for(30).await;
    stop.send_replace(true);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(receiver.received().len(), 30, "each was told once");
    world.pass(Duration::seconds(1)).await;
    let texts: Vec<String> =
        world.sim.messages(None, OTHER, OWN).await.unwrap().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, (0..30).map(|n| format!("mensagem {n}")).collect::<Vec<_>>());
}
