//! `cargo xtask rig`: nothing lost, whatever is killed. `crates/rig` does it; this side builds it and the server and passes the outcome on.

use std::process::{Command, ExitCode, Stdio};

use anyhow::Context;
use clap::Args;

use crate::step::answer;
use crate::{paths, process, signals, up};

/// What a person may choose.
#[derive(Args)]
pub struct Options {
    /// Messages to send.
    #[arg(long, default_value_t = 2_000)]
    messages: usize,
    /// How often the server is killed.
    #[arg(long, default_value_t = 10)]
    kills: usize,
    /// Decides every moment and every misbehaviour.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// WhatsApp numbers that send.
    #[arg(long, default_value_t = 4)]
    instances: usize,
    /// The optimised build: what a long run wants.
    #[arg(long)]
    release: bool,
    /// A small run that ends within 50 s once built.
    #[arg(long)]
    quick: bool,
    /// One JSON object on standard output: accepted, kills, lost, duplicated, reordered.
    #[arg(long)]
    json: bool,
    /// Excuse second messages after lost answers for every client: for a server without `Idempotency-Key`.
    #[arg(long)]
    without_keys: bool,
    /// Keep the installation afterwards, in `target/rig`.
    #[arg(long)]
    keep: bool,
}

/// Runs it; anything lost, doubled or out of order is a failure.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    signals::listen()?;
    up::ensure_postgres()?;
    let folder = build(options.release)?;
    let mut command = rig(&folder);
    for (name, value) in [
        ("--messages", options.messages.to_string()),
        ("--kills", options.kills.to_string()),
        ("--seed", options.seed.to_string()),
        ("--instances", options.instances.to_string()),
    ] {
        command.args([name, &value]);
    }
    for (name, given) in [("--quick", options.quick), ("--without-keys", options.without_keys), ("--keep", options.keep)] {
        if given {
            command.arg(name);
        }
    }
    let output = command.stderr(Stdio::inherit()).stdout(Stdio::piped()).output().context("starting recado-rig")?;
    if options.json {
        answer(String::from_utf8_lossy(&output.stdout).trim());
    }
    Ok(if output.status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The short form, with the server the other tests use.
pub fn short() -> anyhow::Result<bool> {
    up::ensure_postgres()?;
    let folder = build(false)?;
    Ok(rig(&folder)
        .args(["--messages", "2000", "--kills", "10"])
        .stdout(Stdio::null())
        .status()
        .context("starting recado-rig")?
        .success())
}

fn rig(folder: &std::path::Path) -> Command {
    let mut command = Command::new(folder.join("recado-rig"));
    command.arg("--server").arg(folder.join("recado")).arg("--folder").arg(paths::target().join("rig"));
    command
}

/// Both programs, with the features that `test` uses; returns where they are.
fn build(release: bool) -> anyhow::Result<std::path::PathBuf> {
    let mut command = process::cargo();
    command.args(["build", "--quiet", "--workspace", "--exclude", "frontend", "--bin", "recado", "--bin", "recado-rig"]);
    if release {
        command.args(["--profile", "measure"]);
    }
    process::run(&mut command)?;
    Ok(paths::target().join(if release { "measure" } else { "debug" }))
}
