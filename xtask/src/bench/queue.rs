//! The send queue, from outside: `crates/bench` measures, this side builds it, the server and the neighbours, and judges.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::event_store::{neighbours, run_bench};
use super::report::{Report, Target};
use crate::{paths, process, step};

/// Issue 4, "Speed".
const ACCEPTED_AT_LEAST: f64 = 3_000.0;
const ACCEPT_P99_AT_MOST_MS: f64 = 50.0;
const END_TO_END_AT_LEAST: f64 = 1_000.0;
const LATE_P99_AT_MOST_MS: f64 = 100.0;
const RSS_AT_MOST_MB: f64 = 512.0;
const PROFILE: &str = "measure";

/// Acceptance, end to end, gaps, and other job queues.
pub fn measure(quick: bool) -> anyhow::Result<Report> {
    process::run(process::cargo().args(["build", "--quiet", "--profile", PROFILE, "-p", "recado-server"]))?;
    let server = paths::target().join(PROFILE).join("recado").to_string_lossy().into_owned();
    let mut arguments = vec!["queue".to_owned(), "--server".to_owned(), server];
    if let Some(apalis) = apalis() {
        arguments.extend(["--apalis".to_owned(), apalis.to_string_lossy().into_owned()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let printed = run_bench(&arguments, quick, neighbours()?.as_deref())?;
    Ok(judge(&printed))
}

fn judge(printed: &Value) -> Report {
    let mut report = Report::new("queue");
    report.note("fdatasync_ms", &printed["fdatasync_ms"]);
    let rows = printed["rows"].as_array().cloned().unwrap_or_default();
    let figure = |what: &str, load: Option<&str>, column: &str| {
        let row = rows.iter().find(|row| row["what"] == what && load.is_none_or(|load| row["load"] == load))?;
        row[column].as_f64()
    };
    let mut promise = |figure: Option<f64>, target: fn(&str, f64, f64) -> Target, name: &str, wanted: f64| {
        report.targets.extend(figure.map(|measured| target(name, wanted, measured)));
    };
    promise(
        figure("accept", Some("as fast as it goes"), "per_second"),
        Target::at_least,
        "send-text accepted/s",
        ACCEPTED_AT_LEAST,
    );
    promise(
        figure("accept", Some("at 1,000/s"), "p99_ms"),
        Target::at_most,
        "send-text at 1,000/s, p99 ms",
        ACCEPT_P99_AT_MOST_MS,
    );
    promise(
        figure("end to end", None, "per_second"),
        Target::at_least,
        "accepted to delivery webhook, messages/s",
        END_TO_END_AT_LEAST,
    );
    promise(
        figure("gaps", None, "late_p99_ms"),
        Target::at_most,
        "gaps of connected instances, p99 ms late",
        LATE_P99_AT_MOST_MS,
    );
    promise(figure("gaps", None, "rss_mb"), Target::at_most, "memory with connected instances, MB", RSS_AT_MOST_MB);
    let others: Vec<&Value> = rows.iter().filter(|row| row["what"] == "jobs" && row["contestant"] != "recado").collect();
    for row in others {
        let name = row["contestant"].as_str().unwrap_or_default();
        promise(row["recado_times_in"].as_f64(), Target::at_least, &format!("jobs in: times {name}"), 1.0);
        promise(row["recado_times_done"].as_f64(), Target::at_least, &format!("jobs done: times {name}"), 1.0);
    }
    report.rows.extend(rows);
    report
}

/// apalis-postgres needs another sqlx than ours, so it is a package of its own; where it cannot be built it is left out.
fn apalis() -> Option<PathBuf> {
    let (folder, target) = (paths::root().join("crates/bench/apalis"), paths::target().join("bench").join("apalis"));
    let mut build: Command = process::cargo();
    build.args(["build", "--quiet", "--release", "--locked", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    build.arg("--target-dir").arg(&target);
    match process::run(&mut build).context("building apalis-postgres") {
        Ok(()) => Some(target.join("release").join("recado-bench-apalis")),
        Err(error) => {
            step::say(&format!("    apalis-postgres is left out: {error:#}"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_promise_is_judged_by_its_own_row() {
        let printed = serde_json::json!({"fdatasync_ms": 0.1, "rows": [
            {"what": "accept", "load": "at 1,000/s", "per_second": 1000.0, "p99_ms": 60.0},
            {"what": "accept", "load": "as fast as it goes", "per_second": 3500.0, "p99_ms": 90.0},
            {"what": "gaps", "late_p99_ms": 12.0, "rss_mb": 200.0},
            {"what": "jobs", "contestant": "recado", "recado_times_in": 1.0, "recado_times_done": 1.0},
            {"what": "jobs", "contestant": "x", "recado_times_in": 0.5, "recado_times_done": 3.0},
        ]});
        let judged: Vec<(f64, bool)> = judge(&printed).targets.iter().map(|target| (target.measured, target.ok)).collect();
        assert_eq!(judged, [(3500.0, true), (60.0, false), (12.0, true), (200.0, true), (0.5, false), (3.0, true)]);
    }
}
