//! Recado's own commands: `cargo xtask up`, `test`, `dist`, `build-client`, `check`, `rig`, `fuzz`, `bench`.
//! Everything a person or the build machine has to do around cargo is written here, nothing in a shell history.

mod bench;
mod check;
mod client;
mod dist;
mod fuzz;
mod node;
mod packages;
mod paths;
mod process;
mod python;
mod rig;
mod server;
mod signals;
mod state;
mod step;
mod test;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Build, run, test and measure Recado")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is needed and run Recado here, with its own PostgreSQL and demonstration data.
    Up(up::Options),
    /// Everything that proves the tree: formatting, lints, unit, integration, black-box and browser tests.
    Test(test::Options),
    /// One self-contained executable: `dist/recado`.
    Dist,
    /// The browser's half only: wasm, scripts and styles into `target/site` (`target/site-optimised` with `--optimise`).
    BuildClient {
        /// Smallest files: release profile, wasm-opt, strongest compression.
        #[arg(long)]
        optimise: bool,
    },
    /// The rules of the house: dependency arrows, pure domain, file sizes, lint table.
    Check,
    /// Nothing lost: kills a server under load again and again and compares four ledgers.
    Rig(rig::Options),
    /// The property tests of request bodies and phones, with a million cases each.
    Fuzz(fuzz::Options),
    /// A measurement, with its target.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Up(options) => up::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Dist => dist::run(),
        Command::BuildClient { optimise } => client::build(client::Quality::from_flag(optimise)).map(|_| ExitCode::SUCCESS),
        Command::Check => check::run(),
        Command::Rig(options) => rig::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Bench(options) => bench::run(&options),
    };
    outcome.unwrap_or_else(|error| {
        step::complain(&format!("{error:#}"));
        ExitCode::FAILURE
    })
}
