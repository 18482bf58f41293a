//! Debian packages: installed when we may, named when we may not.

use std::process::Command;

use anyhow::bail;

use crate::process;
use crate::step::say;

/// Installs packages, or says which command a person with the right to install must run.
///
/// # Errors
/// Not root, no `apt-get`, or the installation failed; the sentence names the packages and what they are for.
pub fn install(names: &[&str], purpose: &str) -> anyhow::Result<()> {
    let list = names.join(" ");
    if process::which("apt-get").is_none() {
        bail!("{purpose} needs these packages (Debian names), please install them: {list}");
    }
    if !process::is_root() {
        bail!("{purpose} needs packages that are not installed. Run: sudo apt-get install --no-install-recommends {list}");
    }
    say(&format!("    installing {list} ({purpose})"));
    if apt(&["install", "--yes", "--no-install-recommends"], names).is_ok() {
        return Ok(());
    }
    // A bare machine has no package lists, or old ones.
    apt(&["update"], &[])?;
    apt(&["install", "--yes", "--no-install-recommends"], names)
        .map_err(|error| error.context(format!("{purpose}: could not install {list}")))
}

fn apt(arguments: &[&str], names: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "Dpkg::Use-Pty=0"]).args(arguments).args(names);
    process::run_quiet(&mut command).map(drop)
}
