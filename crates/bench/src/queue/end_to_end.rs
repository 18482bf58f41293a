//! From acceptance to the delivery webhook, pacing off: accepted over HTTP, marked, handed to the simulated WhatsApp, recorded, told to a
//! receiver. At most so many messages are under way as a queue of two seconds holds: the rate is one that can be kept up.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::{Value, json};

use super::load::{Plan, send_texts};
use super::receiver::Receiver;
use super::stage::{Setup, Stage};
use super::{Options, round};
use crate::support::{Bench, CpuTime};

const INSTANCES: usize = 200;
/// Accepted and not yet told.
const UNDER_WAY: u64 = 2_000;
const PATIENCE: Duration = Duration::from_secs(120);

/// One run.
pub async fn measure(bench: &Bench, options: &Options) -> anyhow::Result<Vec<Value>> {
    let (receiver, url) = Receiver::start().await?;
    let setup = Setup { instances: INSTANCES, webhook: Some(url), gap: Some("0-0"), ..Setup::default() };
    let stage = Stage::start(bench, options, &setup).await?;
    let messages: u64 = if bench.quick { 3_000 } else { 20_000 };
    let warm_up = 500;
    send_texts(&stage.host, &stage.targets, Plan { rate: None, requests: warm_up, connections: 16 }).await?;
    told(&receiver, warm_up).await?;
    bench.forget_statements(&stage.database).await?;
    let before = CpuTime::of(bench.postmaster(), stage.pid());
    let begin = Instant::now();
    let mut accepted = warm_up;
    while accepted < messages + warm_up {
        told(&receiver, accepted.saturating_sub(UNDER_WAY)).await?;
        let requests = 500.min(messages + warm_up - accepted);
        send_texts(&stage.host, &stage.targets, Plan { rate: None, requests, connections: 16 }).await?;
        accepted += requests;
    }
    told(&receiver, accepted).await?;
    let span = begin.elapsed().as_secs_f64();
    let spent = CpuTime::of(bench.postmaster(), stage.pid()).since(&before);
    let each = messages as f64;
    let mut rows = vec![json!({
        "what": "end to end", "messages": messages, "per_second": (each / span).round(), "calls": receiver.calls(),
        "cpu_server_us": (spent.other_us / each).round(), "cpu_postgres_us": (spent.postgres_us / each).round(),
        "cpu_generator_us": (spent.client_us / each).round(), "seconds": round(span),
    })];
    eprintln!("{}", rows[0]);
    rows.extend(bench.statements(&stage.database).await?);
    stage.end(bench).await?;
    Ok(rows)
}

async fn told(receiver: &Receiver, messages: u64) -> anyhow::Result<()> {
    let begin = Instant::now();
    while receiver.told() < messages {
        ensure!(begin.elapsed() < PATIENCE, "{} of {messages} messages were told", receiver.told());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}
