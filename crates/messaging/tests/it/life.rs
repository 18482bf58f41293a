//! The life of an instance beyond its subscription: born whole, limited, suspended, deleted.

use chrono::Duration;
use futures::future::join_all;
use recado_event_store::work;
use recado_messaging::{
    Connection, DeletionReason, FIRST_TOKEN_INSTANCES, InstanceSettings, MessagingError, NewInstance, PaymentStatus,
    WebhookChange, WebhookKind,
};

use crate::stage::Stage;

fn limited() -> NewInstance {
    NewInstance { within_first_token: true, ..NewInstance::named("Loja".parse().unwrap()) }
}

#[tokio::test]
async fn everything_an_instance_is_born_with_is_one_step() {
    let stage = Stage::start().await;
    let url = stage.messaging.webhook_url(Some("https://example.com/r")).unwrap();
    let new = NewInstance {
        webhooks: WebhookChange::one(WebhookKind::Received, url.clone()),
        settings: InstanceSettings { auto_read_message: true, ..InstanceSettings::default() },
        ..NewInstance::named("Loja".parse().unwrap())
    };
    let meta = stage.meta();
    let born = stage.messaging.create_instance_with(meta.clone(), new.clone()).await.unwrap();
    // The answer was lost: the client asks again under the same id.
    let again = stage.messaging.create_instance_with(meta, new).await.unwrap();
    assert_eq!((born.id, born.token.expose()), (again.id, again.token.expose()));
    let wanted = ["instance.created", "instance.webhooks_changed", "instance.settings_changed"];
    assert_eq!(stage.told(stage.account).await, wanted);
    let commands: i64 = sqlx::query_scalar("SELECT count(DISTINCT command_id) FROM events WHERE account_id = $1")
        .bind(stage.account.as_uuid())
        .fetch_one(stage.kit.platform.pool())
        .await
        .unwrap();
    assert_eq!(commands, 1, "one command, so one append");
    stage.catch_up().await;
    let view = stage.messaging.instance(stage.account, born.id).await.unwrap();
    assert_eq!((view.webhooks.received, view.settings.auto_read_message), (url, true));
}

#[tokio::test]
async fn the_limit_of_the_first_token_holds_under_parallel_requests_of_two_processes() {
    let stage = Stage::start().await;
    stage.instance().await;
    let other = recado_messaging::Messaging::new(stage.kit.another_process(), stage.messaging.settings().clone());
    let requests = (0..40).map(|n| {
        let process = if n % 2 == 0 { &stage.messaging } else { &other };
        process.create_instance_with(stage.meta(), limited())
    });
    let answers = join_all(requests).await;
    let made: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(made.len(), FIRST_TOKEN_INSTANCES - 1, "one existed");
    let refused = answers.iter().filter(|answer| matches!(answer, Err(MessagingError::InstanceLimit))).count();
    assert_eq!(refused, 40 - made.len());
    assert_eq!(stage.count("instance.created").await, FIRST_TOKEN_INSTANCES);
    // Without the limit there is one more, and a deleted one makes room.
    stage.instance().await;
    assert!(matches!(stage.messaging.create_instance_with(stage.meta(), limited()).await, Err(MessagingError::InstanceLimit)));
    for gone in &made[..2] {
        stage.messaging.delete_instance(stage.meta(), gone.id, DeletionReason::User).await.unwrap();
    }
    stage.catch_up().await;
    assert!(stage.messaging.create_instance_with(stage.meta(), limited()).await.is_ok());
}

#[tokio::test]
async fn an_unpaid_trial_is_deleted_in_time_with_what_was_queued() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.send(id, "nunca saiu").await.unwrap();
    stage.pair(id, "5562900000001").await.unwrap();
    stage.later(Duration::hours(48)).await;
    let patience = Duration::hours(stage.messaging.settings().delete_unpaid_after_hours);
    stage.later(patience - Duration::seconds(1)).await;
    assert_eq!(stage.count("instance.deleted").await, 0);
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 1);
    stage.later(Duration::seconds(1)).await;
    assert_eq!(stage.count("instance.deleted").await, 1);
    let cleanups: Vec<_> =
        stage.messaging.handlers().into_iter().filter(|handler| handler.topic() == "instance_cleanup").collect();
    stage.kit.drain(&cleanups).await;
    stage.catch_up().await;
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 0);
    assert!(stage.kit.dump(&["content"]).await.is_empty(), "the text is gone");
    assert!(matches!(stage.messaging.instance(stage.account, id).await, Err(MessagingError::InstanceNotFound)));
    assert!(stage.messaging.instances(stage.account).await.unwrap().is_empty());
    assert!(matches!(stage.messaging.subscribe(stage.meta(), id, None).await, Err(MessagingError::InstanceNotFound)));
    // Its number is free.
    let next = stage.instance().await;
    assert!(stage.pair(next, "5562900000001").await.is_ok());
}

#[tokio::test]
async fn whoever_subscribes_in_time_keeps_the_instance() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.later(Duration::hours(50)).await;
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.later(Duration::days(30)).await;
    assert_eq!(stage.count("instance.deleted").await, 0);
    assert!(stage.send(id, "oi").await.is_ok());
}

#[tokio::test]
async fn a_suspended_instance_waits_with_its_queue_and_goes_on() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.pair(id, "5562900000001").await.unwrap();
    stage.send(id, "espera").await.unwrap();
    stage.messaging.suspend_instance(stage.meta(), id).await.unwrap();
    assert!(!stage.messaging.suspend_instance(stage.meta(), id).await.unwrap().changed);
    stage.catch_up().await;
    let now = stage.kit.platform.now();
    let view = stage.messaging.instance(stage.account, id).await.unwrap();
    assert_eq!((view.payment_status(now), view.connection), (PaymentStatus::Pending, Connection::Lost));
    assert!(view.number.is_some(), "the link is kept");
    assert!(matches!(stage.send(id, "não").await, Err(MessagingError::SubscribeAgain)));
    assert!(!work::lane_state(stage.kit.platform.pool(), "send", &id.to_string()).await.unwrap().open);
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 1);
    stage.messaging.reactivate_instance(stage.meta(), id).await.unwrap();
    stage.messaging.record_reconnected(&stage.fact(id)).await.unwrap();
    stage.catch_up().await;
    assert!(work::lane_state(stage.kit.platform.pool(), "send", &id.to_string()).await.unwrap().open);
    assert!(stage.send(id, "segue").await.is_ok());
}

#[tokio::test]
async fn another_accounts_instance_cannot_be_ended() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let stranger = recado_kernel::AccountId::from_uuid(stage.kit.platform.new_uuid());
    let meta = || stage.meta_of(stranger);
    for refused in [
        stage.messaging.suspend_instance(meta(), id).await,
        stage.messaging.delete_instance(meta(), id, DeletionReason::User).await,
        stage.messaging.change_qr_rule(meta(), id, None).await,
    ] {
        assert!(matches!(refused, Err(MessagingError::InstanceNotFound)), "{refused:?}");
    }
}
