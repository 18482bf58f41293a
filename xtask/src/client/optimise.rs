//! `wasm-opt`, from the npm package `binaryen` that `end2end/package.json` lists. Nice to have: without node the client
//! is larger, not wrong.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Quality;
use crate::step::say;
use crate::{node, process};

/// What the compiler may have used and the optimiser must be told about.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The program to shrink with, if this quality asks for it and node is there.
pub fn find(quality: Quality) -> anyhow::Result<Option<PathBuf>> {
    if quality == Quality::Development {
        return Ok(None);
    }
    if !node::is_there() {
        say("    node is not installed: the client stays about a quarter larger (packages: nodejs npm)");
        return Ok(None);
    }
    node::install_packages()?;
    Ok(Some(node::program("wasm-opt")).filter(|file| file.exists()))
}

/// Shrinks the file in place.
pub fn shrink(program: &Path, wasm: &Path) -> anyhow::Result<()> {
    let smaller = wasm.with_extension("small.wasm");
    let mut command = Command::new(program);
    command.args(["-Oz", "--strip-debug", "--strip-producers"]).args(FEATURES).arg(wasm).arg("-o").arg(&smaller);
    process::run_quiet(&mut command)?;
    std::fs::rename(&smaller, wasm)?;
    Ok(())
}
