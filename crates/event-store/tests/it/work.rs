//! Durable work: in order within a lane, retried, taken over from the dead, never lost between "empty" and "new".

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::{self, LaneSwitch, Outcome};
use recado_event_store::{Alongside, ClaimedWork, CommandBus, NewWork, WorkHandler, Worker};
use recado_kernel::Clock as _;
use recado_testkit::TestPlatform;
use serde_json::json;

use crate::counter::{Counter, CounterCommand, account, meta};

type Answer = Box<dyn Fn(&ClaimedWork) -> Outcome + Send + Sync>;

pub struct Scripted {
    done: Mutex<Vec<String>>,
    answer: Answer,
}

impl Scripted {
    pub fn new(answer: impl Fn(&ClaimedWork) -> Outcome + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { done: Mutex::default(), answer: Box::new(answer) })
    }

    pub fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }
}

#[async_trait]
impl WorkHandler for Scripted {
    fn topic(&self) -> &'static str {
        "job"
    }
    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        self.done.lock().unwrap().push(work.subject.clone());
        (self.answer)(work)
    }
}

pub fn job(t: &TestPlatform, lane: &str, subject: &str) -> NewWork {
    NewWork {
        id: t.platform.new_uuid(),
        topic: "job".into(),
        lane: lane.into(),
        account_id: account(),
        subject: subject.into(),
        payload: json!({}),
        due_at: t.clock.now(),
        cause: None,
    }
}

pub async fn switch(t: &TestPlatform, lane: &str, open: Option<bool>, paused: Option<bool>) {
    let mut db = t.database.pool.acquire().await.unwrap();
    let switch = LaneSwitch { lane: lane.into(), open, paused, at: t.clock.now() };
    work::set_lanes(&mut db, "job", &[switch]).await.unwrap();
}

pub async fn add(t: &TestPlatform, jobs: Vec<NewWork>) {
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    bus.execute_with("c", CounterCommand::Add(1), meta(&t.platform), move |_, _| Alongside {
        work: jobs.clone(),
        ..Alongside::default()
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_lane_keeps_its_order_and_waits_for_a_retry() {
    let t = TestPlatform::start().await;
    let now = t.clock.now();
    let handler = Scripted::new(move |work| {
        if work.subject == "b" && work.attempts == 1 {
            Outcome::Retry { at: now + Duration::seconds(10), error: "not yet".into() }
        } else {
            Outcome::done()
        }
    });
    add(&t, vec![job(&t, "x", "a"), job(&t, "x", "b"), job(&t, "x", "c"), job(&t, "y", "other")]).await;
    let worker = Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler.clone());
    worker.drain().await.unwrap();
    let mut first = handler.done();
    first.retain(|subject| subject != "other");
    assert_eq!(first, ["a", "b"], "c waits behind b");
    t.clock.advance(Duration::seconds(10));
    worker.drain().await.unwrap();
    let mut all = handler.done();
    all.retain(|subject| subject != "other");
    assert_eq!(all, ["a", "b", "b", "c"]);
    assert_eq!(work::counts(t.platform.pool()).await.unwrap(), vec![]);
}

#[tokio::test]
async fn a_closed_lane_waits_and_goes_on_when_opened() {
    let t = TestPlatform::start().await;
    let handler = Scripted::new(|_| Outcome::done());
    let worker = Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler.clone());
    switch(&t, "x", Some(false), None).await;
    add(&t, vec![job(&t, "x", "a")]).await;
    worker.drain().await.unwrap();
    assert!(handler.done().is_empty());
    switch(&t, "x", Some(true), None).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a"]);
}

#[tokio::test]
async fn pacing_holds_the_lane_even_for_work_that_comes_later() {
    let t = TestPlatform::start().await;
    let clock = t.clock.clone();
    let handler = Scripted::new(move |_| Outcome::Done { not_before: Some(clock.now() + Duration::seconds(3)) });
    let worker = Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler.clone());
    add(&t, vec![job(&t, "x", "a")]).await;
    worker.drain().await.unwrap();
    add(&t, vec![job(&t, "x", "b")]).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a"]);
    t.clock.advance(Duration::seconds(3));
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a", "b"]);
}

