//! Assets out of a folder: what the everyday loop and the tests use.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::{Assets, AssetsError};

/// `target/site` of this checkout, wherever the server was started from.
pub(super) fn default_site() -> PathBuf {
    let here = PathBuf::from("target/site");
    if here.join("manifest.json").is_file() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site") }
}

impl Assets {
    /// Reads the whole folder that `cargo xtask build-client` made.
    ///
    /// # Errors
    /// It is not there, or not complete.
    pub fn from_folder(folder: &Path) -> Result<Self, AssetsError> {
        let missing = |source| AssetsError::Missing { folder: folder.to_owned(), source };
        let manifest = std::fs::read(folder.join("manifest.json")).map_err(missing)?;
        let pkg = folder.join("pkg");
        Self::from_source(&manifest, |name| std::fs::read(pkg.join(name)).map(|bytes| Some(Bytes::from(bytes))))
    }
}
