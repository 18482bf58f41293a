//! Where PostgreSQL's programs are and who may run them.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ClusterError;

/// PostgreSQL on this machine.
#[derive(Debug, Clone)]
pub struct Install {
    /// Folder of `initdb`, `postgres`, `pg_ctl`.
    pub bin: PathBuf,
    /// The user and group it must run as; `None` = ourselves.
    pub run_as: Option<(u32, u32)>,
}

impl Install {
    /// Looks for the newest installed version.
    ///
    /// # Errors
    /// [`ClusterError::NotInstalled`], [`ClusterError::NoUser`].
    pub fn find() -> Result<Self, ClusterError> {
        let bin = candidates()
            .into_iter()
            .find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
            .ok_or(ClusterError::NotInstalled)?;
        let run_as = if is_root() { Some(postgres_user().ok_or(ClusterError::NoUser)?) } else { None };
        Ok(Self { bin, run_as })
    }
}

fn candidates() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let mut paths: Vec<PathBuf> = found.into_iter().map(|(_, path)| path).collect();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        paths.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    paths.extend(["/usr/local/pgsql/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    paths
}

pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

fn postgres_user() -> Option<(u32, u32)> {
    let passwd = std::fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let line = passwd.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
