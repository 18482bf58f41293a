//! A compiler that can make wasm. First choice: rustup's wasm target. Where that download cannot be had: Debian's
//! `rustc-web` with the standard library compiled from `rust-web-src`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::packages;
use crate::process;
use crate::state::State;
use crate::step::say;

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// A download that has not finished by then does not finish (a filtered network hangs instead of refusing).
const RUSTUP_PATIENCE: Duration = Duration::from_secs(20);
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LIBRARY: &str = "/usr/lib/rustlib/src/rust/library/Cargo.lock";
/// The workspace's `rust-version`.
const OLDEST_MINOR: u32 = 95;

/// How to compile for the browser on this machine.
#[derive(Debug)]
pub enum Toolchain {
    /// The host's toolchain has the target.
    Rustup,
    /// Debian's compiler builds the standard library too; it brings no linker of its own.
    Debian {
        /// A linker that speaks wasm.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Adds to a `cargo build` what this toolchain needs.
    pub fn apply(&self, command: &mut Command) {
        if let Self::Debian { linker } = self {
            command
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .arg("-Zbuild-std=std,panic_abort");
        }
    }
}

/// Finds or installs a toolchain. `RECADO_WASM_TOOLCHAIN=debian` goes straight to the second choice.
pub fn prepare() -> anyhow::Result<Toolchain> {
    let sysroot = sysroot()?;
    let second_choice = std::env::var("RECADO_WASM_TOOLCHAIN").is_ok_and(|choice| choice == "debian");
    if !second_choice && rustup_has_it(&sysroot)? {
        return Ok(Toolchain::Rustup);
    }
    if !debian_is_usable() {
        packages::install(&["rustc-web", "rust-web-src"], "compiling the browser client without rustup's wasm target")?;
    }
    if !debian_is_usable() {
        bail!(
            "no compiler for {TARGET}: `rustup target add {TARGET}` did not work here, and {DEBIAN_RUSTC} is not \
             Debian's rustc-web 1.{OLDEST_MINOR} or newer with rust-web-src"
        );
    }
    Ok(Toolchain::Debian { linker: linker(&sysroot)? })
}

fn rustup_has_it(sysroot: &Path) -> anyhow::Result<bool> {
    Ok(sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir() || ask_rustup()?)
}

/// Asks rustup once; the answer is remembered, because a "no" costs twenty seconds.
fn ask_rustup() -> anyhow::Result<bool> {
    if process::which("rustup").is_none() || State::load().rustup_wasm == Some(false) {
        return Ok(false);
    }
    say(&format!("    rustup target add {TARGET} (at most {} s)", RUSTUP_PATIENCE.as_secs()));
    let works = process::run_within(Command::new("rustup").args(["target", "add", TARGET]), RUSTUP_PATIENCE)?;
    State::update(|state| state.rustup_wasm = Some(works))?;
    if !works {
        say("    not available here; remembered. Run it by hand to try again");
    }
    Ok(works)
}

fn sysroot() -> anyhow::Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = process::run_quiet(Command::new(rustc).args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(said.trim()))
}

fn debian_is_usable() -> bool {
    let version = || process::run_quiet(Command::new(DEBIAN_RUSTC).arg("--version")).ok();
    Path::new(DEBIAN_LIBRARY).is_file() && version().and_then(|said| minor(&said)).is_some_and(|minor| minor >= OLDEST_MINOR)
}

/// `rustc 1.96.0 (...)` -> 96.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("rustc 1.")?.split('.').next()?.parse().ok()
}

/// The rustup toolchain's own `rust-lld`, or Debian's `wasm-ld`.
fn linker(sysroot: &Path) -> anyhow::Result<PathBuf> {
    let hosts = sysroot.join("lib/rustlib");
    let in_toolchain = hosts
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .map(|host| host.path().join("bin/rust-lld"))
        .find(|file| process::is_executable(file));
    let in_path = || ["wasm-ld-19", "wasm-ld"].iter().find_map(|name| process::which(name));
    if let Some(found) = in_toolchain.or_else(in_path) {
        return Ok(found);
    }
    packages::install(&["lld-19"], "linking the browser client")?;
    in_path().context("lld-19 is installed but wasm-ld-19 is not on the PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(minor("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some(96));
        assert_eq!(minor("gcc 12"), None);
    }
}
