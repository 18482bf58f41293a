//! `cargo xtask up`: from a bare checkout to a running Recado.

mod database;
mod greeting;
mod place;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::client::{self, Quality};
use crate::server::{Server, Setup};
use crate::step::{elapsed, say, step};
use crate::{process, signals};

/// What a person may choose.
#[derive(Args)]
pub struct Options {
    /// Start over: removes the data folder first.
    #[arg(long)]
    fresh: bool,
    /// Port to serve on; the next free one if it is taken.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where data lives.
    #[arg(long, default_value = ".recado")]
    data: PathBuf,
}

/// Builds and serves until Ctrl-C or SIGTERM.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let begin = Instant::now();
    signals::listen()?;
    let data = place::absolute(&options.data)?;
    step("PostgreSQL", database::ensure)?;
    if options.fresh {
        step("starting over", || place::remove(&data))?;
    }
    let site = client::build(Quality::Development)?;
    step("server", build_server)?;
    let port = place::free_port(options.port)?;
    if port != options.port {
        say(&format!("    port {} is taken; using {port}", options.port));
    }
    let mut server = step("starting", || Server::start(Setup::development(port, &data, &site)))?;
    let demo = step("demonstration data", || server.command(&["demo", "--json"]));
    say(&format!("    up in {}", elapsed(begin.elapsed())));
    greeting::print(&server.address, &data, demo.as_deref().map_err(|error| format!("{error:#}")));
    let ended_by_itself = server.wait()?;
    if ended_by_itself {
        anyhow::bail!("the server ended; its last lines are above");
    }
    step("stopping", || server.stop())?;
    Ok(ExitCode::SUCCESS)
}

pub use database::programs as ensure_postgres;
pub use place::remove as remove_installation;

/// The development server, with the features that `test` uses, so that neither rebuilds the other's dependencies.
pub fn build_server() -> anyhow::Result<()> {
    let mut command = process::cargo();
    command.args(["build", "--workspace", "--exclude", "frontend", "--bin", "recado"]);
    process::run(&mut command)
}
