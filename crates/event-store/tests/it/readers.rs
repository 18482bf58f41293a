//! Subscriptions: nothing committed is ever skipped, nothing is folded twice.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use recado_event_store::{CommandBus, EventLog, Position, Projection, ProjectionError, Projector, RecordedEvent, reader};
use recado_kernel::{Rng, SeededRng};
use recado_testkit::TestPlatform;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::counter::{Counter, CounterCommand, CounterEvent, account, meta};

/// What no event looks like.
#[derive(serde::Deserialize)]
struct Unheard {
    #[expect(dead_code, reason = "it is never there")]
    of: String,
}

/// Sums into a table, so that folding twice shows.
pub struct Total;

#[async_trait]
impl Projection for Total {
    fn name(&self) -> &'static str {
        "total@1"
    }
    fn event_types(&self) -> &'static [&'static str] {
        &["counter.added"]
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut sum = 0;
        for event in batch {
            let by = event.payload["by"].as_i64().unwrap_or_default();
            assert_ne!(by, 667, "a defect");
            if by == 668 {
                event.decode_as::<CounterEvent, Unheard>()?;
            }
            if by == 666 {
                return Err(ProjectionError::Poison { position: event.position.position, reason: "bad omen".into() });
            }
            sum += by;
        }
        sqlx::query("UPDATE total SET sum = sum + $1").bind(sum).execute(db).await?;
        Ok(())
    }
}

async fn total_table(t: &TestPlatform) {
    sqlx::query("CREATE TABLE total (sum bigint NOT NULL)").execute(&t.database.pool).await.unwrap();
    sqlx::query("INSERT INTO total VALUES (0)").execute(&t.database.pool).await.unwrap();
}

async fn total(t: &TestPlatform) -> i64 {
    sqlx::query_scalar("SELECT sum FROM total").fetch_one(&t.database.pool).await.unwrap()
}

#[tokio::test]
async fn two_processes_fold_every_event_once_and_writers_read_their_own_writes() {
    let t = TestPlatform::start().await;
    total_table(&t).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let loops: Vec<_> = [t.platform.log.clone(), t.another_process().log]
        .into_iter()
        .map(|log| tokio::spawn(Projector::new(log).with(Arc::new(Total)).run(stopped.clone())))
        .collect();
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let mut last = Position::default();
    for n in 0..100 {
        last = bus.execute(&format!("c{}", n % 7), CounterCommand::Add(1), meta(&t.platform)).await.unwrap().position;
    }
    assert!(t.platform.log.wait_for("total@1", last, std::time::Duration::from_secs(20)).await);
    assert_eq!(total(&t).await, 100);
    stop.send_replace(true);
    for handle in loops {
        handle.await.unwrap();
    }
}

