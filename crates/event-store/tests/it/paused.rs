//! A writer that stops between taking its transaction id and committing: the hole through which readers lose events.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use recado_event_store::{CommandBus, Position, Projection, ProjectionError, Projector, RecordedEvent, reader};
use recado_testkit::TestPlatform;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::counter::{Counter, CounterCommand, meta};

/// Keeps the order in which it was told.
struct Told;

#[async_trait]
impl Projection for Told {
    fn name(&self) -> &'static str {
        "told@1"
    }
    fn event_types(&self) -> &'static [&'static str] {
        &[]
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            sqlx::query("INSERT INTO told (id) VALUES ($1)").bind(&event.aggregate_id).execute(&mut *db).await?;
        }
        Ok(())
    }
}

/// Has its transaction id **and** its position, and has not committed.
async fn paused_writer(t: &TestPlatform) -> Transaction<'static, Postgres> {
    let mut transaction = t.database.pool.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                             command_id, correlation_id, occurred_at)
         VALUES (gen_random_uuid(), 'counter', 'paused', 1, 'counter.added', '1', '{\"type\": \"counter.added\", \"by\": 1}', 'system:test', 'job',
                 gen_random_uuid(), gen_random_uuid(), now())",
    )
    .execute(&mut *transaction)
    .await
    .unwrap();
    transaction
}

async fn told(t: &TestPlatform) -> Vec<String> {
    sqlx::query_scalar("SELECT id FROM told ORDER BY n").fetch_all(&t.database.pool).await.unwrap()
}

async fn stage() -> (TestPlatform, CommandBus<Counter>) {
    let t = TestPlatform::start().await;
    sqlx::query("CREATE TABLE told (n bigint GENERATED ALWAYS AS IDENTITY, id text NOT NULL)")
        .execute(&t.database.pool)
        .await
        .unwrap();
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    (t, bus)
}

#[tokio::test]
async fn nothing_later_is_told_before_a_paused_writer_and_nothing_is_lost() {
    let (t, bus) = stage().await;
    bus.execute("before", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    let told_everything: Arc<dyn Projection> = Arc::new(Told);
    t.catch_up(std::slice::from_ref(&told_everything)).await;
    let paused = paused_writer(&t).await;
    let later = bus.execute("later", CounterCommand::Add(1), meta(&t.platform)).await.unwrap().position;

    let projector = Projector::new(t.platform.log.clone()).with(told_everything.clone());
    projector.catch_up().await.unwrap();
    assert_eq!(told(&t).await, ["before"], "a later event was told although an earlier one may still come");
    assert!(!t.platform.log.wait_for("told@1", later, Duration::ZERO).await);

    paused.commit().await.unwrap();
    t.catch_up(&[told_everything]).await;
    assert_eq!(told(&t).await, ["before", "paused", "later"]);
    assert!(t.platform.log.wait_for("told@1", later, Duration::ZERO).await);
}

#[tokio::test]
async fn a_paused_writer_that_gives_up_leaves_a_hole_nobody_waits_for() {
    let (t, bus) = stage().await;
    let paused = paused_writer(&t).await;
    bus.execute("later", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    paused.rollback().await.unwrap();
    t.catch_up(&[Arc::new(Told)]).await;
    assert_eq!(told(&t).await, ["later"]);
    let positions: Vec<Position> =
        reader::read_after(&t.database.pool, Position::default(), 10).await.unwrap().iter().map(|e| e.position).collect();
    assert_eq!(positions.len(), 1);
}

/// The other order: the position is taken first, the commit comes first, and still the pair decides.
#[tokio::test]
async fn a_lower_position_under_a_higher_transaction_is_told_in_its_turn() {
    let (t, bus) = stage().await;
    // The transaction id comes first here, the position only after somebody else's.
    let mut early = t.database.pool.begin().await.unwrap();
    sqlx::query("SELECT pg_current_xact_id()").execute(&mut *early).await.unwrap();
    let other = bus.execute("other", CounterCommand::Add(1), meta(&t.platform)).await.unwrap().position;
    let position: i64 = sqlx::query_scalar(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                             command_id, correlation_id, occurred_at)
         VALUES (gen_random_uuid(), 'counter', 'early', 1, 'counter.added', '1', '{\"type\": \"counter.added\", \"by\": 1}', 'system:test', 'job',
                 gen_random_uuid(), gen_random_uuid(), now())
         RETURNING global_position",
    )
    .fetch_one(&mut *early)
    .await
    .unwrap();
    assert!(position > other.position, "the higher position belongs to the lower transaction");
    let all: Arc<dyn Projection> = Arc::new(Told);
    Projector::new(t.platform.log.clone()).with(all.clone()).catch_up().await.unwrap();
    early.commit().await.unwrap();
    t.catch_up(&[all]).await;
    assert_eq!(told(&t).await, ["early", "other"]);
}
