//! Processes that die at the worst moment (event-sourcing.md 9.2).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use recado_event_store::projection::status::statuses;
use recado_event_store::{CommandBus, Projection, ProjectionError, Projector, RecordedEvent};
use recado_testkit::TestPlatform;
use sqlx::PgConnection;
use tokio::sync::{mpsc, watch};

use crate::balance::{self, Balance, NAME};
use crate::counter::{Counter, CounterCommand, meta};

/// Says when it has written and then waits, its transaction open, until told to go on.
struct Halting {
    inner: Balance,
    written: mpsc::UnboundedSender<i32>,
    go_on: watch::Receiver<bool>,
}

#[async_trait]
impl Projection for Halting {
    fn name(&self) -> &'static str {
        NAME
    }
    fn event_types(&self) -> &'static [&'static str] {
        self.inner.event_types()
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        self.inner.project(batch, db).await?;
        let pid = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *db).await?;
        self.written.send(pid).unwrap();
        self.go_on.clone().wait_for(|go| *go).await.unwrap();
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn between_the_view_and_its_checkpoint_nothing_can_happen() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::add_events(&t, 20, 3).await;
    let (written, mut has_written) = mpsc::unbounded_channel();
    let (go, go_on) = watch::channel(false);
    let (stop, stopped) = watch::channel(false);
    let halting = Arc::new(Halting { inner: Balance::new(), written, go_on });
    let running = tokio::spawn(Projector::new(t.platform.log.clone()).with(halting).run(stopped));
    let pid = has_written.recv().await.unwrap();
    assert_eq!(balance::shown(pool).await, [], "written, but not committed");
    // The connection dies as it would with the process.
    sqlx::query("SELECT pg_terminate_backend($1)").bind(pid).execute(pool).await.unwrap();
    go.send_replace(true);
    has_written.recv().await.unwrap();
    t.catch_up(&[Arc::new(Balance::new())]).await;
    stop.send_replace(true);
    running.await.unwrap();
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await, "folded once, although it was written twice");
}

/// The process that stored the events died before it could wake anybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn between_commit_and_wake_up_only_time_is_lost() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    let reading = t.another_process();
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(Projector::new(reading.log.clone()).with(Arc::new(Balance::new())).run(stopped));
    // The writing process has no connection to the other: nothing but the clock makes that one look.
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let done = bus.execute("c", CounterCommand::Add(7), meta(&t.platform)).await.unwrap();
    assert!(reading.log.wait_for(NAME, done.position, Duration::from_secs(20)).await);
    assert_eq!(balance::shown(pool).await, [("c".to_owned(), 7, 1)]);
    stop.send_replace(true);
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mended_program_goes_on_by_itself_and_others_never_stopped() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    let broken = Balance::new();
    broken.poison.store(13, Ordering::Relaxed);
    balance::add_events(&t, 20, 4).await;
    let known: [Arc<dyn Projection>; 1] = [Arc::new(broken.clone())];
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(Projector::new(t.platform.log.clone()).with(known[0].clone()).run(stopped));
    let stopped_with = async {
        loop {
            let reason = statuses(pool, &known).await.unwrap().pop().and_then(|status| status.live.stopped);
            match reason {
                Some(reason) => return reason,
                None => tokio::task::yield_now().await,
            }
        }
    };
    let reason = tokio::time::timeout(Duration::from_secs(20), stopped_with).await.unwrap();
    assert!(reason.contains("bad omen"), "{reason}");
    assert_eq!(balance::shown(pool).await, []);
    stop.send_replace(true);
    running.await.unwrap();
    // The new version of the program.
    let mended: [Arc<dyn Projection>; 1] = [Arc::new(Balance::new())];
    t.catch_up(&mended).await;
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
    let status = statuses(pool, &mended).await.unwrap().pop().unwrap();
    assert_eq!((status.live.stopped, status.live.lag_events), (None, 0));
}
