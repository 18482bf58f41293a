//! Measurements of the event store against its neighbours, on one PostgreSQL, in one run. `cargo xtask bench` builds and calls it; it
//! prints one JSON object. Nothing else depends on it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: the figures go out, the progress beside them"
)]

mod event_store;
mod growth;
mod projections;
mod queue;
mod support;

use clap::{Parser, Subcommand};

use support::Bench;

#[derive(Parser)]
#[command(name = "recado-bench", about = "Measure Recado's event store against its neighbours")]
struct CommandLine {
    /// A smaller run that ends within 50 s.
    #[arg(long, global = true)]
    quick: bool,
    /// Folder for the private PostgreSQL.
    #[arg(long, global = true, default_value = "target/bench/postgres")]
    folder: std::path::PathBuf,
    /// Folder with the installed npm packages of the neighbours that need Node; without it they are left out.
    #[arg(long, global = true)]
    node: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Appending and projecting, against postgres-es, hand-written batches, message-db and emmett.
    EventStore(event_store::Options),
    /// Append and load as the log grows to ten million events.
    Growth,
    /// The send queue over HTTP: acceptance, end to end, gaps, and job queues of others.
    Queue(queue::Options),
    /// Catch-up of a read model, and building one anew while commands go on.
    Projections,
}

fn main() -> anyhow::Result<()> {
    let line = CommandLine::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let bench = Bench::start(&line.folder, line.quick, line.node).await?;
        let report = match line.command {
            Command::EventStore(options) => event_store::measure(&bench, &options).await?,
            Command::Projections => projections::measure(&bench).await?,
            Command::Queue(options) => queue::measure(&bench, &options).await?,
            Command::Growth => growth::measure(&bench).await?,
        };
        println!("{report}");
        Ok(())
    })
}
