//! From the compiler's wasm to the pair a browser loads: `frontend.js` and `frontend_bg.wasm`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Quality;
use super::optimise;
use super::site::digest;
use crate::paths;
use crate::state::unless_done;

/// The two files a browser loads.
pub struct Glue {
    /// The JavaScript module.
    pub script: PathBuf,
    /// The wasm it starts.
    pub wasm: PathBuf,
}

/// Writes the pair, unless this wasm was already done.
pub fn generate(input: &Path, quality: Quality) -> anyhow::Result<Glue> {
    let folder = paths::target().join("client").join(format!("glue-{}", quality.profile()));
    let glue = Glue { script: folder.join("frontend.js"), wasm: folder.join("frontend_bg.wasm") };
    let bytes = fs::read(input).with_context(|| format!("reading {}", input.display()))?;
    let optimiser = optimise::find(quality)?;
    let fingerprint = digest(&[&bytes, optimiser.is_some().to_string().as_bytes(), b"glue 1"]);
    let name = format!("glue-{}", quality.profile());
    let there = || glue.script.is_file() && glue.wasm.is_file();
    unless_done(&name, &fingerprint, there, || {
        write(input, &folder, quality)?;
        optimiser.as_deref().map_or(Ok(()), |program| optimise::shrink(program, &glue.wasm))
    })?;
    Ok(glue)
}

fn write(input: &Path, folder: &Path, quality: Quality) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .remove_name_section(quality == Quality::Optimised);
    bindgen.generate(folder).context("wasm-bindgen: is its version in Cargo.lock the one xtask/Cargo.toml pins?")?;
    if folder.join("snippets").exists() {
        bail!("a dependency of the client brings its own JavaScript files; the site serves only the glue and the wasm");
    }
    Ok(())
}
