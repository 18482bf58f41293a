//! How long things are kept, and what may leave the log.

use recado_accounts::{Subject, SubjectHolder as _};
use recado_event_store::partitions;
use recado_kernel::WireId;
use recado_messaging::{Incoming, MessageContent};

use crate::stage::Stage;

#[tokio::test]
async fn an_incoming_message_sorts_by_its_moment_and_is_known_again_whenever_it_is_told() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    let incoming = |wire_id: &str| {
        Incoming::from_person(WireId::parse(wire_id).unwrap(), "5562933334444".parse().unwrap(), MessageContent::text("bom dia"))
    };
    let mut fact = stage.fact(id);
    fact.at = "2026-10-03T08:00:00Z".parse().unwrap();
    let message = stage.messaging.record_incoming(&fact, incoming("3A01")).await.unwrap();
    assert_eq!(recado_kernel::id::moment_of_uuid(message.as_uuid()), Some(fact.at));
    // WhatsApp gives it the same moment each time; an engine that does not is no reason to store it twice.
    fact.at += chrono::Duration::seconds(5);
    assert_eq!(stage.messaging.record_incoming(&fact, incoming("3A01")).await.unwrap(), message);
    assert_eq!(stage.count("message.incoming").await, 1);

    // Stored before ids carried a time.
    let timeless = recado_kernel::MessageId::derive(id.as_uuid(), "incoming/3A02");
    let second = stage.messaging.record_incoming(&fact, incoming("3A02")).await.unwrap();
    sqlx::query("UPDATE events SET aggregate_id = $1 WHERE aggregate_id = $2")
        .bind(timeless.to_string())
        .bind(second.to_string())
        .execute(&stage.kit.database.pool)
        .await
        .unwrap();
    sqlx::query("DELETE FROM command_log").execute(&stage.kit.database.pool).await.unwrap();
    assert_eq!(stage.messaging.record_incoming(&fact, incoming("3A02")).await.unwrap(), timeless);
    assert_eq!(stage.count("message.incoming").await, 2);
}

#[tokio::test]
async fn a_message_told_again_after_its_month_was_archived_is_not_stored_again() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    let incoming =
        Incoming::from_person(WireId::parse("3A03").unwrap(), "5562933334444".parse().unwrap(), MessageContent::text("bom dia"));
    let fact = stage.fact(id);
    let message = stage.messaging.record_incoming(&fact, incoming.clone()).await.unwrap();
    stage.catch_up().await;
    // As an archived and dropped month leaves it.
    let pool = &stage.kit.database.pool;
    let month = partitions::month_at(fact.at);
    sqlx::query("DELETE FROM events WHERE aggregate_id = $1").bind(message.to_string()).execute(pool).await.unwrap();
    sqlx::query("DELETE FROM command_log").execute(pool).await.unwrap();
    sqlx::query(
        "INSERT INTO message_archive (month, first_id, until_id, state, file, sha256) VALUES ($1, $2, $3, 'dropped', 'x', 'y')",
    )
    .bind(month.to_string())
    .bind(partitions::first_id(month))
    .bind(partitions::first_id(month.next()))
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(stage.messaging.record_incoming(&fact, incoming).await.unwrap(), message);
    assert_eq!(stage.count("message.incoming").await, 0);
}