#[tokio::test]
async fn a_dead_holders_lane_is_taken_over_and_the_dead_one_cannot_finish_it() {
    let t = TestPlatform::start().await;
    add(&t, vec![job(&t, "x", "a")]).await;
    // A holder that died while working: leased, the lease is over, nothing was recorded.
    sqlx::query(
        "UPDATE work_lane SET leased_by = 'dead', leased_until = clock_timestamp() - interval '1 second', fence = fence + 1",
    )
    .execute(&t.database.pool)
    .await
    .unwrap();
    let handler = Scripted::new(|_| Outcome::done());
    Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "two", handler.clone()).drain().await.unwrap();
    assert_eq!(handler.done(), ["a"]);
}

#[tokio::test]
async fn a_living_lease_is_respected() {
    let t = TestPlatform::start().await;
    add(&t, vec![job(&t, "x", "a")]).await;
    sqlx::query("UPDATE work_lane SET leased_by = 'alive', leased_until = clock_timestamp() + interval '1 hour'")
        .execute(&t.database.pool)
        .await
        .unwrap();
    let handler = Scripted::new(|_| Outcome::done());
    Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "two", handler.clone()).drain().await.unwrap();
    assert!(handler.done().is_empty());
}

/// Work arrives exactly while the lane is found empty: the race that loses wake-ups in naive queues.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn work_that_comes_while_the_lane_empties_is_not_overlooked() {
    let t = TestPlatform::start().await;
    let handler = Scripted::new(|_| Outcome::done());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let loops: Vec<_> = [t.platform.clone(), t.another_process()]
        .into_iter()
        .zip(["one", "two"])
        .map(|(platform, name)| {
            tokio::spawn(Worker::new(platform.log.clone(), platform.clock.clone(), name, handler.clone()).run(stopped.clone()))
        })
        .collect();
    for n in 0..150 {
        add(&t, vec![job(&t, "x", &n.to_string())]).await;
    }
    let all_done = async {
        while !work::counts(t.platform.pool()).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), all_done).await.unwrap();
    stop.send_replace(true);
    for handle in loops {
        handle.await.unwrap();
    }
    assert_eq!(handler.done(), (0..150).map(|n| n.to_string()).collect::<Vec<_>>(), "once each, in order");
}

#[tokio::test]
async fn given_up_work_is_kept_for_people_and_the_lane_goes_on() {
    let t = TestPlatform::start().await;
    let handler = Scripted::new(|work| if work.subject == "a" { Outcome::Dead { error: "410".into() } } else { Outcome::done() });
    add(&t, vec![job(&t, "x", "a"), job(&t, "x", "b")]).await;
    Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler.clone()).drain().await.unwrap();
    assert_eq!(handler.done(), ["a", "b"]);
    let dead: Vec<String> =
        sqlx::query_scalar("SELECT last_error FROM work WHERE dead_at IS NOT NULL").fetch_all(&t.database.pool).await.unwrap();
    assert_eq!(dead, ["410"]);
}

#[tokio::test]
async fn a_handler_that_panics_is_tried_again_and_shows_why() {
    let t = TestPlatform::start().await;
    let handler = Scripted::new(|work| {
        assert!(work.attempts > 1, "a defect");
        Outcome::done()
    });
    add(&t, vec![job(&t, "x", "a"), job(&t, "x", "b")]).await;
    let worker = Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler.clone());
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a"], "b waits behind a");
    let told: Option<String> =
        sqlx::query_scalar("SELECT last_error FROM work WHERE subject = 'a'").fetch_one(&t.database.pool).await.unwrap();
    assert_eq!(told.as_deref(), Some("the handler panicked"));
    t.clock.advance(Duration::seconds(1));
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a", "a", "b"]);
}

/// An empty lane disappears. Who held it before must not be able to let go of what another holds under the same name.
#[tokio::test]
async fn a_lane_that_was_born_again_never_repeats_a_fence() {
    let t = TestPlatform::start().await;
    let mut fences: Vec<i64> = vec![];
    for n in 0..2 {
        add(&t, vec![job(&t, "x", &n.to_string())]).await;
        let until = t.clock.now() + Duration::seconds(10);
        let held = Scripted::new(move |_| Outcome::Hold { until });
        Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", held).drain().await.unwrap();
        fences.extend(sqlx::query_scalar::<_, i64>("SELECT fence FROM work_lane").fetch_all(&t.database.pool).await.unwrap());
        t.clock.advance(Duration::seconds(10));
        let done = Scripted::new(|_| Outcome::done());
        Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "two", done).drain().await.unwrap();
    }
    assert_eq!(fences.len(), 2, "the lane was gone in between");
    assert!(fences[1] > fences[0], "{fences:?}");
}

