//! A log restored from a dump: refused, repaired, and nobody notices afterwards.

use recado_event_store::repair::{RepairError, Repaired, repair};
use recado_event_store::{CommandBus, Position, limits, reader};
use recado_testkit::TestPlatform;

use crate::counter::{Counter, CounterCommand, meta};
use crate::readers::readable_to_the_end;

const LATER: i64 = 5_000_000_000;

/// What a dump of an old, busy cluster leaves in a young one.
async fn restored(t: &TestPlatform) {
    for statement in ["UPDATE events SET txid = txid + $1", "UPDATE projection SET txid = txid + $1 WHERE txid > 0"] {
        sqlx::query(statement).bind(LATER).execute(&t.database.pool).await.unwrap();
    }
}

/// Everything after `from`, once no open transaction of another test can hold it back.
async fn all(t: &TestPlatform, from: Position) -> Vec<Position> {
    while !readable_to_the_end(&t.database.pool).await {
        tokio::task::yield_now().await;
    }
    readable(t, from).await
}

async fn readable(t: &TestPlatform, from: Position) -> Vec<Position> {
    reader::read_after(&t.database.pool, from, 1_000).await.unwrap().into_iter().map(|event| event.position).collect()
}

#[tokio::test]
async fn the_clock_is_put_forward_and_every_stored_place_stays() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    for n in 0..5 {
        bus.execute(&format!("c{n}"), CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    }
    t.platform.log.check_not_from_the_future().await.unwrap();
    let before = {
        let stored: Vec<(i64, i64)> =
            sqlx::query_as("SELECT txid, global_position FROM events ORDER BY 1, 2").fetch_all(&t.database.pool).await.unwrap();
        stored.into_iter().map(|(txid, position)| Position { txid: txid + LATER, position }).collect::<Vec<_>>()
    };
    restored(&t).await;
    // A dump may forget the sequence (data-only, some tools).
    sqlx::query("SELECT setval('event_position', 1)").execute(&t.database.pool).await.unwrap();
    let refused = t.platform.log.check_not_from_the_future().await.unwrap_err().to_string();
    assert!(refused.contains("recado log repair --yes"), "{refused}");
    assert_eq!(readable(&t, Position::default()).await, [], "this is why: nothing can be read");

    let mut db = limits::session(&t.database.pool, limits::EVERYDAY).await.unwrap();
    assert!(matches!(repair(&mut db).await.unwrap(), Repaired::Forward(_)));
    t.platform.log.check_not_from_the_future().await.unwrap();
    assert_eq!(all(&t, Position::default()).await, before, "no stored place has changed");
    let next = bus.execute("c0", CounterCommand::Add(1), meta(&t.platform)).await.unwrap().position;
    assert!(next > before[4] && next.position > before[4].position);
    assert_eq!(all(&t, before[4]).await, [next], "what comes now comes after, and is seen");
    assert!(matches!(repair(&mut db).await.unwrap(), Repaired::NotNeeded(_)), "repairing again changes nothing");
    assert_eq!(all(&t, before[4]).await, [next]);

    // Dumped and restored a second time.
    restored(&t).await;
    assert!(matches!(repair(&mut db).await.unwrap(), Repaired::Forward(_)));
    let last = bus.execute("c0", CounterCommand::Add(1), meta(&t.platform)).await.unwrap().position;
    assert!(last.txid > next.txid + LATER);
    assert_eq!(bus.load("c0").await.unwrap().aggregate.value, 3);
}

#[tokio::test]
async fn a_gap_left_by_an_open_transaction_is_still_respected_after_a_repair() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    bus.execute("c", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    restored(&t).await;
    repair(&mut limits::session(&t.database.pool, limits::EVERYDAY).await.unwrap()).await.unwrap();
    let start = all(&t, Position::default()).await;
    let mut slow = t.database.pool.begin().await.unwrap();
    let took: i64 = sqlx::query_scalar("SELECT log_txid()").fetch_one(&mut *slow).await.unwrap();
    let fast = bus.execute("c", CounterCommand::Add(1), meta(&t.platform)).await.unwrap().position;
    assert!(took < fast.txid);
    assert_eq!(readable(&t, Position::default()).await, start, "somebody may still slip in before it");
    slow.rollback().await.unwrap();
    assert_eq!(all(&t, Position::default()).await.last(), Some(&fast));
}

#[tokio::test]
async fn a_repair_waits_for_no_server() {
    let t = TestPlatform::start().await;
    let options = t.database.pool.connect_options().as_ref().clone().application_name("recado");
    let server = sqlx::PgPool::connect_with(options).await.unwrap();
    let refused = repair(&mut limits::session(&t.database.pool, limits::EVERYDAY).await.unwrap()).await.unwrap_err();
    assert!(matches!(refused, RepairError::InUse(1)), "{refused}");
    server.close().await;
}
