//! How many texts are taken into queues: connected instances with the usual pace, so that sending goes on beside it.

use std::time::Duration;

use serde_json::{Value, json};

use super::load::{Plan, send_texts};
use super::stage::{Setup, Stage};
use super::{Options, round};
use crate::support::{Bench, CpuTime};

const INSTANCES: usize = 200;
const CONNECTIONS: usize = 64;

/// As fast as it goes, then at fixed rates.
pub async fn measure(bench: &Bench, options: &Options) -> anyhow::Result<Vec<Value>> {
    let stage = Stage::start(bench, options, &Setup { instances: INSTANCES, ..Setup::default() }).await?;
    let seconds = if bench.quick { 3.0 } else { 15.0 };
    let mut rows = vec![];
    // Connections and plans are made before the clock runs.
    send_texts(&stage.host, &stage.targets, Plan { rate: None, requests: 500, connections: CONNECTIONS }).await?;
    bench.forget_statements(&stage.database).await?;
    for (what, rate) in [("at 1,000/s", Some(1_000.0)), ("as fast as it goes", None)] {
        // Without a rate: as many as were expected of it, the span is what it takes.
        let requests = (rate.unwrap_or(3_000.0) * seconds) as u64;
        let before = CpuTime::of(bench.postmaster(), stage.pid());
        let load = send_texts(&stage.host, &stage.targets, Plan { rate, requests, connections: CONNECTIONS }).await?;
        let spent = CpuTime::of(bench.postmaster(), stage.pid()).since(&before);
        let each = requests as f64;
        rows.push(json!({
            "what": "accept", "load": what, "per_second": load.per_second.round(), "p50_ms": round(load.p50_ms), "p99_ms": round(load.p99_ms),
            "max_ms": round(load.max_ms), "cpu_server_us": (spent.other_us / each).round(),
            "cpu_postgres_us": (spent.postgres_us / each).round(), "cpu_generator_us": (spent.client_us / each).round(),
        }));
        eprintln!("{}", rows.last().unwrap_or(&Value::Null));
        // What is left of one load must not weigh on the next.
        tokio::time::sleep(Duration::from_secs(if bench.quick { 1 } else { 5 })).await;
    }
    rows.extend(bench.statements(&stage.database).await?);
    stage.end(bench).await?;
    Ok(rows)
}
