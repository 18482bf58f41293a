//! Many lanes, few statements: switches, pauses in the middle, pacing, and what a scheduler with nothing to do costs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::{self, LaneSwitch, Outcome};
use recado_event_store::{ClaimedWork, WorkHandler, Worker};
use recado_kernel::Clock as _;
use recado_testkit::TestPlatform;

use crate::work::{Scripted, add, job, switch};

fn worker(t: &TestPlatform, handler: Arc<dyn WorkHandler>) -> Worker {
    Worker::new(t.platform.log.clone(), t.platform.clock.clone(), "one", handler)
}

#[tokio::test]
async fn work_goes_on_only_while_both_switches_are_on() {
    let t = TestPlatform::start().await;
    let handler = Scripted::new(|_| Outcome::done());
    let worker = worker(&t, handler.clone());
    switch(&t, "x", None, Some(true)).await;
    add(&t, vec![job(&t, "x", "a")]).await;
    for (open, paused, goes_on) in
        [(Some(false), None, false), (None, Some(false), false), (None, Some(true), false), (Some(true), None, false)]
    {
        switch(&t, "x", open, paused).await;
        worker.drain().await.unwrap();
        assert_eq!(!handler.done().is_empty(), goes_on, "{open:?} {paused:?}");
    }
    let state = work::lane_state(t.platform.pool(), "job", "x").await.unwrap();
    assert_eq!((state.open, state.paused), (true, true));
    switch(&t, "x", None, Some(false)).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a"]);
    // A switch of an empty lane is remembered, too.
    switch(&t, "x", None, Some(true)).await;
    add(&t, vec![job(&t, "x", "b")]).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a"]);
    let unknown = work::lane_state(t.platform.pool(), "job", "nobody").await.unwrap();
    assert_eq!((unknown.open, unknown.paused, unknown.not_before), (true, false, None));
}

#[tokio::test]
async fn a_pause_in_the_middle_is_no_attempt_and_goes_on_where_it_was() {
    let t = TestPlatform::start().await;
    let clock = t.clock.clone();
    let seen: Arc<Mutex<Vec<(String, i16, i32)>>> = Arc::default();
    let told = seen.clone();
    let handler = Scripted::new(move |work: &ClaimedWork| {
        told.lock().unwrap().push((work.subject.clone(), work.step, work.attempts));
        if work.step == 0 { Outcome::Pause { until: clock.now() + Duration::seconds(5), step: 7 } } else { Outcome::done() }
    });
    let worker = worker(&t, handler);
    add(&t, vec![job(&t, "x", "a"), job(&t, "x", "b")]).await;
    worker.drain().await.unwrap();
    // What comes meanwhile wakes nobody: it is behind.
    add(&t, vec![job(&t, "x", "c")]).await;
    assert_eq!(worker.drain().await.unwrap(), 0);
    t.clock.advance(Duration::seconds(5));
    worker.drain().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [("a".into(), 0, 1), ("a".into(), 7, 1), ("b".into(), 0, 1)]);
}

#[tokio::test]
async fn opening_a_lane_frees_what_was_held_and_keeps_its_pacing() {
    let t = TestPlatform::start().await;
    let clock = t.clock.clone();
    let handler = Scripted::new(move |work: &ClaimedWork| match (work.subject.as_str(), work.step) {
        ("a", 0) => Outcome::Pause { until: clock.now() + Duration::seconds(60), step: 1 },
        _ => Outcome::Done { not_before: Some(clock.now() + Duration::seconds(3)) },
    });
    let worker = worker(&t, handler.clone());
    add(&t, vec![job(&t, "x", "a"), job(&t, "x", "b")]).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a"]);
    t.clock.advance(Duration::seconds(1));
    switch(&t, "x", Some(false), None).await;
    worker.drain().await.unwrap();
    switch(&t, "x", Some(true), None).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a", "a"], "it did not wait for the minute to pass");
    // b is not held, it is paced: closing and opening does not shorten that.
    switch(&t, "x", Some(false), None).await;
    switch(&t, "x", Some(true), None).await;
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a", "a"]);
    t.clock.advance(Duration::seconds(3));
    worker.drain().await.unwrap();
    assert_eq!(handler.done(), ["a", "a", "b"]);
}

#[tokio::test]
async fn a_lane_that_had_to_wait_once_is_gone_when_it_is_empty() {
    let t = TestPlatform::start().await;
    let now = t.clock.now();
    let handler = Scripted::new(move |work: &ClaimedWork| match work.attempts {
        1 => Outcome::Retry { at: now + Duration::seconds(10), error: "not yet".into() },
        _ => Outcome::done(),
    });
    let worker = worker(&t, handler);
    add(&t, vec![job(&t, "x", "a")]).await;
    worker.drain().await.unwrap();
    t.clock.advance(Duration::seconds(10));
    worker.drain().await.unwrap();
    let lanes: i64 = sqlx::query_scalar("SELECT count(*) FROM work_lane").fetch_one(t.platform.pool()).await.unwrap();
    assert_eq!(lanes, 0);
}

