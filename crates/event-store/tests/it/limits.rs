//! Nothing may hang for ever, whatever the server is configured to.

use std::time::{Duration, Instant};

use recado_event_store::{StoreError, limits};
use recado_testkit::TestDatabase;

const SHORT: limits::Limits = limits::Limits {
    statement: Duration::from_millis(300),
    idle_in_transaction: Duration::from_millis(300),
    lock: Duration::from_millis(100),
};

#[tokio::test]
async fn a_stuck_statement_ends_and_an_idle_transaction_is_cut() {
    let database = TestDatabase::create().await;
    let mut db = limits::session(&database.pool, SHORT).await.unwrap();
    let begun = Instant::now();
    let stuck = StoreError::from(sqlx::query("SELECT pg_sleep(30)").execute(&mut db).await.unwrap_err());
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(stuck.is_unavailable(), "it is tried again: {stuck}");

    // Begins a transaction, writes, and is never heard of again: everybody would wait for it.
    sqlx::query("BEGIN").execute(&mut db).await.unwrap();
    sqlx::query("INSERT INTO claim (scope, key, owner) VALUES ('test', 'x', 'y')").execute(&mut db).await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut db).await.unwrap();
    let begun = Instant::now();
    loop {
        let lives: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = $1)")
            .bind(pid)
            .fetch_one(&database.pool)
            .await
            .unwrap();
        if !lives {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the idle transaction lives on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(sqlx::query("COMMIT").execute(&mut db).await.is_err());
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM claim").fetch_one(&database.pool).await.unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_lock_that_is_not_had_is_given_up() {
    let database = TestDatabase::create().await;
    let mut holder = database.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE claim IN ACCESS EXCLUSIVE MODE").execute(&mut *holder).await.unwrap();
    let mut db = limits::session(&database.pool, SHORT).await.unwrap();
    let waited = StoreError::from(sqlx::query("SELECT count(*) FROM claim").execute(&mut db).await.unwrap_err());
    assert!(waited.is_unavailable(), "{waited}");
}

#[tokio::test]
async fn longer_limits_end_with_their_transaction() {
    let database = TestDatabase::create().await;
    let mut db = limits::session(&database.pool, limits::EVERYDAY).await.unwrap();
    assert_eq!(limits::in_force(&mut db).await.unwrap(), limits::EVERYDAY);
    sqlx::query("BEGIN").execute(&mut db).await.unwrap();
    limits::within(&mut db, limits::LONG).await.unwrap();
    assert_eq!(limits::in_force(&mut db).await.unwrap(), limits::LONG);
    sqlx::query("COMMIT").execute(&mut db).await.unwrap();
    assert_eq!(limits::in_force(&mut db).await.unwrap(), limits::EVERYDAY);
}
