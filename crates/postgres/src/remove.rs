//! Starting over: the cluster and its files go away.

use std::path::Path;

use crate::{Cluster, ClusterError, Install, Layout, file_error, lock_file};

impl Cluster {
    /// Removes the cluster below `folder` with all its data, unless a living process uses it. Without a cluster there it does
    /// nothing; one that a killed process left running is stopped first.
    ///
    /// # Errors
    /// [`ClusterError::InUse`], or what hinders removing.
    pub fn remove(folder: &Path) -> Result<(), ClusterError> {
        if !folder.exists() {
            return Ok(());
        }
        let install = Install::find()?;
        let layout = Layout::below(folder, &install)?;
        if !layout.data.join("PG_VERSION").exists() {
            return Ok(());
        }
        let users = lock_file(&layout.root.join("users.lock"))?;
        if users.try_lock().is_err() {
            return Err(ClusterError::InUse(folder.to_owned()));
        }
        let cluster = Self { install, layout, users: None };
        if cluster.answers() {
            cluster.stop_now("fast")?;
        }
        for gone in [&cluster.layout.socket, &cluster.layout.root] {
            if gone.exists() {
                std::fs::remove_dir_all(gone).map_err(file_error("remove", gone))?;
            }
        }
        Ok(())
    }
}