#[tokio::test]
async fn troubles_of_the_moment_are_told_from_defects() {
    let t = TestPlatform::start().await;
    let mut db = t.database.pool.acquire().await.unwrap();
    sqlx::query("SET statement_timeout = '5ms'").execute(&mut *db).await.unwrap();
    let slow = sqlx::query("SELECT pg_sleep(1)").execute(&mut *db).await.unwrap_err();
    assert!(recado_event_store::StoreError::from(slow).is_unavailable());
    let wrong = sqlx::query("SELECT 1 / 0").execute(&mut *db).await.unwrap_err();
    assert!(!recado_event_store::StoreError::from(wrong).is_unavailable());
}

#[tokio::test]
async fn a_dead_letter_is_listed_and_revived_or_thrown_away() {
    let t = TestPlatform::start().await;
    let handler = Scripted::new(|work| match work.subject.as_str() {
        "bad" if work.attempts == 1 => Outcome::Dead { error: "no such number".into() },
        _ => Outcome::done(),
    });
    let worker = Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler.clone());
    add(&t, vec![job(&t, "x", "bad"), job(&t, "x", "good"), job(&t, "y", "bad")]).await;
    worker.drain().await.unwrap();
    let pool = t.platform.pool();
    let dead = work::dead_letters(pool, Some("job"), 10).await.unwrap();
    assert_eq!(
        dead.iter().map(|d| (d.subject.as_str(), d.attempts, d.error.as_str())).collect::<Vec<_>>(),
        [("bad", 1, "no such number"), ("bad", 1, "no such number")]
    );
    assert_eq!(work::dead_letters(pool, Some("other"), 10).await.unwrap(), vec![]);
    let status = work::topics(pool, t.clock.now()).await.unwrap();
    assert_eq!((status[0].topic.as_str(), status[0].waiting, status[0].dead), ("job", 0, 2));
    // The first attempt after a revival is attempt 1 again, and this handler gives up on it again.
    assert!(work::revive(pool, dead[0].id, t.clock.now()).await.unwrap());
    assert!(!work::revive(pool, dead[0].id, t.clock.now()).await.unwrap(), "it lives already");
    assert_eq!(worker.drain().await.unwrap(), 1);
    assert!(work::discard(pool, dead[0].id).await.unwrap());
    assert!(!work::discard(pool, dead[0].id).await.unwrap());
    assert_eq!(work::dead_letters(pool, None, 10).await.unwrap().len(), 1);
}

/// A process that was stopped for longer than its lease wakes up: its handler is ended and it cannot finish what another has taken over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_whose_lease_was_lost_is_stopped() {
    struct Slow {
        begun: tokio::sync::mpsc::UnboundedSender<()>,
        ended: Arc<std::sync::atomic::AtomicBool>,
    }
    /// Set when the handler's task is dropped in the middle.
    struct Dropped(Arc<std::sync::atomic::AtomicBool>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, std::sync::atomic::Ordering::SeqCst);
        }
    }
    #[async_trait]
    impl WorkHandler for Slow {
        fn topic(&self) -> &'static str {
            "job"
        }
        fn lease(&self) -> std::time::Duration {
            std::time::Duration::from_millis(300)
        }
        async fn handle(&self, _: &ClaimedWork) -> Outcome {
            let _dropped = Dropped(self.ended.clone());
            self.begun.send(()).unwrap();
            std::future::pending().await
        }
    }
    let t = TestPlatform::start().await;
    add(&t, vec![job(&t, "x", "a")]).await;
    let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
    let ended = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let slow = Arc::new(Slow { begun, ended: ended.clone() });
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "slow", slow);
    let running = tokio::spawn(worker.run(stopped));
    has_begun.recv().await.unwrap();
    // Another process took the lane.
    sqlx::query(
        "UPDATE work_lane SET leased_by = 'other', fence = fence + 1, leased_until = clock_timestamp() + interval '1 hour'",
    )
    .execute(&t.database.pool)
    .await
    .unwrap();
    let stops = async {
        while !ended.load(std::sync::atomic::Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), stops).await.unwrap();
    stop.send_replace(true);
    running.await.unwrap();
    let (holder, left): (String, i64) =
        sqlx::query_as("SELECT leased_by, (SELECT count(*) FROM work) FROM work_lane").fetch_one(&t.database.pool).await.unwrap();
    assert_eq!((holder.as_str(), left), ("other", 1), "the former holder changed nothing");
}
