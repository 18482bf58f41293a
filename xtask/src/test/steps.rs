//! The steps of `cargo xtask test`, cheapest first.

use std::process::Command;

use super::tally::Tally;
use super::{api, browser, database};
use crate::client::{self, Quality};
use crate::step::{answer, say};
use crate::{bench, check, node, process, rig, up};

type Step = fn() -> anyhow::Result<Tally>;

/// Name and work.
pub const ALL: [(&str, Step); 9] = [
    ("format", format),
    ("check", rules),
    ("client", build_client),
    ("clippy", clippy),
    ("cargo", cargo_tests),
    ("api", api_tests),
    ("rig", short_rig),
    ("browser", browser_tests),
    ("budgets", budgets),
];

fn format() -> anyhow::Result<Tally> {
    one(process::cargo().args(["fmt", "--all", "--check"]))
}

fn rules() -> anyhow::Result<Tally> {
    let (passed, failed) = check::all()?;
    Ok(Tally { passed, failed })
}

/// What is shipped is what is tested: the optimised client. It also proves that the browser's half compiles.
fn build_client() -> anyhow::Result<Tally> {
    node::ensure()?;
    client::build(Quality::Optimised)?;
    Ok(Tally::of(true))
}

/// The browser's half is left out on the host: its features would switch the server's Leptos to the browser's ways.
fn clippy() -> anyhow::Result<Tally> {
    one(process::cargo().args([
        "clippy",
        "--quiet",
        "--workspace",
        "--exclude",
        "frontend",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn cargo_tests() -> anyhow::Result<Tally> {
    up::ensure_postgres()?;
    let database = database::start()?;
    let mut command = process::cargo();
    command.args(["test", "--workspace", "--exclude", "frontend", "--no-fail-fast"]);
    command.env("RECADO_TEST_DATABASE_URL", database.url_of("postgres")).env("RECADO_SITE_DIR", Quality::Optimised.site());
    // The Python programs of the quick start need `requests`.
    match api::environment() {
        Ok(environment) => {
            command.env("RECADO_TEST_PYTHON", environment.python());
        }
        Err(error) => say(&format!("    {error:#}")),
    }
    let mut tally = Tally::default();
    let ended_well = process::run_lines(&mut command, |line| {
        answer(line);
        tally.read_cargo(line);
    })?;
    Ok(tally.checked(ended_well))
}

fn api_tests() -> anyhow::Result<Tally> {
    up::ensure_postgres()?;
    up::build_server()?;
    api::run()
}

/// 2,000 messages, 10 kills, nothing lost.
fn short_rig() -> anyhow::Result<Tally> {
    Ok(Tally::of(rig::short()?))
}

fn browser_tests() -> anyhow::Result<Tally> {
    up::ensure_postgres()?;
    up::build_server()?;
    browser::run()
}

fn budgets() -> anyhow::Result<Tally> {
    up::ensure_postgres()?;
    up::build_server()?;
    let report = bench::pages_report()?;
    say(&report.readable());
    Ok(report.targets.iter().fold(Tally::default(), |sum, target| sum + Tally::of(target.ok)))
}

fn one(command: &mut Command) -> anyhow::Result<Tally> {
    Ok(Tally::of(command.status()?.success()))
}
