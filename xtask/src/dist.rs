//! `cargo xtask dist`: one executable with everything a browser needs inside.

use std::fs;
use std::process::ExitCode;

use anyhow::Context;

use crate::client::{self, Quality};
use crate::step::{say, step};
use crate::{paths, process};

/// Builds `dist/recado`.
pub fn run() -> anyhow::Result<ExitCode> {
    let site = client::build(Quality::Optimised)?;
    step("server (release, site inside)", || {
        let mut command = process::cargo();
        command.args(["build", "--release", "--package", "recado-server", "--features", "embedded"]);
        process::run(command.env("RECADO_SITE_DIR", &site))
    })?;
    let folder = paths::root().join("dist");
    fs::create_dir_all(&folder).context("creating dist/")?;
    let file = folder.join("recado");
    // A running copy cannot be written over, but its name can be taken.
    let fresh = folder.join("recado.new");
    fs::copy(paths::target().join("release/recado"), &fresh).context("copying the executable")?;
    fs::rename(&fresh, &file).context("placing dist/recado")?;
    say(&format!("dist/recado: {:.1} MB", file.metadata()?.len() as f64 / 1_000_000.0));
    Ok(ExitCode::SUCCESS)
}
