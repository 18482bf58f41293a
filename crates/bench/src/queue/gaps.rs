//! Many connected instances with work in every queue: does each message go out when it was planned? Planned is: so many seconds after the
//! message before it, as its sender asked. Counted from the second message on; the first of all queues are due at the same moment.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::Row as _;

use super::stage::{Setup, Stage};
use super::{Options, round};
use crate::support::{Bench, CpuTime, memory_mb};

/// The longest that can be asked for (plugzapi-api.md 2.2). Ten thousand queues then send 667 messages a second.
const DELAY_SECONDS: i64 = 15;

/// One run.
pub async fn measure(bench: &Bench, options: &Options) -> anyhow::Result<Vec<Value>> {
    let (instances, waiting, span) = if bench.quick { (1_000, 3, 24) } else { (10_000, 5, 62) };
    let begin = Instant::now();
    let setup = Setup { instances, waiting: Some((waiting, DELAY_SECONDS)), ..Setup::default() };
    let stage = Stage::start(bench, options, &setup).await?;
    eprintln!("{instances} instances made in {:.1} s", begin.elapsed().as_secs_f64());
    bench.forget_statements(&stage.database).await?;
    let before = CpuTime::of(bench.postmaster(), stage.pid());
    let mut largest = 0.0_f64;
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(span) {
        tokio::time::sleep(Duration::from_millis(500)).await;
        largest = largest.max(memory_mb(stage.pid()));
    }
    let spent = CpuTime::of(bench.postmaster(), stage.pid()).since(&before);
    let seconds = begin.elapsed().as_secs_f64();
    let statements = bench.statements(&stage.database).await?;
    let row = sqlx::query(
        "WITH gone AS (
             SELECT e.payload ->> 'instance' AS instance, a.aggregate_id AS message,
                    max(a.occurred_at) FILTER (WHERE a.event_type = 'message.sending') AS begun,
                    max(a.occurred_at) FILTER (WHERE a.event_type = 'message.sent') AS sent
               FROM events a JOIN events e ON e.aggregate_type = 'message' AND e.aggregate_id = a.aggregate_id AND e.sequence = 1
              WHERE a.aggregate_type = 'message' AND a.event_type IN ('message.sending', 'message.sent') GROUP BY 1, 2
         ), gap AS (
             SELECT extract(epoch FROM begun - lag(sent) OVER (PARTITION BY instance ORDER BY begun)) * 1000 - $1 * 1000 AS late_ms FROM gone
         )
         SELECT count(late_ms) AS gaps, (SELECT count(*) FROM gone WHERE sent IS NOT NULL) AS sent,
                COALESCE(min(late_ms), 0)::float8 AS earliest,
                COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY late_ms), 0)::float8 AS p50,
                COALESCE(percentile_cont(0.99) WITHIN GROUP (ORDER BY late_ms), 0)::float8 AS p99,
                COALESCE(max(late_ms), 0)::float8 AS latest
           FROM gap",
    )
    .bind(DELAY_SECONDS as f64)
    .fetch_one(&stage.pool)
    .await?;
    let (gaps, sent): (i64, i64) = (row.try_get("gaps")?, row.try_get("sent")?);
    let ms = |column: &str| anyhow::Ok(round(row.try_get::<f64, _>(column)?));
    let each = sent.max(1) as f64;
    let mut rows = vec![json!({
        "what": "gaps", "instances": instances, "gaps": gaps, "sent": sent, "per_second": (each / seconds).round(),
        "late_p50_ms": ms("p50")?, "late_p99_ms": ms("p99")?, "late_max_ms": ms("latest")?, "early_max_ms": round(-ms("earliest")?.min(0.0)),
        "rss_mb": largest.round(), "cpu_server_us": (spent.other_us / each).round(), "cpu_postgres_us": (spent.postgres_us / each).round(),
    })];
    eprintln!("{}", rows[0]);
    rows.extend(statements);
    stage.end(bench).await?;
    Ok(rows)
}
