//! emmett-postgresql from npm with its defaults, in a Node of its own.

use std::process::Stdio;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::sample::EXISTING;
use super::{Cell, Kind};
use crate::support::{Bench, CpuTime, Figure, Spent};

#[derive(Deserialize)]
struct Printed {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    count: u64,
    client_us: f64,
}

/// One cell of the table; `None` without Node or for what is not compared.
pub async fn run(bench: &Bench, cell: Cell) -> anyhow::Result<Option<Figure>> {
    let Some(folder) = bench.node.as_ref().filter(|_| !cell.projected) else { return Ok(None) };
    let database = bench.theirs("").await?;
    let kind = if cell.kind == Kind::Create { "create" } else { "existing" };
    let cpu = CpuTime::now(bench.postmaster());
    let output = tokio::process::Command::new("node")
        .current_dir(folder)
        .args(["emmett.mjs", &node_url(bench, &database), kind, &cell.tasks.to_string()])
        .args([cell.span.as_millis().to_string(), EXISTING.to_string()])
        .stdin(Stdio::null())
        .output()
        .await
        .context("starting node")?;
    if !output.status.success() {
        bail!("emmett ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let spent = CpuTime::now(bench.postmaster()).since(&cpu);
    let printed: Printed = serde_json::from_slice(&output.stdout).context("reading what emmett.mjs printed")?;
    bench.drop_database(&database).await?;
    // The server's share includes making the existing streams: an upper bound.
    let cpu =
        Spent { client_us: printed.client_us, postgres_us: spent.postgres_us / printed.count.max(1) as f64, ..Spent::default() };
    let Printed { per_second, p50_ms, p99_ms, count, .. } = printed;
    Ok(Some(Figure { per_second, p50_ms, p99_ms, count, cpu }))
}

/// Node's client wants the socket's folder as a parameter.
fn node_url(bench: &Bench, database: &str) -> String {
    format!("postgresql://postgres@localhost/{database}?host={}", bench.socket().display())
}
