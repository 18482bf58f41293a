//! Job queues from npm, in a Node of their own, each used in the way that is fastest for it.

use std::process::Stdio;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::{Jobs, Task};
use crate::support::Bench;

#[derive(Deserialize)]
struct Printed {
    in_per_second: f64,
    done_per_second: f64,
}

/// One round; `None` without Node.
pub async fn run(bench: &Bench, which: &str, task: Task) -> anyhow::Result<Option<Jobs>> {
    let Some(folder) = &bench.node else { return Ok(None) };
    let database = bench.theirs("").await?;
    let url = format!("postgresql://postgres@localhost/{database}?host={}", bench.socket().display());
    let output = tokio::process::Command::new("node")
        .current_dir(folder)
        .args(["jobs.mjs", which, &url])
        .args([task.callers.to_string(), task.span.as_millis().to_string(), task.backlog.to_string()])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("starting node")?;
    if !output.status.success() {
        bail!("{which} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let last = output.stdout.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
    let printed: Printed = serde_json::from_slice(last).with_context(|| format!("reading what {which} printed"))?;
    bench.drop_database(&database).await?;
    Ok(Some(Jobs { in_per_second: printed.in_per_second, done_per_second: printed.done_per_second }))
}
