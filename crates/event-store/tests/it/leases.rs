//! Leases: one holder at a time, and whoever lost one can store nothing more under it.

use std::time::Duration;

use recado_event_store::lease::{self, FenceError};
use recado_testkit::TestPlatform;
use sqlx::PgPool;

const TERM: Duration = Duration::from_secs(3_600);

async fn expire(pool: &PgPool, name: &str) {
    sqlx::query("UPDATE lease SET expires_at = clock_timestamp() - interval '1 second' WHERE name = $1")
        .bind(name)
        .execute(pool)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lease_has_one_holder_until_it_is_given_back_or_runs_out() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    let first = lease::acquire(pool, "leader", "one", TERM).await.unwrap().unwrap();
    assert_eq!(lease::acquire(pool, "leader", "two", TERM).await.unwrap(), None);
    assert!(first.renew(pool, TERM).await.unwrap());
    expire(pool, "leader").await;
    assert!(!first.renew(pool, TERM).await.unwrap(), "what ran out is not renewed: somebody may have been told");
    let second = lease::acquire(pool, "leader", "two", TERM).await.unwrap().unwrap();
    assert!(second.token > first.token);
    assert!(!first.renew(pool, TERM).await.unwrap());
    first.release(pool).await.unwrap();
    assert_eq!(lease::held(pool, "lea").await.unwrap().len(), 1, "the former holder cannot give back what is not its own");
    let token = second.token;
    second.release(pool).await.unwrap();
    let third = lease::acquire(pool, "leader", "one", TERM).await.unwrap().unwrap();
    assert!(third.token > token, "the token grows even if the row was gone");
}

#[tokio::test]
async fn a_former_holder_stores_nothing() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    let old = lease::acquire(pool, "leader", "one", TERM).await.unwrap().unwrap();
    // The same name after a restart: what the process before it still has in hand is worth nothing.
    let new = lease::acquire(pool, "leader", "one", TERM).await.unwrap().unwrap();
    let mut transaction = pool.begin().await.unwrap();
    assert!(matches!(old.fence(&mut transaction).await, Err(FenceError::Lost(_))));
    new.fence(&mut transaction).await.unwrap();
    // While the transaction lasts nobody takes over, even if the time is up.
    let taking = {
        let pool = pool.clone();
        tokio::spawn(async move {
            expire(&pool, "leader").await;
            lease::acquire(&pool, "leader", "two", TERM).await.unwrap()
        })
    };
    let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    assert!(!taking.is_finished());
    transaction.commit().await.unwrap();
    assert!(taking.await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_it_one_gets_it() {
    let t = TestPlatform::start().await;
    let tries: Vec<_> = (0..12)
        .map(|n| {
            let pool = t.database.pool.clone();
            tokio::spawn(async move { lease::acquire(&pool, "leader", &n.to_string(), TERM).await.unwrap() })
        })
        .collect();
    let mut winners = 0;
    for attempt in tries {
        winners += usize::from(attempt.await.unwrap().is_some());
    }
    assert_eq!(winners, 1);
}
