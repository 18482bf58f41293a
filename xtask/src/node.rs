//! Node and the npm packages of `end2end/` (browser tests, wasm-opt).

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use crate::state::unless_done;
use crate::{packages, paths, process};

/// Whether node and npm can be run.
pub fn is_there() -> bool {
    process::which("node").is_some() && process::which("npm").is_some()
}

/// Installs node and npm where they are missing.
pub fn ensure() -> anyhow::Result<()> {
    if is_there() { Ok(()) } else { packages::install(&["nodejs", "npm"], "the browser tests") }
}

/// Installs exactly the packages of `end2end/package-lock.json`, unless that was done already.
pub fn install_packages() -> anyhow::Result<()> {
    let folder = paths::end2end();
    let lock = fs::read_to_string(folder.join("package-lock.json")).context("reading end2end/package-lock.json")?;
    let there = || folder.join("node_modules/.package-lock.json").is_file();
    unless_done("npm", &crate::client::fingerprint(lock.as_bytes()), there, || {
        let mut command = Command::new("npm");
        command.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        // The tests use the system's Chromium; browsers are never downloaded.
        command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        process::run_quiet(&mut command).map(drop)
    })?;
    Ok(())
}

/// A program that one of those packages brings.
pub fn program(name: &str) -> PathBuf {
    paths::end2end().join("node_modules/.bin").join(name)
}
