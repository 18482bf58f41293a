//! What xtask remembers between runs, in `target/xtask-state.json`: answers that are slow to ask for again and the
//! fingerprints of finished work. Losing the file costs time, nothing else.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::paths;

/// The remembered facts.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Whether `rustup target add wasm32-unknown-unknown` worked on this machine; absent: never asked.
    pub rustup_wasm: Option<bool>,
    /// Name of a piece of work to the fingerprint of the inputs it was last finished with.
    pub done: BTreeMap<String, String>,
}

impl State {
    /// Reads the file; an absent or damaged one is an empty memory.
    pub fn load() -> Self {
        fs::read(file()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Writes the file.
    pub fn save(&self) -> anyhow::Result<()> {
        fs::create_dir_all(paths::target()).context("creating the target folder")?;
        fs::write(file(), serde_json::to_vec_pretty(self)?).context("writing target/xtask-state.json")
    }

    /// Changes the memory and writes it.
    pub fn update(change: impl FnOnce(&mut Self)) -> anyhow::Result<()> {
        let mut state = Self::load();
        change(&mut state);
        state.save()
    }
}

/// Does `work` unless it was finished with this fingerprint before; says whether it was done now.
/// `still_there` guards against results that somebody removed.
pub fn unless_done(
    name: &str,
    fingerprint: &str,
    still_there: impl FnOnce() -> bool,
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    if State::load().done.get(name).is_some_and(|seen| seen == fingerprint) && still_there() {
        return Ok(false);
    }
    work()?;
    State::update(|state| {
        state.done.insert(name.to_owned(), fingerprint.to_owned());
    })?;
    Ok(true)
}

fn file() -> std::path::PathBuf {
    paths::target().join("xtask-state.json")
}
