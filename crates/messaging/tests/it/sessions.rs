//! Pairing, numbers, tokens, webhooks.

use recado_event_store::work;
use recado_kernel::{CommandMeta, PhoneNumber};
use recado_messaging::{Connection, DisconnectReason, MessagingError, MessagingSettings, WebhookKind};

use crate::stage::Stage;

#[tokio::test]
async fn a_number_is_live_on_one_instance() {
    let stage = Stage::start().await;
    let (first, second) = (stage.instance().await, stage.instance().await);
    stage.pair(first, "5562900000001").await.unwrap();
    assert!(matches!(stage.pair(second, "5562900000001").await, Err(MessagingError::NumberInUse)));
    // A lost connection keeps the number, a logout frees it.
    stage.messaging.record_disconnected(&stage.fact(first), DisconnectReason::ConnectionLost).await.unwrap();
    assert!(matches!(stage.pair(second, "5562900000001").await, Err(MessagingError::NumberInUse)));
    stage.messaging.record_reconnected(&stage.fact(first)).await.unwrap();
    stage.messaging.disconnect(stage.meta(), first).await.unwrap();
    assert!(stage.pair(second, "5562900000001").await.unwrap().changed);
}

#[tokio::test]
async fn exchanging_the_number_moves_the_claim() {
    let stage = Stage::start().await;
    let (first, second) = (stage.instance().await, stage.instance().await);
    stage.pair(first, "5562900000001").await.unwrap();
    stage.pair(first, "5562900000002").await.unwrap();
    stage.pair(first, "5562900000002").await.unwrap();
    stage.pair(second, "5562900000001").await.unwrap();
    assert!(matches!(stage.pair(second, "5562900000002").await, Err(MessagingError::NumberInUse)));
    stage.catch_up().await;
    let view = stage.messaging.instance(stage.account, first).await.unwrap();
    assert_eq!(view.number, "5562900000002".parse::<PhoneNumber>().ok());
}

#[tokio::test]
async fn the_queues_lane_follows_the_session() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let open = async || {
        stage.catch_up().await;
        work::lane_state(stage.kit.platform.pool(), "send", &id.to_string()).await.unwrap().open
    };
    assert!(!open().await);
    stage.messaging.start_pairing(stage.meta(), id).await.unwrap();
    assert!(!open().await);
    stage.pair(id, "5562900000001").await.unwrap();
    assert!(open().await);
    stage.messaging.record_disconnected(&stage.fact(id), DisconnectReason::ConnectionLost).await.unwrap();
    assert!(!open().await);
    assert_eq!(stage.messaging.instance(stage.account, id).await.unwrap().connection, Connection::Lost);
    stage.messaging.restore_session(stage.meta(), id).await.unwrap();
    stage.messaging.record_reconnected(&stage.fact(id)).await.unwrap();
    assert!(open().await);
}

#[tokio::test]
async fn a_repeated_report_is_recorded_once() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let fact = stage.fact(id);
    let number: PhoneNumber = "5562900000001".parse().unwrap();
    assert!(stage.messaging.record_paired(&fact, &number).await.unwrap().changed);
    stage.messaging.disconnect(stage.meta(), id).await.unwrap();
    assert!(!stage.messaging.record_paired(&fact, &number).await.unwrap().changed);
    assert_eq!(stage.count("instance.paired").await, 1);
}

#[tokio::test]
async fn a_repeated_creation_makes_one_instance_with_one_token() {
    let stage = Stage::start().await;
    let meta = stage.meta();
    let first = stage.messaging.create_instance(meta.clone(), "Vendas".parse().unwrap()).await.unwrap();
    let second = stage.messaging.create_instance(CommandMeta { ..meta }, "Vendas".parse().unwrap()).await.unwrap();
    assert_eq!(first.id, second.id);
    assert_eq!(first.token.expose(), second.token.expose());
    assert_eq!(stage.count("instance.created").await, 1);
}

