//! `cargo xtask fuzz`: the property tests named `fuzz_…` with very many cases. The everyday tests run them with a few hundred.

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::process;
use crate::step::{answer, elapsed};

/// Who has such tests: the bodies of requests, the phone parser.
const PACKAGES: [&str; 2] = ["recado-rest", "recado-kernel"];

/// What a person may choose.
#[derive(Args)]
pub struct Options {
    /// Cases for each test.
    #[arg(long, default_value_t = 1_000_000)]
    cases: u32,
}

/// Runs them; the first counter-example ends it, reduced and printed.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let begin = Instant::now();
    let mut command = process::cargo();
    command.arg("test").arg("--lib").env("PROPTEST_CASES", options.cases.to_string());
    for package in PACKAGES {
        command.args(["-p", package]);
    }
    command.args(["fuzz_", "--", "--nocapture"]);
    process::run(&mut command)?;
    answer(&format!("{} cases for each test, no counter-example, {}", options.cases, elapsed(begin.elapsed())));
    Ok(ExitCode::SUCCESS)
}
