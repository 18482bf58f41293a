//! Trials, subscriptions, ends of service.

use chrono::Duration;
use recado_event_store::work;
use recado_messaging::{Connection, MessagingError, PaymentStatus};

use crate::stage::Stage;

#[tokio::test]
async fn the_trial_ends_after_48_hours_to_the_second_and_once() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    stage.later(Duration::hours(48) - Duration::seconds(1)).await;
    assert_eq!(stage.count("instance.trial_expired").await, 0);
    assert!(stage.send(id, "ainda dá").await.is_ok());
    stage.later(Duration::seconds(1)).await;
    assert_eq!(stage.count("instance.trial_expired").await, 1);
    let view = stage.messaging.instance(stage.account, id).await.unwrap();
    assert_eq!((view.connection, view.number.clone()), (Connection::Disconnected, None));
    assert_eq!(view.payment_status(stage.kit.platform.now()), PaymentStatus::Pending);
    assert!(!work::lane_state(stage.kit.platform.pool(), "send", &id.to_string()).await.unwrap().open);
    assert!(matches!(stage.send(id, "tarde demais").await, Err(MessagingError::SubscribeAgain)));
    assert!(matches!(stage.pair(id, "5562900000001").await, Err(MessagingError::SubscribeAgain)));
    stage.later(Duration::hours(48)).await;
    assert_eq!(stage.count("instance.trial_expired").await, 1);
}

#[tokio::test]
async fn sending_stops_at_the_end_of_the_trial_even_if_the_timer_is_late() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.kit.clock.advance(Duration::hours(48));
    assert!(matches!(stage.send(id, "oi").await, Err(MessagingError::SubscribeAgain)));
    assert_eq!(stage.count("instance.trial_expired").await, 0);
}

#[tokio::test]
async fn a_subscription_one_minute_before_the_end_saves_the_instance() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.later(Duration::hours(48) - Duration::minutes(1)).await;
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.later(Duration::hours(2)).await;
    assert_eq!(stage.count("instance.trial_expired").await, 0);
    let view = stage.messaging.instance(stage.account, id).await.unwrap();
    assert_eq!(view.payment_status(stage.kit.platform.now()), PaymentStatus::Paid);
    assert!(stage.send(id, "oi").await.is_ok());
    assert!(work::counts(stage.kit.platform.pool()).await.unwrap().iter().all(|(topic, _)| topic != "instance_timer"));
}

#[tokio::test]
async fn two_tabs_subscribe_once() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let tabs = (0..8).map(|_| stage.messaging.subscribe(stage.meta(), id, None));
    let answers: Vec<_> = futures::future::join_all(tabs).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.changed).count(), 1);
    assert_eq!(stage.count("instance.subscribed").await, 1);
}

#[tokio::test]
async fn two_processes_subscribe_once() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let other = recado_messaging::Messaging::new(stage.kit.another_process(), stage.messaging.settings().clone());
    let (here, there) = tokio::join!(stage.messaging.subscribe(stage.meta(), id, None), other.subscribe(stage.meta(), id, None));
    assert!(here.unwrap().changed ^ there.unwrap().changed);
    assert_eq!(stage.count("instance.subscribed").await, 1);
}

#[tokio::test]
async fn a_cancelled_subscription_serves_30_more_days() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    assert!(matches!(stage.messaging.cancel_subscription(stage.meta(), id).await, Err(MessagingError::NotSubscribed)));
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.pair(id, "5562900000001").await.unwrap();
    stage.messaging.cancel_subscription(stage.meta(), id).await.unwrap();
    assert!(!stage.messaging.cancel_subscription(stage.meta(), id).await.unwrap().changed);
    stage.later(Duration::days(30) - Duration::seconds(1)).await;
    let now = stage.kit.platform.now();
    let view = stage.messaging.instance(stage.account, id).await.unwrap();
    assert_eq!(view.payment_status(now), PaymentStatus::Canceling);
    assert_eq!(view.due(now), now + Duration::seconds(1));
    stage.later(Duration::seconds(1)).await;
    assert_eq!(stage.count("instance.service_ended").await, 1);
    let view = stage.messaging.instance(stage.account, id).await.unwrap();
    assert_eq!(view.payment_status(stage.kit.platform.now()), PaymentStatus::Canceled);
    assert_eq!(view.connection, Connection::Disconnected);
    // It may be taken up again, with a new QR code.
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.pair(id, "5562900000001").await.unwrap();
    stage.catch_up().await;
    assert!(work::lane_state(stage.kit.platform.pool(), "send", &id.to_string()).await.unwrap().open);
}

#[tokio::test]
async fn a_taken_back_cancellation_has_no_end() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.messaging.cancel_subscription(stage.meta(), id).await.unwrap();
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.later(Duration::days(31)).await;
    assert_eq!(stage.count("instance.service_ended").await, 0);
    assert!(stage.send(id, "oi").await.is_ok());
}
