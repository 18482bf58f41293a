//! Several lanes fold one projection: in order per aggregate, nothing twice, and waiting means waiting for all.

use std::sync::Arc;
use std::time::Duration;

use recado_event_store::{Position, Projection, Projector, reader};
use recado_testkit::TestPlatform;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::balance::{self, Balance, NAME};

struct Running {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
}

impl Running {
    /// One loop for each process.
    fn start(t: &TestPlatform, programs: Vec<Arc<dyn Projection>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let loops = programs
            .into_iter()
            .map(|program| {
                let projector = Projector::new(t.another_process().log).with(program);
                tokio::spawn(projector.run(stopped.clone()))
            })
            .collect();
        Self { stop, loops }
    }

    async fn end(self) {
        self.stop.send_replace(true);
        for handle in self.loops {
            handle.await.unwrap();
        }
    }
}

async fn end_of_log(pool: &PgPool) -> Position {
    let (txid, position) =
        sqlx::query_as("SELECT txid, global_position FROM events ORDER BY txid DESC, global_position DESC LIMIT 1")
            .fetch_one(pool)
            .await
            .unwrap();
    Position { txid, position }
}

async fn rows(pool: &PgPool) -> Vec<(String, i64, i64)> {
    sqlx::query_as("SELECT name, txid, position FROM projection WHERE base = 'balance@1' ORDER BY name")
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn all_read(t: &TestPlatform) {
    let end = end_of_log(&t.database.pool).await;
    assert!(t.platform.log.wait_for(NAME, end, Duration::from_secs(30)).await, "{:?}", rows(&t.database.pool).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_lanes() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::many_events(pool, 3_000, 50).await;
    let running = Running::start(&t, vec![Balance::with_lanes(3), Balance::with_lanes(3)]);
    balance::add_events(&t, 100, 7).await;
    all_read(&t).await;
    running.end().await;
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
    assert_eq!(
        rows(pool).await.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(),
        ["balance@1#0", "balance@1#1", "balance@1#2"]
    );
}

/// Programs with other numbers of lanes come while the old one still runs and events keep coming: lanes stand apart at every change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_lanes_changes_while_everything_goes_on() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::many_events(pool, 2_000, 20).await;
    // It has changed to its own number of lanes, which a program does once, when it starts.
    let old = Running::start(&t, vec![Balance::with_lanes(3)]);
    all_read(&t).await;
    for lanes in [5, 1, 4, 2] {
        let new = Running::start(&t, vec![Balance::with_lanes(lanes)]);
        balance::add_events(&t, 40, 7).await;
        while rows(pool).await.len() != usize::from(lanes) {
            tokio::task::yield_now().await;
        }
        all_read(&t).await;
        new.end().await;
        assert_eq!(balance::shown(pool).await, balance::expected(pool).await, "{lanes} lanes");
    }
    old.end().await;
    assert_eq!(rows(pool).await.len(), 2, "an older program adopts what it finds and does not fight");
}

#[tokio::test]
async fn waiting_means_waiting_for_the_slowest_lane() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::add_events(&t, 10, 10).await;
    t.catch_up(&[Balance::with_lanes(2)]).await;
    let end = end_of_log(pool).await;
    assert_eq!(reader::checkpoint(pool, NAME).await.unwrap(), Some(end));
    sqlx::query("UPDATE projection SET position = position - 1 WHERE name = 'balance@1#1'").execute(pool).await.unwrap();
    let elsewhere = t.another_process();
    assert!(!elsewhere.log.wait_for(NAME, end, Duration::ZERO).await);
}

#[tokio::test]
async fn the_checkpoint_moves_over_events_nobody_wants() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::many_events(pool, 1_200, 10).await;
    sqlx::query("UPDATE events SET event_type = 'counter.other' WHERE global_position % 3 > 0").execute(pool).await.unwrap();
    t.catch_up(&[Arc::new(Balance::new())]).await;
    assert_eq!(reader::checkpoint(pool, NAME).await.unwrap(), Some(end_of_log(pool).await));
    assert_eq!(balance::shown(pool).await.iter().map(|row| row.2).sum::<i64>(), 400);
}
