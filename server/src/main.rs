//! The `recado` binary: configuration, composition root, command line.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program talks on stdout and stderr")]

mod assets;
mod cli;
mod clock;
mod composition;
mod config;
mod installation;
mod key_ring;
mod listen;
mod loops;
mod metrics;
mod problem;
mod web;
mod well_known;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let command_line = cli::CommandLine::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("recado: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(cli::run(command_line));
    // Tasks that hang must not keep a stopped server alive.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<problem::Problem>() => {
            eprintln!("recado: {error}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("recado: {error:#}");
            ExitCode::FAILURE
        }
    }
}
