//! The browser's half: compile `frontend` to wasm, write its JavaScript glue, make it small, put it beside the styles
//! under names that carry their content's hash. Each stage is skipped when what it read has not changed.

mod bindgen;
mod compile;
mod css;
mod optimise;
mod site;
mod styles;
mod toolchain;

use std::path::PathBuf;

use crate::paths;
use crate::step::step;

/// How much time to spend on making the files small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Quick to build again: the everyday loop.
    Development,
    /// As small as we can: what is shipped, and what the page budgets are measured on.
    Optimised,
}

impl Quality {
    /// From the command line's `--optimise`.
    pub fn from_flag(optimise: bool) -> Self {
        if optimise { Self::Optimised } else { Self::Development }
    }

    /// Cargo's profile for the client.
    fn profile(self) -> &'static str {
        match self {
            Self::Development => "wasm-dev",
            Self::Optimised => "wasm-release",
        }
    }

    /// Where the finished site goes. Two folders, so that measuring does not undo the everyday build.
    pub fn site(self) -> PathBuf {
        paths::target().join(match self {
            Self::Development => "site",
            Self::Optimised => "site-optimised",
        })
    }
}

/// Builds the client and the styles; returns the site's folder, which holds `manifest.json` and `pkg/`.
pub fn build(quality: Quality) -> anyhow::Result<PathBuf> {
    let toolchain = step("wasm toolchain", toolchain::prepare)?;
    let wasm = step("client (wasm)", || compile::compile(&toolchain, quality))?;
    let glue = step("client glue", || bindgen::generate(&wasm, quality))?;
    step("styles and site", || site::assemble(&glue, quality))?;
    Ok(quality.site())
}

/// A name for some content: the same bytes, the same name.
pub fn fingerprint(bytes: &[u8]) -> String {
    site::digest(&[bytes])
}