/// Statements that touch these tables since the cluster began, seen from this database.
async fn looks(t: &TestPlatform) -> i64 {
    let mut db = t.database.pool.acquire().await.unwrap();
    sqlx::query("SELECT pg_stat_force_next_flush()").execute(&mut *db).await.unwrap();
    sqlx::query_scalar(
        "SELECT COALESCE(idx_scan, 0) + COALESCE(seq_scan, 0) FROM pg_stat_user_tables WHERE relname = 'work_lane'",
    )
    .fetch_one(&mut *db)
    .await
    .unwrap()
}

/// Ten thousand closed, ten thousand paced and ten thousand empty lanes: a worker that runs beside them looks about once a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lanes_with_nothing_to_do_cost_nothing() {
    let t = TestPlatform::start().await;
    let pool = t.platform.pool();
    for (name, open, due) in [("closed", false, "-infinity"), ("paced", true, "2030-01-01"), ("empty", true, "infinity")] {
        sqlx::query(
            "INSERT INTO work_lane (topic, lane, open, due_at) SELECT 'job', $1 || n, $2, $3::timestamptz FROM generate_series(1, 10000) n",
        )
        .bind(name)
        .bind(open)
        .bind(due)
        .execute(pool)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO work (id, topic, lane, account_id, payload, due_at) SELECT gen_random_uuid(), 'job', $1 || n, gen_random_uuid(), '{}', '2026-01-01'
               FROM generate_series(1, 10000) n WHERE $1 <> 'empty'",
        )
        .bind(name)
        .execute(pool)
        .await
        .unwrap();
    }
    let handler = Scripted::new(|_| Outcome::done());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let before = looks(&t).await;
    let running = tokio::spawn(worker(&t, handler.clone()).run(stopped));
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    stop.send_replace(true);
    running.await.unwrap();
    let after = looks(&t).await;
    assert!(handler.done().is_empty());
    // Two scans a look (what is due, what is next), and a busy machine may be late.
    assert!(after - before <= 20, "{} scans in three seconds", after - before);
}

/// Counts how many run at once.
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
    gate: tokio::sync::Semaphore,
}

#[async_trait]
impl WorkHandler for Crowd {
    fn topic(&self) -> &'static str {
        "job"
    }
    fn concurrency(&self) -> usize {
        20
    }
    async fn handle(&self, _: &ClaimedWork) -> Outcome {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        drop(self.gate.acquire().await.unwrap());
        self.now.fetch_sub(1, Ordering::SeqCst);
        Outcome::done()
    }
}

/// Hundreds of lanes end at the same time and are recorded together; each exactly once, never more at once than there are places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ends_recorded_together_end_each_their_own_lane() {
    let t = TestPlatform::start().await;
    let crowd = Arc::new(Crowd { now: AtomicUsize::new(0), most: AtomicUsize::new(0), gate: tokio::sync::Semaphore::new(0) });
    add(&t, (0..300).flat_map(|lane| [job(&t, &lane.to_string(), "first"), job(&t, &lane.to_string(), "second")]).collect())
        .await;
    // A lane another process took over while we were at it: our end of it changes nothing.
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(worker(&t, crowd.clone()).run(stopped));
    let twenty = async {
        while crowd.now.load(Ordering::SeqCst) < 20 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), twenty).await.unwrap();
    let stolen: String = sqlx::query_scalar(
        "UPDATE work_lane SET leased_by = 'other', fence = fence + 1, leased_until = clock_timestamp() + interval '1 hour'
          WHERE lane = (SELECT lane FROM work_lane WHERE leased_by IS NOT NULL LIMIT 1) RETURNING lane",
    )
    .fetch_one(t.platform.pool())
    .await
    .unwrap();
    crowd.gate.add_permits(20);
    let all_done = async {
        while work::counts(t.platform.pool()).await.unwrap() != [("job".to_owned(), 2)] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), all_done).await.unwrap();
    stop.send_replace(true);
    running.await.unwrap();
    assert_eq!(crowd.most.load(Ordering::SeqCst), 20);
    let left: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT lane, leased_by FROM work_lane").fetch_all(t.platform.pool()).await.unwrap();
    assert_eq!(left, [(stolen, Some("other".to_owned()))], "the other lanes are empty and gone, this one is not ours");
}

#[tokio::test]
async fn switches_of_many_lanes_are_set_at_once() {
    let t = TestPlatform::start().await;
    let lanes: Vec<LaneSwitch> = (0..500)
        .map(|n| LaneSwitch { lane: format!("lane {n}"), open: Some(n % 2 == 0), paused: None, at: t.clock.now() })
        .collect();
    let mut db = t.database.pool.acquire().await.unwrap();
    for _ in 0..2 {
        work::set_lanes(&mut db, "job", &lanes).await.unwrap();
    }
    work::set_lanes(&mut db, "job", &[]).await.unwrap();
    let open: i64 = sqlx::query_scalar("SELECT count(*) FROM work_lane WHERE open").fetch_one(t.platform.pool()).await.unwrap();
    assert_eq!(open, 250);
}
