//! Where `up` serves: its folder and its port.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use recado_postgres::Cluster;

use crate::paths;

/// How many ports are tried after a taken one.
const TRIES: u16 = 50;

/// A relative folder is meant from the workspace's root, wherever the command was given.
pub fn absolute(folder: &Path) -> anyhow::Result<PathBuf> {
    if folder.as_os_str().is_empty() {
        bail!("--data needs a folder");
    }
    Ok(paths::root().join(folder))
}

/// Removes an installation, unless somebody uses it or the folder is something else.
pub fn remove(data: &Path) -> anyhow::Result<()> {
    if !data.exists() {
        return Ok(());
    }
    if !is_an_installation(data)? {
        bail!("{} does not look like Recado's data folder; --fresh will not remove it", data.display());
    }
    Cluster::remove(&data.join("postgres"))?;
    fs::remove_dir_all(data).with_context(|| format!("removing {}", data.display()))
}

/// Empty, or holding what `recado serve` puts there.
fn is_an_installation(data: &Path) -> anyhow::Result<bool> {
    Ok(data.join("postgres").exists() || data.join("master.key").exists() || data.read_dir()?.next().is_none())
}

/// This port or the next free one.
pub fn free_port(wanted: u16) -> anyhow::Result<u16> {
    (wanted..=wanted.saturating_add(TRIES))
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .with_context(|| format!("no free port from {wanted} on; choose one with --port"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(free_port(port).unwrap() > port);
    }

    #[test]
    fn fresh_does_not_remove_strange_folders() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "ten years of work").unwrap();
        assert!(remove(folder.path()).is_err());
        assert!(folder.path().join("thesis.txt").exists());
        assert!(remove(&folder.path().join("nothing-here")).is_ok());
    }

    #[test]
    fn fresh_removes_an_installation() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::write(data.join("master.key"), "k").unwrap();
        remove(&data).unwrap();
        assert!(!data.exists());
    }
}
