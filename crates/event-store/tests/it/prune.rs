//! Command ids are forgotten after some time, and only then.

use chrono::Duration;
use recado_event_store::{CommandBus, prune};
use recado_kernel::Clock as _;
use recado_testkit::TestPlatform;

use crate::counter::{Counter, CounterCommand, meta};

#[tokio::test]
async fn command_ids_are_forgotten_after_their_days_in_batches() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    t.clock.set(chrono::DateTime::from(std::time::SystemTime::now()));
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let first = meta(&t.platform);
    bus.execute("c1", CounterCommand::Add(1), first.clone()).await.unwrap();
    // Thirty thousand of an earlier time.
    sqlx::query(
        "INSERT INTO command_log (account_id, command_id, aggregate_type, aggregate_id, last_sequence, at)
         SELECT gen_random_uuid(), gen_random_uuid(), 'counter', 'x', 1, now() - interval '31 days' FROM generate_series(1, 20500)",
    )
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(prune::command_log(pool, t.clock.now(), prune::COMMAND_LOG_DAYS).await.unwrap(), 20_000, "a call has an end");
    assert_eq!(prune::command_log(pool, t.clock.now(), prune::COMMAND_LOG_DAYS).await.unwrap(), 500);

    t.clock.advance(Duration::days(29));
    assert_eq!(prune::command_log(pool, t.clock.now(), prune::COMMAND_LOG_DAYS).await.unwrap(), 0);
    assert!(bus.execute("c1", CounterCommand::Add(1), first.clone()).await.unwrap().replayed, "still known");
    assert_eq!(
        prune::command_log(pool, t.clock.now(), 1).await.unwrap(),
        1,
        "never fewer than seven days, but more than seven passed"
    );
    t.clock.set(chrono::DateTime::from(std::time::SystemTime::now()));
    bus.execute("c1", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    t.clock.advance(Duration::days(6));
    assert_eq!(prune::command_log(pool, t.clock.now(), 1).await.unwrap(), 0, "the floor holds");
}