#[tokio::test]
async fn the_token_opens_the_instance_until_it_is_rotated() {
    let stage = Stage::start().await;
    let created = stage.messaging.create_instance(stage.meta(), "Vendas".parse().unwrap()).await.unwrap();
    let (id, token) = (created.id.public(), created.token.expose().clone());
    assert!(token.len() == 24 && token.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)));
    // Before the read model has seen it, and after.
    for _ in 0..2 {
        assert_eq!(
            stage.messaging.find_instance_by_token(&id, &token).await.unwrap().map(|access| access.instance()),
            Some(created.id)
        );
        assert!(stage.messaging.find_instance_by_token(&id.to_lowercase(), &token).await.unwrap().is_some());
        assert!(stage.messaging.find_instance_by_token(&id, "000000000000000000000000").await.unwrap().is_none());
        assert!(stage.messaging.find_instance_by_token("nonsense", &token).await.unwrap().is_none());
        stage.catch_up().await;
    }
    assert_eq!(stage.messaging.show_token(stage.account, created.id).await.unwrap().expose(), &token);
    let (fresh, _) = stage.messaging.rotate_token(stage.meta(), created.id).await.unwrap();
    stage.catch_up().await;
    assert!(stage.messaging.find_instance_by_token(&id, &token).await.unwrap().is_none());
    assert!(stage.messaging.find_instance_by_token(&id, fresh.expose()).await.unwrap().is_some());
}

#[tokio::test]
async fn webhooks_must_be_https_unless_local_receivers_are_allowed() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let set = |url| stage.messaging.set_webhook(stage.meta(), id, WebhookKind::Received, Some(url));
    assert!(matches!(set("http://example.com/").await, Err(MessagingError::WebhookUrl(_))));
    assert!(set("https://example.com/").await.unwrap().changed);
    assert!(!set("https://example.com/").await.unwrap().changed);
    assert!(set("").await.unwrap().changed);
    let local = Stage::with(MessagingSettings { allow_local_webhooks: true, ..MessagingSettings::default() }).await;
    let id = local.instance().await;
    local.messaging.set_every_webhook(local.meta(), id, Some("http://127.0.0.1:1/"), Some(true)).await.unwrap();
    local.catch_up().await;
    let view = local.messaging.instance(local.account, id).await.unwrap();
    assert!(view.notify_sent_by_me);
    assert!(WebhookKind::ALL.iter().all(|kind| view.webhooks.get(*kind).is_some()));
}

#[tokio::test]
async fn the_read_model_says_what_the_log_says() {
    let stage = Stage::start().await;
    let (messaging, id) = (&stage.messaging, stage.instance().await);
    let agree = async |connection: Connection| {
        stage.catch_up().await;
        let view = messaging.instance(stage.account, id).await.unwrap();
        assert_eq!(view.connection, connection);
        assert_eq!(messaging.instance_from_log(id).await.unwrap(), Some(view));
    };
    messaging.start_pairing(stage.meta(), id).await.unwrap();
    agree(Connection::Pairing).await;
    stage.pair(id, "5562900000001").await.unwrap();
    messaging.rename_instance(stage.meta(), id, "Suporte".parse().unwrap()).await.unwrap();
    agree(Connection::Connected).await;
    messaging.record_disconnected(&stage.fact(id), DisconnectReason::ConnectionLost).await.unwrap();
    messaging.subscribe(stage.meta(), id, None).await.unwrap();
    agree(Connection::Lost).await;
    messaging.start_pairing(stage.meta(), id).await.unwrap();
    messaging.record_disconnected(&stage.fact(id), DisconnectReason::PairingAbandoned).await.unwrap();
    agree(Connection::Lost).await;
    messaging.cancel_subscription(stage.meta(), id).await.unwrap();
    stage.later(chrono::Duration::days(30)).await;
    agree(Connection::Disconnected).await;
}
