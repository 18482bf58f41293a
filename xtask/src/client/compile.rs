//! Cargo's part of the client. It has a target folder of its own: two compilers and two sets of features beside the
//! host's would otherwise wait for each other's lock.

use std::path::PathBuf;

use super::Quality;
use super::toolchain::{TARGET, Toolchain};
use crate::{paths, process};

/// Compiles `frontend`; returns the raw wasm file. Cargo decides by itself that there is nothing to do.
pub fn compile(toolchain: &Toolchain, quality: Quality) -> anyhow::Result<PathBuf> {
    let target_dir = paths::target().join("client");
    let mut command = process::cargo();
    command.args(["build", "--package", "frontend", "--lib", "--target", TARGET, "--profile", quality.profile()]);
    command.arg("--target-dir").arg(&target_dir);
    if std::env::var_os("RECADO_LOUD").is_none() {
        command.arg("--quiet");
    }
    toolchain.apply(&mut command);
    process::run(&mut command)?;
    Ok(target_dir.join(TARGET).join(quality.profile()).join("frontend.wasm"))
}
