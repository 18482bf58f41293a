//! Where things lie in the tree.

use std::path::PathBuf;

/// The workspace's root: the folder that holds `xtask/`.
pub fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}

/// Cargo's target folder of the host side; honours `CARGO_TARGET_DIR`.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The server's executable as the development profile builds it.
pub fn dev_server() -> PathBuf {
    target().join("debug").join("recado")
}

/// The browser tests and the npm packages the build may use.
pub fn end2end() -> PathBuf {
    root().join("end2end")
}
