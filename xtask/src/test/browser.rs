//! The browser journeys in `end2end/`: Playwright drives the system's Chromium against servers that the tests start.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::tally::Tally;
use crate::client::Quality;
use crate::{node, packages, paths, process};

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Installs what is missing and runs all journeys.
pub fn run() -> anyhow::Result<Tally> {
    node::ensure()?;
    node::install_packages()?;
    let chromium = chromium()?;
    let folder = paths::end2end();
    let results = folder.join("out/results.json");
    // Yesterday's results must not count for today.
    if results.exists() {
        fs::remove_file(&results).context("removing the last results")?;
    }
    let mut command = Command::new("npx");
    command
        .current_dir(&folder)
        .args(["--no-install", "playwright", "test"])
        .env("RECADO_BIN", paths::dev_server())
        .env("RECADO_SITE_DIR", Quality::Optimised.site())
        .env("RECADO_CHROMIUM", chromium)
        .env("RECADO_RESULTS", &results);
    let ended_well = command.status().context("starting npx")?.success();
    Ok(count(&results).checked(ended_well))
}

fn chromium() -> anyhow::Result<std::path::PathBuf> {
    let find = || CHROMIUM.iter().find_map(|name| process::which(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    packages::install(&["chromium"], "the browser tests")?;
    find().context("chromium is installed but not on the PATH")
}

/// Playwright's JSON report; without one nothing was counted.
fn count(results: &Path) -> Tally {
    fs::read(results)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
        .map(|report| read(&report))
        .unwrap_or_default()
}

fn read(report: &Value) -> Tally {
    let number = |name: &str| report["stats"][name].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    // A test that passed only when repeated has failed.
    Tally { passed: number("expected"), failed: number("unexpected") + number("flaky") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaky_is_failed_and_skipped_is_nothing() {
        let report = serde_json::json!({"stats": {"expected": 5, "unexpected": 1, "flaky": 2, "skipped": 9}});
        assert_eq!(read(&report), Tally { passed: 5, failed: 3 });
        assert_eq!(count(Path::new("/nowhere/results.json")), Tally::default());
    }
}
