//! An open loop: requests are due at fixed moments whether or not earlier ones were answered, and a request's latency counts from the moment
//! it was due. A server that stalls is charged for every request that had to wait, not only for the one that was on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::Instant;

use super::http::Connection;
use super::stage::Target;

/// What is asked of the loop.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Requests per second; `None`: the next as soon as there is a connection for it.
    pub rate: Option<f64>,
    /// How many in all.
    pub requests: u64,
    /// Connections: at most this many are on the way.
    pub connections: usize,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Answers a second.
    pub per_second: f64,
    /// Half of them within (ms), from when they were due.
    pub p50_ms: f64,
    /// 99 of 100 within.
    pub p99_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

/// Sends texts to the targets in turn; every answer must be 200.
pub async fn send_texts(host: &str, targets: &Arc<Vec<Target>>, plan: Plan) -> anyhow::Result<Load> {
    let next = Arc::new(AtomicU64::new(0));
    let mut connections = vec![];
    for _ in 0..plan.connections {
        connections.push(Connection::open(host).await?);
    }
    let begin = Instant::now() + Duration::from_millis(5);
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|connection| tokio::spawn(one_connection(connection, targets.clone(), plan, next.clone(), begin)))
        .collect();
    let mut took = Vec::with_capacity(usize::try_from(plan.requests)?);
    for task in tasks {
        took.extend(task.await.context("a connection broke")??);
    }
    let span = begin.elapsed().as_secs_f64();
    took.sort_unstable();
    let at =
        |share: usize| took.get(took.len() * share / 1_000).or(took.last()).copied().unwrap_or_default().as_secs_f64() * 1_000.0;
    Ok(Load { per_second: took.len() as f64 / span, p50_ms: at(500), p99_ms: at(990), max_ms: at(1_000) })
}

async fn one_connection(
    mut connection: Connection,
    targets: Arc<Vec<Target>>,
    plan: Plan,
    next: Arc<AtomicU64>,
    begin: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut took = vec![];
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= plan.requests {
            return Ok(took);
        }
        let due = match plan.rate {
            Some(rate) => begin + Duration::from_secs_f64(n as f64 / rate),
            None => Instant::now(),
        };
        tokio::time::sleep_until(due).await;
        let target = &targets[usize::try_from(n)? % targets.len()];
        let body = format!(
            r#"{{"phone":"55629{:08}","message":"Olá! O seu pedido {n} saiu para entrega e chega hoje até as 18h."}}"#,
            10_000_002 + n % 1_000 * 10
        );
        let (status, answer) = connection.send("POST", &target.send_text, &body).await?;
        if status != 200 {
            bail!("send-text answered {status}: {answer}");
        }
        took.push(due.elapsed());
    }
}
