//! Other job queues, each in a process of its own and used in the way that is fastest for it.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use tokio::process::Command;

use super::{Jobs, Task};
use crate::support::Bench;

#[derive(Deserialize)]
struct Printed {
    in_per_second: f64,
    done_per_second: f64,
}

/// A package of npm; `None` without Node.
pub async fn npm(bench: &Bench, which: &str, task: Task) -> anyhow::Result<Option<Jobs>> {
    let Some(folder) = &bench.node else { return Ok(None) };
    let mut command = Command::new("node");
    command.current_dir(folder).args(["jobs.mjs", which]);
    run(bench, which, command, task).await.map(Some)
}

/// apalis-postgres; `None` when its program was not built.
pub async fn apalis(bench: &Bench, program: Option<&Path>, task: Task) -> anyhow::Result<Option<Jobs>> {
    let Some(program) = program else { return Ok(None) };
    run(bench, "apalis", Command::new(program), task).await.map(Some)
}

async fn run(bench: &Bench, which: &str, mut command: Command, task: Task) -> anyhow::Result<Jobs> {
    let database = bench.theirs("").await?;
    // Node's client wants the socket's folder as a parameter, and the others understand it.
    command
        .arg(format!("postgresql://postgres@localhost/{database}?host={}", bench.socket().display()))
        .args([task.callers.to_string(), task.span.as_millis().to_string(), task.backlog.to_string()])
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.with_context(|| format!("starting {which}"))?;
    if !output.status.success() {
        bail!("{which} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let last = output.stdout.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
    let printed: Printed = serde_json::from_slice(last).with_context(|| format!("reading what {which} printed"))?;
    bench.drop_database(&database).await?;
    Ok(Jobs { in_per_second: printed.in_per_second, done_per_second: printed.done_per_second })
}
