//! Another account's instance is like one that does not exist, whatever is asked.

use recado_kernel::{AccountId, Actor, Door};
use recado_messaging::{EngineFact, InstanceSettings, MessagingError, QueuePage, Receipt, WebhookKind};

use crate::stage::Stage;

#[tokio::test]
async fn every_door_says_not_found() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let sent = stage.send(id, "oi").await.unwrap();
    stage.catch_up().await;
    let before = stage.told(stage.account).await;
    let stranger = AccountId::from_uuid(stage.kit.platform.new_uuid());
    let (messaging, meta) = (&stage.messaging, || stage.meta_of(stranger));
    let name = || "Roubada".parse().unwrap();
    let fact = EngineFact { account: stranger, ..stage.fact(id) };
    let refusals: Vec<Result<(), MessagingError>> = vec![
        messaging.instance(stranger, id).await.map(drop),
        messaging.instance_access(stranger, id, Actor::Partner(stranger), Door::Api).await.map(drop),
        messaging.rename_instance(meta(), id, name()).await.map(drop),
        messaging.set_webhook(meta(), id, WebhookKind::Received, None).await.map(drop),
        messaging.set_every_webhook(meta(), id, None, Some(true)).await.map(drop),
        messaging.set_notify_sent_by_me(meta(), id, true).await.map(drop),
        messaging.change_settings(meta(), id, InstanceSettings::default()).await.map(drop),
        messaging.start_pairing(meta(), id).await.map(drop),
        messaging.disconnect(meta(), id).await.map(drop),
        messaging.restart(meta(), id).await.map(drop),
        messaging.restore_session(meta(), id).await.map(drop),
        messaging.subscribe(meta(), id, None).await.map(drop),
        messaging.cancel_subscription(meta(), id).await.map(drop),
        messaging.rotate_token(meta(), id).await.map(drop),
        messaging.show_token(stranger, id).await.map(drop),
        messaging.webhook_secret(stranger, id).await.map(drop),
        messaging.cancel_all_messages(meta(), id).await.map(drop),
        messaging.record_paired(&fact, &"5562900000009".parse().unwrap()).await.map(drop),
    ];
    for (n, refusal) in refusals.into_iter().enumerate() {
        assert!(matches!(refusal, Err(MessagingError::InstanceNotFound)), "{n}: {refusal:?}");
    }
    assert!(!messaging.cancel_message(meta(), id, sent.message).await.unwrap());
    assert!(messaging.message(stranger, sent.message).await.unwrap().is_none());
    assert!(messaging.message_content(stranger, sent.message).await.unwrap().is_none());
    assert!(messaging.queue(stranger, id, QueuePage::default()).await.unwrap().items.is_empty());
    assert_eq!(messaging.queue_count(stranger, id).await.unwrap(), 0);
    assert!(messaging.messages(stranger, id, None, 10).await.unwrap().is_empty());
    assert!(messaging.instances(stranger).await.unwrap().is_empty());
    assert!(messaging.record_receipt(&fact, &sent.wire_id, Receipt::Read).await.unwrap().is_none());
    assert_eq!(stage.told(stage.account).await, before);
    assert!(stage.told(stranger).await.is_empty());
}
