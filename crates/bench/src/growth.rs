//! What a command costs when the log holds ten thousand, a million, ten million events.

use std::time::Duration;

use recado_event_store::{Alongside, CommandBus, EventLog, reader};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::event_store::sample::{Record, Sample, SampleEvent, account, fresh, meta};
use crate::support::{Bench, Figure, closed_loop};

const EVENTS_A_STREAM: i64 = 5;
const TASKS: usize = 8;

/// Grows one log and measures at each size.
pub async fn measure(bench: &Bench) -> anyhow::Result<Value> {
    let sizes: &[i64] = if bench.quick { &[10_000, 100_000] } else { &[10_000, 1_000_000, 10_000_000] };
    let span = Duration::from_secs(if bench.quick { 1 } else { 4 });
    let database = bench.ours().await?;
    let pool = bench.pool(&database, 24).await?;
    let (mut rows, mut streams) = (Vec::new(), 0);
    for &size in sizes {
        let wanted = size / EVENTS_A_STREAM;
        eprintln!("growing the log to {size} events");
        fill(&pool, streams * EVENTS_A_STREAM, size).await?;
        streams = wanted;
        let log = EventLog::start(pool.clone());
        let bus = CommandBus::<Sample>::remembering(log.clone(), 0);
        let load = {
            let pool = pool.clone();
            closed_loop(bench, TASKS, span, move |task, n| {
                let (pool, id) = (pool.clone(), stream_id(somewhere(task, n, wanted)));
                async move {
                    anyhow::ensure!(!reader::read_stream(&pool, "sample", &id, 0).await?.is_empty(), "there is no stream {id}");
                    Ok(())
                }
            })
            .await?
        };
        let salt = u64::try_from(size)?;
        let append = {
            let bus = bus.clone();
            closed_loop(bench, TASKS, span, move |task, n| {
                let bus = bus.clone();
                async move {
                    let id = fresh(task, n + salt * 1_000).to_string();
                    bus.create_with(&id, Record { amount: 1 }, meta(task, n + salt * 1_000), |_, _| Alongside::default()).await?;
                    Ok(())
                }
            })
            .await?
        };
        for (name, figure) in [("load a stream of 5", load), ("append", append)] {
            eprintln!(
                "{size} events, {name}: {:.0}/s p50 {:.2} ms p99 {:.2} ms",
                figure.per_second, figure.p50_ms, figure.p99_ms
            );
            rows.push(row(size, name, figure));
        }
    }
    pool.close().await;
    bench.drop_database(&database).await?;
    Ok(json!({"fdatasync_ms": bench.fdatasync_ms, "rows": rows}))
}

fn row(events: i64, what: &str, figure: Figure) -> Value {
    let cents = |value: f64| (value * 100.0).round() / 100.0;
    json!({
        "events": events, "what": what, "concurrent": TASKS, "per_second": figure.per_second.round(),
        "p50_ms": cents(figure.p50_ms), "p99_ms": cents(figure.p99_ms),
    })
}

/// Any of the streams, old or new, always in another order.
fn somewhere(task: usize, n: u64, streams: i64) -> i64 {
    let mixed = Uuid::new_v5(&Uuid::nil(), &((task as u64) << 40 | n).to_le_bytes()).as_u64_pair().0;
    i64::try_from(mixed % u64::try_from(streams).unwrap_or(1)).unwrap_or_default()
}

/// Ids rise with age, as ours do.
fn stream_id(n: i64) -> String {
    Uuid::from_u64_pair(0x0199_0000_0000_7000_u64, 0x8000_0000_0000_0000 | n.unsigned_abs()).to_string()
}

/// Grows the log from one number of events to another.
pub async fn fill(pool: &PgPool, from: i64, to: i64) -> anyhow::Result<()> {
    let (mut streams, wanted) = (from / EVENTS_A_STREAM, to / EVENTS_A_STREAM);
    while streams < wanted {
        let next = (streams + 100_000).min(wanted);
        grow(pool, streams, next).await?;
        streams = next;
    }
    sqlx::query("VACUUM (ANALYZE) events").execute(pool).await?;
    sqlx::query("CHECKPOINT").execute(pool).await?;
    Ok(())
}

async fn grow(pool: &PgPool, from: i64, to: i64) -> anyhow::Result<()> {
    let ids: Vec<String> = (from..to).map(stream_id).collect();
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                             command_id, correlation_id, occurred_at)
         SELECT $1, 'sample', id, n, 'sample.recorded', '1', $3, 'system:bench', 'job', gen_random_uuid(), gen_random_uuid(), now()
           FROM unnest($2::text[]) id, generate_series(1, $4) n",
    )
    .bind(account(usize::try_from(from)?).as_uuid())
    .bind(ids)
    .bind(serde_json::to_value(SampleEvent::numbered(1))?)
    .bind(EVENTS_A_STREAM)
    .execute(pool)
    .await?;
    Ok(())
}
