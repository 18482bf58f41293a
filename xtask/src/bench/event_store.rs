//! The event store against its neighbours: `crates/bench` measures, this side builds it, brings the neighbours and judges.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::audit_page;
use super::report::{Report, Target};
use crate::{node, paths, process, state, up};

/// Issue 3: at 64 concurrent commands, against postgres-es without a view.
const EXISTING_AT_LEAST: f64 = 6.0;
const CREATES_AT_LEAST: f64 = 10.0;
const SHARE_OF_LIMIT: f64 = 0.3;
const CATCH_UP_AT_LEAST: f64 = 50_000.0;
const PROFILE: &str = "measure";

/// Commands, projections, rebuild.
pub fn measure(quick: bool) -> anyhow::Result<Report> {
    let neighbours = neighbours()?;
    let mut report = Report::new("event-store");
    let commands = run(&["event-store"], quick, neighbours.as_deref())?;
    report.note("fdatasync_ms", &commands["fdatasync_ms"]);
    report.rows.extend(rows(&commands));
    let rates = Rates(rows(&commands));
    let theirs = "postgres-es 0.5";
    let compare = |report: &mut Report, name: &str, at_least: f64, a: (&str, u64), b: (&str, &str, u64)| {
        if let (Some(ours), Some(other)) = (rates.of("recado", a.0, a.1), rates.of(b.0, b.1, b.2)) {
            report.targets.push(Target::at_least(name, at_least, round(ours / other)));
        }
    };
    compare(
        &mut report,
        "existing aggregates, 64 at once: times postgres-es without a view",
        EXISTING_AT_LEAST,
        ("existing", 64),
        (theirs, "existing", 64),
    );
    compare(
        &mut report,
        "creates, 64 at once: times postgres-es without a view",
        CREATES_AT_LEAST,
        ("create", 64),
        (theirs, "create", 64),
    );
    compare(
        &mut report,
        "creates, 64 at once: share of hand-written batches",
        SHARE_OF_LIMIT,
        ("create", 64),
        ("hand-written batches", "create", 64),
    );
    for kind in ["create", "existing"] {
        compare(
            &mut report,
            &format!("{kind}, 1 at a time: times postgres-es without a view"),
            1.0,
            (kind, 1),
            (theirs, kind, 1),
        );
    }
    let projections = run(&["projections"], quick, None)?;
    report.rows.extend(rows(&projections));
    if let Some(rate) = projections["catch_up_per_second"].as_f64() {
        report.targets.push(Target::at_least("projection catch-up, events/s", CATCH_UP_AT_LEAST, rate.round()));
    }
    Ok(report)
}

/// What a command costs as the log grows. Writes millions of events: minutes and gigabytes.
pub fn growth(quick: bool) -> anyhow::Result<Report> {
    let mut report = Report::new("event-store-growth");
    let printed = run(&["growth"], quick, None)?;
    report.note("fdatasync_ms", &printed["fdatasync_ms"]);
    report.rows.extend(rows(&printed));
    audit_page_into(&mut report, quick)?;
    Ok(report)
}

/// The last part of [`growth`] alone.
pub fn audit_page(quick: bool) -> anyhow::Result<Report> {
    let mut report = Report::new("audit-page");
    audit_page_into(&mut report, quick)?;
    Ok(report)
}

fn audit_page_into(report: &mut Report, quick: bool) -> anyhow::Result<()> {
    let p95 = audit_page::measure(report, quick)?;
    report.targets.push(Target::at_most(
        "support's first page of an account with a million events, p95 ms",
        audit_page::BUDGET_MS,
        p95,
    ));
    Ok(())
}

fn run(arguments: &[&str], quick: bool, node: Option<&Path>) -> anyhow::Result<Value> {
    up::ensure_postgres()?;
    process::run(process::cargo().args(["build", "--quiet", "--profile", PROFILE, "-p", "recado-bench"]))?;
    let mut command = Command::new(paths::target().join(PROFILE).join("recado-bench"));
    command.args(arguments).arg("--folder").arg(paths::target().join("bench").join("postgres"));
    if quick {
        command.arg("--quick");
    }
    if let Some(folder) = node {
        command.arg("--node").arg(folder);
    }
    let output = command.stderr(std::process::Stdio::inherit()).output().context("starting recado-bench")?;
    anyhow::ensure!(output.status.success(), "recado-bench ended with {}", output.status);
    serde_json::from_slice(&output.stdout).context("reading what recado-bench printed")
}

/// The npm packages, where there is Node.
fn neighbours() -> anyhow::Result<Option<PathBuf>> {
    if !node::is_there() {
        crate::step::say("    no Node here: message-db and emmett are left out");
        return Ok(None);
    }
    let folder = paths::root().join("crates/bench/node");
    let lock = std::fs::read_to_string(folder.join("package-lock.json")).context("reading the neighbours' package-lock.json")?;
    let there = || folder.join("node_modules/.package-lock.json").is_file();
    state::unless_done("npm-bench", &crate::client::fingerprint(lock.as_bytes()), there, || {
        let mut command = Command::new("npm");
        command.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        process::run_quiet(&mut command).map(drop)
    })?;
    Ok(Some(folder))
}

fn rows(printed: &Value) -> Vec<Value> {
    printed["rows"].as_array().cloned().unwrap_or_default()
}

/// Looks rates up.
struct Rates(Vec<Value>);

impl Rates {
    fn of(&self, contestant: &str, commands: &str, concurrent: u64) -> Option<f64> {
        let row = self.0.iter().find(|row| {
            row["contestant"] == contestant
                && row["commands"] == commands
                && row["concurrent"] == concurrent
                && row["until"] == "appended"
        })?;
        row["per_second"].as_f64()
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_looked_up_by_all_that_names_a_cell() {
        let row = |until: &str, rate: f64| serde_json::json!({"contestant": "recado", "commands": "create", "concurrent": 64, "until": until, "per_second": rate});
        let rates = Rates(vec![row("projected", 1.0), row("appended", 2.0)]);
        assert_eq!(rates.of("recado", "create", 64), Some(2.0));
        assert_eq!(rates.of("recado", "create", 1), None);
    }
}
