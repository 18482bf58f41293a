//! Processes hear of each other's work.

use std::time::Duration;

use recado_event_store::{CommandBus, Platform};
use recado_testkit::TestPlatform;
use sqlx::postgres::PgListener;
use tokio::sync::watch;

use crate::counter::{Counter, CounterCommand, meta};

const PATIENCE: Duration = Duration::from_secs(20);

fn connect(platform: &Platform, name: &'static str, stop: &watch::Receiver<bool>) {
    let (log, stop) = (platform.log.clone(), stop.clone());
    tokio::spawn(async move { log.connect_processes(name, stop).await });
}

async fn add(platform: &Platform) {
    let bus = CommandBus::<Counter>::new(platform.log.clone());
    bus.execute("c", CounterCommand::Add(1), meta(platform)).await.unwrap();
}

/// Waits until the process is heard to listen: a new connection rings, because something may have been missed.
async fn listening(bell: &mut watch::Receiver<u64>) {
    tokio::time::timeout(PATIENCE, bell.changed()).await.unwrap().unwrap();
    bell.mark_unchanged();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_stores_wakes_the_others() {
    let t = TestPlatform::start().await;
    let (_stop, stopped) = watch::channel(false);
    let (one, two) = (t.platform.clone(), t.another_process());
    let mut bell = two.log.listen();
    connect(&one, "one", &stopped);
    connect(&two, "two", &stopped);
    listening(&mut bell).await;
    // Nothing else rings here: the second process runs no loop.
    add(&one).await;
    tokio::time::timeout(PATIENCE, bell.changed()).await.unwrap().unwrap();
    // The connection is lost: whatever was said meanwhile is not repeated, so the new one rings.
    bell.mark_unchanged();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    )
    .execute(&t.database.pool)
    .await
    .unwrap();
    tokio::time::timeout(PATIENCE, bell.changed()).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_one_notification_now_and_then() {
    let t = TestPlatform::start().await;
    let (_stop, stopped) = watch::channel(false);
    let mut heard = PgListener::connect(&t.database.url).await.unwrap();
    heard.listen("recado").await.unwrap();
    connect(&t.platform, "one", &stopped);
    let begun = tokio::time::Instant::now();
    for _ in 0..100 {
        add(&t.platform).await;
    }
    let mut notifications = 0;
    // The last append is told within the pause; afterwards nothing is.
    while let Ok(Ok(_)) = tokio::time::timeout(Duration::from_millis(500), heard.recv()).await {
        notifications += 1;
    }
    let most = begun.elapsed().as_millis() / 30 + 2;
    assert!(notifications >= 1 && notifications <= most, "{notifications} notifications, at most {most} are allowed");
    assert!(notifications < 100, "{notifications} notifications for 100 appends");
}

#[tokio::test]
async fn a_program_that_ends_at_once_tells_the_servers_itself() {
    let t = TestPlatform::start().await;
    let (_stop, stopped) = watch::channel(false);
    let server = t.another_process();
    let mut bell = server.log.listen();
    connect(&server, "server", &stopped);
    listening(&mut bell).await;
    add(&t.platform).await;
    t.platform.log.announce().await.unwrap();
    tokio::time::timeout(PATIENCE, bell.changed()).await.unwrap().unwrap();
}
