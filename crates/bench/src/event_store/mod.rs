//! Commands per second of Recado and of its neighbours: one body, one server, interleaved rounds.

mod emmett;
mod limit;
mod message_db;
pub mod ours;
mod postgres_es;
pub mod sample;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Bench, Figure, median};

/// What to leave out.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only contestants whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// How many interleaved rounds; the median counts.
    #[arg(long)]
    rounds: Option<usize>,
    /// Only these numbers of concurrent commands.
    #[arg(long, value_delimiter = ',')]
    at: Vec<usize>,
}

/// Commands that load or commands that create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// On a new aggregate.
    Create,
    /// On one of the existing aggregates.
    Existing,
}

/// One cell of the table.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Create or existing.
    pub kind: Kind,
    /// Until a read model has caught up?
    pub projected: bool,
    /// Were the existing aggregates used a moment ago?
    pub warm: bool,
    /// Concurrent commands.
    pub tasks: usize,
    /// How long.
    pub span: Duration,
}

const OURS: &str = "recado";
const OURS_COLD: &str = "recado, nothing in memory";
const THEIRS: &str = "postgres-es 0.5";
const LIMIT: &str = "hand-written batches";
const MESSAGE_DB: &str = "message-db 1.3 (npm), 64 categories";
const EMMETT: &str = "emmett-postgresql 0.42 (npm)";
const CONTESTANTS: [&str; 6] = [OURS, OURS_COLD, THEIRS, LIMIT, MESSAGE_DB, EMMETT];

type Key = (Kind, bool, usize, &'static str);

/// Measures everything, or what was asked for.
pub async fn measure(bench: &Bench, options: &Options) -> anyhow::Result<Value> {
    let (rounds, span) = if bench.quick { (1, Duration::from_millis(700)) } else { (3, Duration::from_millis(1_200)) };
    let rounds = options.rounds.unwrap_or(rounds);
    let concurrency: Vec<usize> = match (options.at.is_empty(), bench.quick) {
        (false, _) => options.at.clone(),
        (true, true) => vec![1, 64],
        (true, false) => vec![1, 16, 64, 256],
    };
    let mut figures: BTreeMap<Key, Vec<Figure>> = BTreeMap::new();
    for round in 0..rounds {
        for &tasks in &concurrency {
            for kind in [Kind::Create, Kind::Existing] {
                for projected in [false, true] {
                    let cell = Cell { kind, projected, warm: true, tasks, span };
                    for name in CONTESTANTS {
                        if options.only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
                            continue;
                        }
                        if let Some(figure) = contest(bench, name, cell).await? {
                            eprintln!(
                                "round {round} {tasks:>3} {kind:?} projected={projected} {name}: {:.0}/s p50 {:.2} ms p99 {:.2} ms cpu {:.0}+{:.0} us",
                                figure.per_second, figure.p50_ms, figure.p99_ms, figure.cpu.client_us, figure.cpu.postgres_us
                            );
                            figures.entry((kind, projected, tasks, name)).or_default().push(figure);
                        }
                    }
                }
            }
        }
    }
    Ok(report(bench, &figures))
}

async fn contest(bench: &Bench, name: &str, cell: Cell) -> anyhow::Result<Option<Figure>> {
    Ok(match name {
        OURS => Some(ours::run(bench, cell).await?),
        OURS_COLD if cell.kind == Kind::Existing && !cell.projected => {
            Some(ours::run(bench, Cell { warm: false, ..cell }).await?)
        }
        THEIRS => Some(postgres_es::run(bench, cell).await?),
        LIMIT => limit::run(bench, cell).await?,
        MESSAGE_DB => message_db::run(bench, cell).await?,
        EMMETT => emmett::run(bench, cell).await?,
        _ => None,
    })
}

fn report(bench: &Bench, figures: &BTreeMap<Key, Vec<Figure>>) -> Value {
    let rows: Vec<Value> = figures
        .iter()
        .filter_map(|((kind, projected, tasks, name), rounds)| {
            let middle = median(rounds)?;
            Some(json!({
                "commands": if *kind == Kind::Create { "create" } else { "existing" },
                "until": if *projected { "projected" } else { "appended" },
                "concurrent": tasks, "contestant": name, "per_second": middle.per_second.round(),
                "p50_ms": (middle.p50_ms * 100.0).round() / 100.0, "p99_ms": (middle.p99_ms * 100.0).round() / 100.0,
                "cpu_client_us": middle.cpu.client_us.round(), "cpu_postgres_us": middle.cpu.postgres_us.round(),
            }))
        })
        .collect();
    json!({"fdatasync_ms": bench.fdatasync_ms, "rows": rows})
}