#[tokio::test]
async fn erasing_a_contact_reaches_messages_whose_month_is_in_an_archive() {
    let stage = Stage::start().await;
    let pool = &stage.kit.database.pool;
    let id = stage.instance().await;
    let (archived, still_here) =
        (stage.send(id, "segredo").await.unwrap().message, stage.send(id, "outro").await.unwrap().message);
    stage.catch_up().await;
    // As an archived and dropped month leaves it, except that something living is left.
    sqlx::query("DELETE FROM events WHERE aggregate_id = $1").bind(archived.to_string()).execute(pool).await.unwrap();
    // And a message the read model has not seen yet.
    sqlx::query("DELETE FROM view_message WHERE message_id = $1").bind(still_here.as_uuid()).execute(pool).await.unwrap();
    sqlx::query(
        "WITH d AS (INSERT INTO webhook_delivery (id, account_id, instance_id, message_id, kind, callback, url, lane, payload, happened_at)
                    VALUES (gen_random_uuid(), $1, $2, $3, 'received', 'ReceivedCallback', 'https://x', 'x', '{}', now()) RETURNING id)
         INSERT INTO webhook_attempt (delivery_id, attempt, account_id, at, latency_ms, answer_protected)
         SELECT id, 1, $1, now(), 5, 'x' FROM d",
    )
    .bind(stage.account.as_uuid())
    .bind(id.as_uuid())
    .bind(archived.as_uuid())
    .execute(pool)
    .await
    .unwrap();
    let contact = Subject::Contact("5562911112222".parse().unwrap());
    let holdings = stage.messaging.holdings(stage.account, &contact).await.unwrap();
    assert!(holdings.contents.contains(&archived.as_uuid()) && holdings.contents.contains(&still_here.as_uuid()));
    let other = Subject::Contact("5562911113333".parse().unwrap());
    stage.messaging.let_go(&stage.meta(), &other).await.unwrap();
    let answers = || sqlx::query_scalar::<_, i64>("SELECT count(answer_protected) FROM webhook_attempt").fetch_one(pool);
    assert_eq!(answers().await.unwrap(), 1, "another contact's erasure leaves it");
    // The dropped month's messages wait for nothing.
    sqlx::query("DELETE FROM work WHERE id = $1").bind(archived.as_uuid()).execute(pool).await.unwrap();
    assert_eq!(stage.messaging.let_go(&stage.meta(), &contact).await.unwrap(), 1);
    assert_eq!(answers().await.unwrap(), 0);
}

#[tokio::test]
async fn an_owner_holds_every_number_that_was_ever_linked_until_it_is_forgotten() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    for number in ["5562900000001", "5562900000002", "5562900000001"] {
        stage.pair(id, number).await.unwrap();
        stage.messaging.record_disconnected(&stage.fact(id), recado_messaging::DisconnectReason::User).await.unwrap();
    }
    stage.catch_up().await;
    let numbers = || async {
        let holdings = stage.messaging.holdings(stage.account, &Subject::Owner).await.unwrap();
        holdings.own_numbers.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(numbers().await, ["5562900000001", "5562900000002"]);
    let now = stage.kit.platform.now();
    assert!(stage.kit.platform.vault.erase_subject(stage.account, "contact/5562900000002", now).await.unwrap());
    assert_eq!(numbers().await, ["5562900000001"]);
}

#[tokio::test]
async fn what_is_not_finished_keeps_its_month_in_the_log() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let sent = stage.send(id, "oi").await.unwrap();
    stage.catch_up().await;
    let month = partitions::month_at(stage.kit.platform.now());
    let (from, until) = (partitions::first_moment(month), partitions::first_moment(month.next()));
    assert_eq!(stage.messaging.unfinished(from, until).await.unwrap().messages, 1);
    let next = partitions::first_moment(month.next().next());
    assert_eq!(stage.messaging.unfinished(until, next).await.unwrap().messages, 0);
    stage.messaging.record_refused(&stage.fact(id), sent.message, "not_on_whatsapp").await.unwrap();
    stage.catch_up().await;
    assert_eq!(stage.messaging.unfinished(from, until).await.unwrap().messages, 0);
}

#[tokio::test]
async fn deliveries_are_forgotten_after_thirty_days_and_dead_letters_stay() {
    let stage = Stage::start().await;
    let pool = &stage.kit.database.pool;
    let now = stage.kit.platform.now();
    for (status, days) in [("delivered", 31), ("stopped", 31), ("failed", 31), ("delivered", 29)] {
        sqlx::query(
            "WITH d AS (INSERT INTO webhook_delivery (id, account_id, instance_id, kind, callback, url, lane, payload, status, happened_at, ended_at)
                        VALUES (gen_random_uuid(), $1, $1, 'received', 'ReceivedCallback', 'https://x', 'x', '{}', $2, $3, $3) RETURNING id)
             INSERT INTO webhook_attempt (delivery_id, attempt, account_id, at, latency_ms) SELECT id, 1, $1, $3, 5 FROM d",
        )
        .bind(stage.account.as_uuid())
        .bind(status)
        .bind(now - chrono::Duration::days(days))
        .execute(pool)
        .await
        .unwrap();
    }
    assert_eq!(stage.messaging.sweep_deliveries(now).await.unwrap(), 2);
    let left: Vec<String> = sqlx::query_scalar("SELECT status FROM webhook_delivery ORDER BY 1").fetch_all(pool).await.unwrap();
    assert_eq!(left, ["delivered", "failed"]);
    let attempts: i64 = sqlx::query_scalar("SELECT count(*) FROM webhook_attempt").fetch_one(pool).await.unwrap();
    assert_eq!(attempts, 2);
}
