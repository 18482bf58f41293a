//! One throw-away PostgreSQL for all test programs. It trades durability for speed; nothing else may.

use anyhow::Context;
use recado_postgres::{Cluster, Durability};

use crate::paths;
use crate::step::say;

/// Starts it, empty. It stops when the value is dropped.
pub fn start() -> anyhow::Result<Cluster> {
    let folder = paths::target().join("test-postgres");
    // Databases of earlier runs go; if somebody tests beside us, they stay and we share.
    if let Err(error) = Cluster::remove(&folder) {
        say(&format!("    keeping the tests' PostgreSQL as it is: {error}"));
    }
    Cluster::start(&folder, Durability::None).context("starting the tests' PostgreSQL")
}
