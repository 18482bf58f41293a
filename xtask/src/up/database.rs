//! PostgreSQL's programs. The server runs them by itself; here we only see to it that they are there.

use recado_postgres::{ClusterError, Install};

use crate::packages;

/// Installs PostgreSQL unless it is there or `DATABASE_URL` names another one.
pub fn ensure() -> anyhow::Result<()> {
    if std::env::var_os("DATABASE_URL").is_some() {
        return Ok(());
    }
    programs()
}

/// Installs PostgreSQL's programs where they are missing.
pub fn programs() -> anyhow::Result<()> {
    match Install::find() {
        Ok(_) => Ok(()),
        Err(ClusterError::NotInstalled | ClusterError::NoUser) => {
            packages::install(&["postgresql"], "the private PostgreSQL")?;
            Ok(Install::find().map(drop)?)
        }
        Err(error) => Err(error.into()),
    }
}
