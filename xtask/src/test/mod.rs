//! `cargo xtask test`: everything that proves the tree, set-up included. Later steps run even when earlier ones failed,
//! so that one run tells all; the last line counts.

mod api;
mod browser;
mod database;
mod steps;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::step::{answer, complain, elapsed, say};
use tally::Tally;

/// What a person may choose.
#[derive(Args)]
pub struct Options {
    /// Only these steps (comma-separated): format, check, client, clippy, cargo, api, rig, browser, budgets.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// Runs the steps and prints `N passed, N failed` as the last line.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = options.only.iter().find(|name| !steps::ALL.iter().any(|(known, _)| known == name)) {
        anyhow::bail!("there is no step {unknown:?}; the steps are {}", steps::ALL.map(|(name, _)| name).join(", "));
    }
    let begin = Instant::now();
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for (name, work) in steps::ALL {
        if !options.only.is_empty() && !options.only.iter().any(|wanted| wanted == name) {
            continue;
        }
        say(&format!("==> {name}"));
        let step_begin = Instant::now();
        let tally = work().unwrap_or_else(|error| {
            complain(&format!("{name}: {error:#}"));
            Tally::of(false)
        });
        lines.push(format!(
            "  {name:<8} {:>5} passed {:>3} failed  {}",
            tally.passed,
            tally.failed,
            elapsed(step_begin.elapsed())
        ));
        total = total + tally;
    }
    say("");
    lines.iter().for_each(|line| say(line));
    say(&format!("  in {}", elapsed(begin.elapsed())));
    answer(&total.to_string());
    Ok(if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
