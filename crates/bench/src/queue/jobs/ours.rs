//! Recado's durable work: each job comes with the event and the command id it belongs to, and lies in a lane of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use async_trait::async_trait;
use chrono::Utc;
use recado_event_store::{Alongside, ClaimedWork, CommandBus, EventLog, NewWork, Outcome, WorkHandler, Worker};
use recado_kernel::{Clock, Timestamp};
use serde_json::json;
use tokio::sync::watch;

use super::{Jobs, Task};
use crate::event_store::sample::{Record, Sample, account, fresh, meta};
use crate::support::{Bench, closed_loop};

const TOPIC: &str = "job";

struct Nothing {
    done: AtomicUsize,
}

#[async_trait]
impl WorkHandler for Nothing {
    fn topic(&self) -> &'static str {
        TOPIC
    }
    fn concurrency(&self) -> usize {
        256
    }
    async fn handle(&self, _: &ClaimedWork) -> Outcome {
        self.done.fetch_add(1, Ordering::Relaxed);
        Outcome::done()
    }
}

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Utc::now()
    }
}

/// One round.
pub async fn run(bench: &Bench, task: Task) -> anyhow::Result<Jobs> {
    let database = bench.ours().await?;
    let pool = bench.pool(&database, 24).await?;
    let log = EventLog::start(pool.clone());
    let bus = CommandBus::<Sample>::new(log.clone());
    let added = closed_loop(bench, task.callers, task.span, move |caller, n| {
        let bus = bus.clone();
        async move {
            let (id, meta) = (fresh(caller, n).to_string(), meta(caller, n));
            let job = NewWork {
                id: meta.command_id.as_uuid(),
                topic: TOPIC.into(),
                lane: id.clone(),
                account_id: account(caller),
                subject: String::new(),
                payload: json!({"n": n}),
                due_at: Utc::now(),
                cause: None,
            };
            let alongside = move |_: &_, _: &[_]| Alongside { work: vec![job.clone()], ..Alongside::default() };
            bus.create_with(&id, Record { amount: 1 }, meta, alongside).await?;
            Ok(())
        }
    })
    .await?;
    sqlx::query("TRUNCATE work, work_lane").execute(&pool).await?;
    sqlx::query(
        "WITH job AS (INSERT INTO work (id, topic, lane, account_id, payload, due_at)
                      SELECT gen_random_uuid(), 'job', gen_random_uuid()::text, gen_random_uuid(), jsonb_build_object('n', n), now() - interval '1 s'
                        FROM generate_series(1, $1::bigint) n RETURNING topic, lane, due_at)
         INSERT INTO work_lane (topic, lane, due_at) SELECT topic, lane, due_at FROM job",
    )
    .bind(i64::try_from(task.backlog)?)
    .execute(&pool)
    .await?;
    sqlx::query("VACUUM ANALYZE work, work_lane").execute(&pool).await?;
    let handler = Arc::new(Nothing { done: AtomicUsize::new(0) });
    let (stop, stopped) = watch::channel(false);
    let begin = Instant::now();
    let running = tokio::spawn(Worker::new(log, Arc::new(WallClock), "bench", handler.clone()).run(stopped));
    let left = "SELECT EXISTS (SELECT 1 FROM work)";
    while handler.done.load(Ordering::Relaxed) < task.backlog || sqlx::query_scalar(left).fetch_one(&pool).await? {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let span = begin.elapsed().as_secs_f64();
    stop.send_replace(true);
    running.await?;
    pool.close().await;
    bench.drop_database(&database).await?;
    Ok(Jobs { in_per_second: added.per_second, done_per_second: task.backlog as f64 / span })
}
