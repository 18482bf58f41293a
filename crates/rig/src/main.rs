//! Nothing lost, and the proof of it: a server that is killed again and again under load, and four ledgers that are compared afterwards.
//! `cargo xtask rig` builds and calls it; nothing depends on it. What it does and what it proves: `docs/reliability.md`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: the figures go out, the progress beside them"
)]

mod callbacks;
mod calm;
mod clients;
mod compare;
mod ledgers;
mod mischief;
mod plan;
mod program;
mod progress;
mod receiver;
mod report;
mod run;
mod setup;

use std::process::ExitCode;

use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};

use plan::Options;

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(async {
        let mut ended = signal(SignalKind::terminate())?;
        // Dropping the run ends what it started.
        tokio::select! {
            report = run::run(&options) => report,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped"),
            _ = ended.recv() => anyhow::bail!("stopped"),
        }
    })?;
    eprint!("{}", report.readable());
    println!("{}", report.json());
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
