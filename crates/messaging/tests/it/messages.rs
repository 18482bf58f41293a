//! The queue and what becomes of messages.

use recado_kernel::{CommandId, WireId};
use recado_messaging::{
    AcceptMessage, BeginSending, Direction, Incoming, InstanceSettings, MessageContent, MessageStatus, MessagingError,
    MessagingSettings, QueuePage, Receipt,
};

use crate::stage::Stage;

const TEXT: &str = "texto muito reservado";

#[tokio::test]
async fn messages_wait_in_order_and_can_be_cancelled() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let mut sent = vec![];
    for n in 1..=5 {
        sent.push(stage.send(id, &format!("mensagem {n}")).await.unwrap());
    }
    let page = QueuePage { limit: 3, ..QueuePage::default() };
    let first = stage.messaging.queue(stage.account, id, page).await.unwrap();
    let second = stage.messaging.queue(stage.account, id, QueuePage { after: first.next, ..page }).await.unwrap();
    let texts: Vec<String> = first
        .items
        .iter()
        .chain(&second.items)
        .filter_map(|item| item.content.as_ref().map(|content| content.as_text().to_owned()))
        .collect();
    assert_eq!(texts, ["mensagem 1", "mensagem 2", "mensagem 3", "mensagem 4", "mensagem 5"]);
    assert_eq!(second.items.iter().map(|item| item.position).collect::<Vec<_>>(), [4, 5]);
    assert!(first.next.is_some() && second.next.is_none());
    assert_eq!(first.items[0].wire_id, sent[0].wire_id);
    assert!(first.items[0].trial && first.items[0].phone == "5562911112222".parse().ok());

    assert!(stage.messaging.cancel_message(stage.meta(), id, sent[1].message).await.unwrap());
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 4);
    assert!(stage.messaging.message_content(stage.account, sent[1].message).await.unwrap().is_none());
    let unknown = recado_kernel::MessageId::from_uuid(stage.kit.platform.new_uuid());
    assert!(!stage.messaging.cancel_message(stage.meta(), id, unknown).await.unwrap());
    assert_eq!(stage.messaging.cancel_all_messages(stage.meta(), id).await.unwrap(), 4);
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 0);
}

#[tokio::test]
async fn the_same_command_is_accepted_once() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let access = stage.access(id).await;
    let command_id = Some(CommandId::from_uuid(stage.kit.platform.new_uuid()));
    let text = || AcceptMessage { command_id, ..AcceptMessage::text("5562911112222".parse().unwrap(), "oi") };
    let first = stage.messaging.accept(&access, text()).await.unwrap();
    let second = stage.messaging.accept(&access, text()).await.unwrap();
    assert_eq!((&first.message, &first.wire_id), (&second.message, &second.wire_id));
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 1);
}

#[tokio::test]
async fn the_queue_of_a_disconnected_instance_is_bounded() {
    let stage = Stage::with(MessagingSettings { disconnected_queue_limit: 3, ..MessagingSettings::default() }).await;
    let id = stage.instance().await;
    for _ in 0..3 {
        stage.send(id, "oi").await.unwrap();
    }
    assert!(matches!(stage.send(id, "oi").await, Err(MessagingError::QueueFull { limit: 3 })));
    let settings = InstanceSettings { disable_enqueue_when_disconnected: true, ..InstanceSettings::default() };
    stage.messaging.change_settings(stage.meta(), id, settings).await.unwrap();
    stage.catch_up().await;
    assert!(matches!(stage.send(id, "oi").await, Err(MessagingError::NotConnected)));
    stage.pair(id, "5562900000001").await.unwrap();
    stage.catch_up().await;
    assert!(stage.send(id, "oi").await.is_ok());
}

#[tokio::test]
async fn texts_that_cannot_be_sent_are_refused() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    for bad in [String::new(), "x".repeat(70 * 1024), "a\0b".to_owned()] {
        assert!(matches!(stage.send(id, &bad).await, Err(MessagingError::Text(_))));
    }
    assert_eq!(stage.count("message.accepted").await, 0);
}

