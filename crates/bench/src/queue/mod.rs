//! The send queue from outside: a real `recado` server on a PostgreSQL of its own, spoken to over HTTP, telling a real receiver.

mod accept;
mod end_to_end;
mod gaps;
mod http;
mod jobs;
mod load;
mod receiver;
mod stage;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::Bench;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// Only these parts: accept, end-to-end, gaps, jobs.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The program that measures apalis-postgres; without it that neighbour is left out.
    #[arg(long)]
    apalis: Option<PathBuf>,
    /// Also print the statements that cost the most, by pg_stat_statements.
    #[arg(long)]
    statements: bool,
}

/// Measures everything, or what was asked for.
pub async fn measure(bench: &Bench, options: &Options) -> anyhow::Result<Value> {
    if options.statements {
        bench.load_statistics().await?;
    }
    let wanted = |part: &str| options.only.is_empty() || options.only.iter().any(|only| only == part);
    let mut rows = vec![];
    if wanted("accept") {
        rows.extend(accept::measure(bench, options).await?);
    }
    if wanted("end-to-end") {
        rows.extend(end_to_end::measure(bench, options).await?);
    }
    if wanted("gaps") {
        rows.extend(gaps::measure(bench, options).await?);
    }
    if wanted("jobs") {
        rows.extend(jobs::measure(bench, options).await?);
    }
    Ok(json!({ "fdatasync_ms": bench.fdatasync_ms, "rows": rows }))
}

/// Two decimals are enough for people.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