#[tokio::test]
async fn a_poison_event_stops_the_projection_and_nothing_is_skipped() {
    let t = TestPlatform::start().await;
    total_table(&t).await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    for by in [1, 666, 2] {
        bus.execute("c", CounterCommand::Add(by), meta(&t.platform)).await.unwrap();
    }
    let projector = Projector::new(t.platform.log.clone()).with(Arc::new(Total));
    // Other tests' transactions may hold the reader back for a while.
    let stopped = loop {
        match projector.catch_up().await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert!(matches!(stopped, ProjectionError::Poison { .. }), "{stopped}");
    assert_eq!(total(&t).await, 0, "the batch with the poison was rolled back whole");
}

/// A projection that cannot go on says so, whatever the reason: a poison, an event nobody can read, a panic.
#[tokio::test]
async fn a_projection_that_cannot_go_on_is_visible() {
    for (by, reason) in [(666, "bad omen"), (668, "missing field"), (667, "panicked")] {
        let t = TestPlatform::start().await;
        total_table(&t).await;
        let bus = CommandBus::<Counter>::new(t.platform.log.clone());
        bus.execute("c", CounterCommand::Add(by), meta(&t.platform)).await.unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(Projector::new(t.platform.log.clone()).with(Arc::new(Total)).run(stopped));
        let seen = async {
            loop {
                let error: Option<Option<String>> =
                    sqlx::query_scalar("SELECT error FROM projection WHERE name = 'total@1' AND status = 'stopped'")
                        .fetch_optional(&t.database.pool)
                        .await
                        .unwrap();
                if let Some(Some(error)) = error {
                    return error;
                }
                tokio::task::yield_now().await;
            }
        };
        let error = tokio::time::timeout(std::time::Duration::from_secs(20), seen).await.unwrap();
        assert!(error.contains(reason), "{error}");
        stop.send_replace(true);
        running.await.unwrap();
    }
}

/// 32 writers with random pauses between taking their transaction id and their commit, some rolling back; a reader that polls.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_reader_delivers_exactly_the_committed_set_in_aggregate_order() {
    let t = TestPlatform::start().await;
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(40).connect(&t.database.url).await.unwrap();
    let writers: Vec<_> = (0..32_u64).map(|w| tokio::spawn(write_with_pauses(pool.clone(), w))).collect();
    let log = EventLog::start(t.database.pool.clone());
    let mut seen: Vec<RecordedEvent> = vec![];
    let mut finished = false;
    loop {
        let after = seen.last().map_or(Position::default(), |event| event.position);
        let batch = reader::read_after(log.pool(), after, 50).await.unwrap();
        let nothing_new = batch.is_empty();
        seen.extend(batch);
        // Other tests' transactions may hold the last ones back.
        let held_back: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM events e WHERE (e.txid, e.global_position) > ($1, $2))")
                .bind(after.txid)
                .bind(after.position)
                .fetch_one(&pool)
                .await
                .unwrap();
        if nothing_new && finished && !held_back {
            break;
        }
        finished = writers.iter().all(tokio::task::JoinHandle::is_finished);
        tokio::task::yield_now().await;
    }
    let committed: Vec<(String, i64)> =
        sqlx::query_as("SELECT aggregate_id, sequence FROM events").fetch_all(&pool).await.unwrap();
    let read: Vec<(String, i64)> = seen.iter().map(|event| (event.aggregate_id.clone(), event.sequence)).collect();
    assert_eq!(read.len(), committed.len());
    assert_eq!(read.iter().collect::<BTreeSet<_>>(), committed.iter().collect::<BTreeSet<_>>());
    for writer in 0..32 {
        let own: Vec<i64> = read.iter().filter(|(id, _)| *id == writer.to_string()).map(|(_, sequence)| *sequence).collect();
        assert!(own.is_sorted(), "order within an aggregate: {own:?}");
    }
    assert!(committed.len() > 300, "{}", committed.len());
}

pub async fn readable_to_the_end(pool: &sqlx::PgPool) -> bool {
    sqlx::query_scalar("SELECT COALESCE(max(txid), 0) < log_horizon() FROM events").fetch_one(pool).await.unwrap()
}

async fn write_with_pauses(pool: sqlx::PgPool, writer: u64) {
    let mut rng = SeededRng::new(writer);
    let mut sequence = 0_i64;
    for _ in 0..25 {
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("SELECT pg_current_xact_id()").execute(&mut *transaction).await.unwrap();
        pause(&mut rng).await;
        sqlx::query(
            "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id, correlation_id, occurred_at)
             VALUES ($1, 'counter', $2, $3, 'counter.added', '1', '{}', 'system:test', 'job', $4, $4, now())",
        )
        .bind(account().as_uuid())
        .bind(writer.to_string())
        .bind(sequence + 1)
        .bind(Uuid::from_u128(u128::from(rng.between(0, u64::MAX))))
        .execute(&mut *transaction)
        .await
        .unwrap();
        pause(&mut rng).await;
        if rng.between(0, 4) == 0 {
            transaction.rollback().await.unwrap();
        } else {
            transaction.commit().await.unwrap();
            sequence += 1;
        }
    }
}

/// A random pause of a few milliseconds is the disturbance under test, not a synchronisation.
async fn pause(rng: &mut SeededRng) {
    tokio::time::sleep(std::time::Duration::from_millis(rng.between(0, 6))).await;
}

#[tokio::test]
async fn a_log_from_the_future_is_refused_at_start() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    bus.execute("c", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    t.platform.log.check_not_from_the_future().await.unwrap();
    sqlx::query("UPDATE events SET txid = txid + 1000000").execute(&t.database.pool).await.unwrap();
    assert!(t.platform.log.check_not_from_the_future().await.is_err());
}
