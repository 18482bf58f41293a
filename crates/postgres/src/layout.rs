//! Where a cluster's files live: below the wished folder, unless PostgreSQL's user cannot get there or the socket's path is too long.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::{ClusterError, Install, file_error};

/// The kernel's limit for a socket path is 107 bytes; the file name takes 14.
const LONGEST_SOCKET_FOLDER: usize = 90;

/// A cluster's folders.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Locks and log.
    pub root: PathBuf,
    /// `PGDATA`.
    pub data: PathBuf,
    /// Folder of the Unix socket.
    pub socket: PathBuf,
}

impl Layout {
    /// The same `folder` always gives the same layout, so that every process finds the same cluster.
    pub(crate) fn below(folder: &Path, install: &Install) -> Result<Self, ClusterError> {
        std::fs::create_dir_all(folder).map_err(file_error("create the folder", folder))?;
        let folder = folder.canonicalize().map_err(file_error("find the folder", folder))?;
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        let short = format!("recado-pg-{:016x}", hasher.finish());
        let reachable = install.run_as.is_none()
            || folder.ancestors().skip(1).all(|parent| parent.metadata().is_ok_and(|meta| meta.mode() & 0o001 != 0));
        let root = if reachable { folder } else { Path::new("/var/lib").join(&short) };
        let socket =
            if root.as_os_str().len() <= LONGEST_SOCKET_FOLDER { root.join("socket") } else { std::env::temp_dir().join(&short) };
        Ok(Self { data: root.join("data"), socket, root })
    }

    /// Makes the folders, private to the user PostgreSQL runs as.
    pub(crate) fn prepare(&self, install: &Install) -> Result<(), ClusterError> {
        for folder in [&self.root, &self.socket, &self.data] {
            std::fs::create_dir_all(folder).map_err(file_error("create the folder", folder))?;
            if let Some((uid, gid)) = install.run_as
                && folder.metadata().is_ok_and(|meta| meta.uid() != uid)
            {
                std::os::unix::fs::chown(folder, Some(uid), Some(gid)).map_err(file_error("give away the folder", folder))?;
            }
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
                .map_err(file_error("protect the folder", folder))?;
        }
        Ok(())
    }
}
