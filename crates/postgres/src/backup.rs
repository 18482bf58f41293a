//! Physical copies of a cluster: taken while it runs, checked against their manifest, put back elsewhere.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Cluster, ClusterError, Install, Layout, file_error, lock_file};

/// A copy that can be put back has it: the list of its files with their checksums.
const MANIFEST: &str = "backup_manifest";
/// `data.part`: a cluster that is not whole yet.
const PART: &str = "part";

impl Cluster {
    /// Copies the running cluster into `to`, which must not exist or be empty, and checks the copy. Commands and servers go on meanwhile;
    /// the copy is of one moment, the end.
    ///
    /// # Errors
    /// What `pg_basebackup` or `pg_verifybackup` say.
    pub fn copy_to(&self, to: &Path) -> Result<(), ClusterError> {
        let (target, socket) = (to.to_string_lossy(), self.layout.socket.to_string_lossy());
        // As ourselves, not as PostgreSQL's user: the copy belongs to whoever asked for it.
        client(
            &self.install,
            "pg_basebackup",
            &["-D", &target, "-h", &socket, "-U", "postgres", "-X", "stream", "-c", "fast", "--no-password", "-l", "recado"],
        )?;
        verify(&self.install, to)
    }
}

/// Puts a copy back as the cluster below `folder`, which must have none. It is checked first; the next [`Cluster::start`] recovers it.
/// Whole or not at all: a run that was cut off leaves nothing that could be started, and is simply run again.
///
/// # Errors
/// [`ClusterError::Exists`], a copy that is damaged or none, or files that cannot be written.
pub fn put_back(from: &Path, folder: &Path) -> Result<(), ClusterError> {
    let install = Install::find()?;
    let layout = Layout::below(folder, &install)?;
    if layout.data.join("PG_VERSION").exists() {
        return Err(ClusterError::Exists(layout.data));
    }
    if !from.join(MANIFEST).exists() {
        return Err(ClusterError::NoCopy(from.to_owned()));
    }
    verify(&install, from)?;
    layout.prepare(&install)?;
    // Neither started nor put back by somebody else meanwhile.
    let starting = lock_file(&layout.root.join("start.lock"))?;
    starting.lock().map_err(file_error("lock", &layout.root))?;
    if layout.data.join("PG_VERSION").exists() {
        return Err(ClusterError::Exists(layout.data));
    }
    let part = layout.data.with_extension(PART);
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(file_error("remove", &part))?;
    }
    copy_folder(from, &part, &install)?;
    // The empty folder that is there makes room.
    std::fs::rename(&part, &layout.data).map_err(file_error("put in place", &layout.data))?;
    sync(&layout.root)
}

fn verify(install: &Install, copy: &Path) -> Result<(), ClusterError> {
    client(install, "pg_verifybackup", &["--quiet", &copy.to_string_lossy()])
}

fn client(install: &Install, program: &'static str, args: &[&str]) -> Result<(), ClusterError> {
    let path = install.bin.join(program);
    let output =
        Command::new(&path).args(args).env("LC_ALL", "C").stdin(Stdio::null()).output().map_err(file_error("run", &path))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(ClusterError::Program { program, output: String::from_utf8_lossy(&text).trim().to_owned() })
}

/// Copies a folder with all it holds; it is on the disk when this returns.
fn copy_folder(from: &Path, to: &Path, install: &Install) -> Result<(), ClusterError> {
    std::fs::create_dir(to).map_err(file_error("create the folder", to))?;
    for entry in std::fs::read_dir(from).map_err(file_error("read", from))? {
        let source = entry.map_err(file_error("read", from))?.path();
        let Some(name) = source.file_name() else { continue };
        let target = to.join(name);
        if source.is_dir() {
            copy_folder(&source, &target, install)?;
        } else {
            std::fs::copy(&source, &target).map_err(file_error("write", &target))?;
            hand_over(&target, 0o600, install)?;
        }
    }
    hand_over(to, 0o700, install)
}

/// Private to PostgreSQL's user, and on the disk.
fn hand_over(path: &Path, mode: u32, install: &Install) -> Result<(), ClusterError> {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).map_err(file_error("protect", path))?;
    if let Some((uid, gid)) = install.run_as {
        std::os::unix::fs::chown(path, Some(uid), Some(gid)).map_err(file_error("give away", path))?;
    }
    sync(path)
}

fn sync(path: &Path) -> Result<(), ClusterError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(file_error("write to the disk", path))
}
