//! How fast a read model catches up, and what building one anew costs while commands go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use recado_event_store::projection::rebuild::Rebuild;
use recado_event_store::{CommandBus, EventLog, Projector};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::sync::watch;

use crate::event_store::ours::{self, Totals};
use crate::event_store::sample::{Record, Sample, existing, fresh, meta};
use crate::growth;
use crate::support::{Bench, closed_loop};

/// Commands at once while the rebuild goes on: a busy installation, not a saturated one.
const TASKS: usize = 4;
const PAUSE: Duration = Duration::from_millis(2);

/// Catch-up, then rebuild under load.
pub async fn measure(bench: &Bench) -> anyhow::Result<Value> {
    let (for_catch_up, for_rebuild) = if bench.quick { (100_000, 100_000) } else { (400_000, 1_000_000) };
    let mut rates = Vec::new();
    for _ in 0..if bench.quick { 1 } else { 3 } {
        rates.push(catch_up(bench, for_catch_up).await?);
    }
    rates.sort_by(f64::total_cmp);
    let rate = rates[rates.len() / 2];
    let mut rows = vec![json!({"what": "catch-up of one read model", "events": for_catch_up, "per_second": rate.round()})];
    rows.extend(rebuild(bench, for_rebuild).await?);
    Ok(json!({"fdatasync_ms": bench.fdatasync_ms, "catch_up_per_second": rate, "rows": rows}))
}

async fn catch_up(bench: &Bench, events: i64) -> anyhow::Result<f64> {
    let (database, pool) = stage(bench, events).await?;
    let log = EventLog::start(pool.clone());
    let begin = Instant::now();
    Projector::new(log).with(Arc::new(Totals)).catch_up().await?;
    let took = begin.elapsed();
    check(&pool).await?;
    pool.close().await;
    bench.drop_database(&database).await?;
    let rate = events as f64 / took.as_secs_f64();
    eprintln!("catch-up: {events} events, {rate:.0}/s");
    Ok(rate)
}

/// Three times the same load: alone, then beside the rebuild; and the rebuild alone.
async fn rebuild(bench: &Bench, events: i64) -> anyhow::Result<Vec<Value>> {
    let (database, pool) = stage(bench, events).await?;
    let log = EventLog::start(pool.clone());
    Projector::new(log.clone()).with(Arc::new(Totals)).catch_up().await?;
    let (stop, stopped) = watch::channel(false);
    let follower = tokio::spawn(Projector::new(log.clone()).with(Arc::new(Totals)).run(stopped.clone()));

    let alone = one_rebuild(&log, &stopped).await?;
    let load_alone = load(bench, &log, Duration::from_secs(4), 0).await?;
    let (built, under_load) = {
        let (over, until) = watch::channel(false);
        let beside = tokio::spawn({
            let (log, stopped) = (log.clone(), stopped.clone());
            async move {
                let took = one_rebuild(&log, &stopped).await;
                over.send_replace(true);
                took
            }
        });
        let figure = load_until(bench, &log, until).await?;
        (beside.await.context("the rebuild broke")??, figure)
    };
    let last: (i64, i64) =
        sqlx::query_as("SELECT txid, global_position FROM events ORDER BY txid DESC, global_position DESC LIMIT 1")
            .fetch_one(&pool)
            .await?;
    let last = recado_event_store::Position { txid: last.0, position: last.1 };
    anyhow::ensure!(log.wait_for(ours::TOTALS, last, Duration::from_secs(60)).await, "the read model did not catch up");
    check(&pool).await?;
    stop.send_replace(true);
    follower.await.context("the projector broke")?;
    pool.close().await;
    bench.drop_database(&database).await?;
    let rate = |took: Duration| (events as f64 / took.as_secs_f64()).round();
    let cents = |value: f64| (value * 100.0).round() / 100.0;
    eprintln!("rebuild: alone {:.1} s, beside commands {:.1} s", alone.as_secs_f64(), built.as_secs_f64());
    Ok(vec![
        json!({"what": "rebuild, nothing else going on", "events": events, "per_second": rate(alone), "seconds": cents(alone.as_secs_f64())}),
        json!({"what": "rebuild while commands go on", "events": events, "per_second": rate(built), "seconds": cents(built.as_secs_f64()),
               "times_slower": cents(built.as_secs_f64() / alone.as_secs_f64())}),
        json!({"what": "commands, no rebuild", "concurrent": TASKS, "per_second": load_alone.per_second.round(), "p50_ms": cents(load_alone.p50_ms), "p99_ms": cents(load_alone.p99_ms)}),
        json!({"what": "commands during the rebuild", "concurrent": TASKS, "per_second": under_load.per_second.round(), "p50_ms": cents(under_load.p50_ms), "p99_ms": cents(under_load.p99_ms),
               "times_slower": cents(under_load.p50_ms / load_alone.p50_ms)}),
    ])
}

async fn one_rebuild(log: &EventLog, stopped: &watch::Receiver<bool>) -> anyhow::Result<Duration> {
    let begin = Instant::now();
    Rebuild::new(log.clone(), Arc::new(Totals), "bench")?.run(stopped.clone(), |_| {}).await?;
    Ok(begin.elapsed())
}

async fn load(bench: &Bench, log: &EventLog, span: Duration, salt: u64) -> anyhow::Result<crate::support::Figure> {
    let bus = CommandBus::<Sample>::new(log.clone());
    closed_loop(bench, TASKS, span, move |task, n| {
        let bus = bus.clone();
        async move {
            tokio::time::sleep(PAUSE).await;
            let id = if n % 2 == 0 { fresh(task, n + salt).to_string() } else { existing(TASKS, task, n) };
            bus.execute(&id, Record { amount: 1 }, meta(task, n + salt)).await?;
            Ok(())
        }
    })
    .await
}

/// Goes on in short spans until told that the rebuild is over; figures are of all spans together.
async fn load_until(bench: &Bench, log: &EventLog, over: watch::Receiver<bool>) -> anyhow::Result<crate::support::Figure> {
    static SPANS: AtomicU64 = AtomicU64::new(1);
    let mut all = Vec::new();
    while !*over.borrow() {
        let salt = SPANS.fetch_add(1, Ordering::Relaxed) * 10_000_000;
        all.push(load(bench, log, Duration::from_secs(1), salt).await?);
    }
    crate::support::median(&all).context("the rebuild was over before a command began")
}

async fn stage(bench: &Bench, events: i64) -> anyhow::Result<(String, PgPool)> {
    let database = bench.ours().await?;
    let pool = bench.pool(&database, 24).await?;
    ours::totals_table(&pool).await?;
    growth::fill(&pool, 0, events).await?;
    Ok((database, pool))
}

/// The read model is the log, folded once.
async fn check(pool: &PgPool) -> anyhow::Result<()> {
    let (folded, stored): (Option<i64>, i64) =
        sqlx::query_as("SELECT (SELECT sum(entries)::bigint FROM sample_totals), (SELECT count(*) FROM events)")
            .fetch_one(pool)
            .await?;
    anyhow::ensure!(folded == Some(stored), "{stored} events were folded into {folded:?}");
    Ok(())
}