#[tokio::test]
async fn a_message_goes_out_and_its_receipts_come_back_in_any_order() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    let sent = stage.send(id, TEXT).await.unwrap();
    let begun = stage.messaging.begin_sending(stage.account, id, sent.message, 1, None).await.unwrap();
    let BeginSending::Go(outgoing) = begun else { unreachable!("the message waits") };
    assert_eq!((outgoing.content.as_text(), &outgoing.wire_id), (TEXT, &sent.wire_id));
    assert!(!stage.messaging.cancel_message(stage.meta(), id, sent.message).await.unwrap());
    // The receipt is faster than the read model, and out of order.
    for receipt in [Receipt::Read, Receipt::Sent, Receipt::Received, Receipt::Read] {
        assert!(stage.messaging.record_receipt(&stage.fact(id), &sent.wire_id, receipt).await.unwrap().is_some());
        stage.catch_up().await;
    }
    let told = stage.told(stage.account).await;
    assert_eq!(told[told.len() - 3..], ["message.sending", "message.sent", "message.read"]);
    let view = stage.messaging.message(stage.account, sent.message).await.unwrap().unwrap();
    assert_eq!((view.status, view.attempts), (MessageStatus::Read, 1));
    assert!(view.sent_at.is_some() && view.read_at.is_some());
    assert!(stage.messaging.message_content(stage.account, sent.message).await.unwrap().is_none());
    assert!(matches!(stage.messaging.begin_sending(stage.account, id, sent.message, 2, None).await.unwrap(), BeginSending::Skip));
    let foreign = WireId::parse("3EB0NOTOURS").unwrap();
    assert!(stage.messaging.record_receipt(&stage.fact(id), &foreign, Receipt::Read).await.unwrap().is_none());
    let found = stage.messaging.find_messages(&sent.message.zaap_id()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(stage.messaging.find_messages("5562911112222").await.unwrap().len(), 1);
    assert_eq!(stage.messaging.find_messages(sent.wire_id.as_str()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_message_loses_its_content() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let sent = stage.send(id, "oi").await.unwrap();
    stage.messaging.record_refused(&stage.fact(id), sent.message, "not_on_whatsapp").await.unwrap();
    stage.catch_up().await;
    let view = stage.messaging.message(stage.account, sent.message).await.unwrap().unwrap();
    assert_eq!((view.status, view.reason.as_deref()), (MessageStatus::Refused, Some("not_on_whatsapp")));
    assert!(stage.messaging.message_content(stage.account, sent.message).await.unwrap().is_none());
}

#[tokio::test]
async fn an_incoming_message_is_stored_once() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    let incoming = Incoming {
        sender_name: Some("Ana Clara".to_owned()),
        ..Incoming::from_person(
            WireId::parse("3A0011223344").unwrap(),
            "5562933334444".parse().unwrap(),
            MessageContent::text("bom dia"),
        )
    };
    let first = stage.messaging.record_incoming(&stage.fact(id), incoming.clone()).await.unwrap();
    let second = stage.messaging.record_incoming(&stage.fact(id), incoming).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(stage.count("message.incoming").await, 1);
    let content = stage.messaging.message_content(stage.account, first).await.unwrap().unwrap();
    assert_eq!(content.as_text(), "bom dia");
    stage.catch_up().await;
    let view = stage.messaging.message(stage.account, first).await.unwrap().unwrap();
    assert_eq!(view.direction, Direction::In);
}

#[tokio::test]
async fn neither_text_nor_number_is_stored_in_clear() {
    let stage = Stage::start().await;
    let created = stage.messaging.create_instance(stage.meta(), "Vendas".parse().unwrap()).await.unwrap();
    stage.pair(created.id, "5562900000001").await.unwrap();
    stage.send(created.id, TEXT).await.unwrap();
    let incoming = Incoming {
        sender_name: Some("Ana Clara".to_owned()),
        ..Incoming::from_person(
            WireId::parse("3A0011223344").unwrap(),
            "5562933334444".parse().unwrap(),
            MessageContent::text(TEXT),
        )
    };
    stage.messaging.record_incoming(&stage.fact(created.id), incoming).await.unwrap();
    stage.catch_up().await;
    let tables = ["events", "work", "work_lane", "command_log", "claim", "content", "subject_key"];
    let everything = stage.kit.dump(&tables).await;
    for secret in [TEXT, "5562900000001", "5562911112222", "5562933334444", "Ana Clara", created.token.expose().as_str()] {
        assert!(!everything.contains(secret), "{secret} is stored in clear");
    }
}

#[tokio::test]
async fn a_message_that_comes_in_before_the_read_model_knows_the_instance_is_not_lost() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let incoming = Incoming::from_person(
        WireId::parse("3EB0AABBCCDDEEFF0099").unwrap(),
        "5562911112222".parse().unwrap(),
        MessageContent::text("cheguei cedo"),
    );
    stage.messaging.record_incoming(&stage.fact(id), incoming.clone()).await.unwrap();
    assert_eq!(stage.count("message.incoming").await, 1);
    let elsewhere = recado_kernel::InstanceId::from_uuid(stage.kit.platform.new_uuid());
    let unknown = stage.messaging.record_incoming(&stage.fact(elsewhere), incoming).await;
    assert!(matches!(unknown, Err(MessagingError::InstanceNotFound)));
}

#[tokio::test]
async fn the_text_of_an_uncertain_message_does_not_stay_for_ever() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    let sent = stage.send(id, TEXT).await.unwrap();
    stage.messaging.begin_sending(stage.account, id, sent.message, 1, None).await.unwrap();
    stage.messaging.record_uncertain(&stage.fact(id), sent.message, "no_answer").await.unwrap();
    assert!(stage.messaging.message_content(stage.account, sent.message).await.unwrap().is_some());
    let later = stage.kit.platform.now() + chrono::Duration::hours(73);
    stage.kit.platform.vault.sweep_expired(later).await.unwrap();
    assert!(stage.messaging.message_content(stage.account, sent.message).await.unwrap().is_none());
}
