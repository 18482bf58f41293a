//! `cargo xtask bench NAME`: measurements with targets. Every bench starts what it needs itself.

mod audit_page;
mod event_store;
mod http;
mod machine;
mod pages;
mod report;
mod session;

use std::process::ExitCode;

use clap::Args;

pub use report::Report;

use crate::signals;
use crate::step::answer;

/// What a person may choose.
#[derive(Args)]
pub struct Options {
    /// Which bench: pages, event-store, event-store-growth, audit-page (the last part of event-store-growth alone).
    name: String,
    /// A smaller run that ends within 50 s once built.
    #[arg(long)]
    quick: bool,
    /// One JSON object on standard output.
    #[arg(long)]
    json: bool,
}

/// The flag says whether to be quick about it.
type Bench = fn(bool) -> anyhow::Result<Report>;

const BENCHES: [(&str, Bench); 4] = [
    ("pages", pages::measure),
    ("event-store", event_store::measure),
    ("event-store-growth", event_store::growth),
    ("audit-page", event_store::audit_page),
];

/// Runs one bench; missing a target is a failure.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let Some((_, bench)) = BENCHES.iter().find(|(name, _)| *name == options.name) else {
        anyhow::bail!("there is no bench {:?}; there is: {}", options.name, BENCHES.map(|(name, _)| name).join(", "));
    };
    signals::listen()?;
    let report = bench(options.quick)?;
    answer(&if options.json { serde_json::to_string(&report)? } else { report.readable() });
    Ok(if report.targets.iter().all(|target| target.ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The pages' budgets, as `test` prints them.
pub fn pages_report() -> anyhow::Result<Report> {
    signals::listen()?;
    pages::measure(true)
}
