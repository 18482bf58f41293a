//! The files a browser loads besides pages: client, styles, images. Their names carry their content's hash, so a browser
//! may keep them for ever; they are compressed when built, never while serving.
//!
//! [`Assets::load`] finds them in the executable (feature `embedded`, made by `cargo xtask dist`) or in a folder
//! (`RECADO_SITE_DIR`, else `target/site`, where `cargo xtask up` builds them). All are held in memory: a rebuild under a
//! running server changes nothing until it restarts.

mod embedded;
mod folder;
mod serve;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;

/// Where assets are served, without the slash at the end.
pub const PREFIX: &str = "/assets";

/// Why there are no assets.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The folder has no `manifest.json`, or it cannot be read.
    #[error("the built site is not in {folder}: {source}. Build it with `cargo xtask build-client`, or set RECADO_SITE_DIR")]
    Missing {
        /// Where we looked.
        folder: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The manifest is not what `cargo xtask build-client` writes.
    #[error("the built site's manifest.json is damaged: {0}. Build it again with `cargo xtask build-client`")]
    Manifest(#[from] serde_json::Error),
    /// The manifest names a file that is not there.
    #[error("the built site lacks {0}. Build it again with `cargo xtask build-client`")]
    Incomplete(String),
}

/// One file with its compressed forms, as they were built.
#[derive(Debug, Clone)]
struct Asset {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    client: String,
    files: BTreeMap<String, String>,
}

/// All assets. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Assets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: String,
    urls: BTreeMap<String, String>,
    files: BTreeMap<String, Asset>,
}

impl Assets {
    /// Finds them: in the executable if it was built so, else in a folder. Where nothing was built and nobody named a folder there are
    /// none, and the log says so: the REST API needs no stylesheet, and pages work without one.
    ///
    /// # Errors
    /// [`AssetsError`]; the sentence says what to run.
    pub fn load() -> Result<Self, AssetsError> {
        if let Some(dir) = std::env::var_os("RECADO_SITE_DIR") {
            return Self::from_folder(&PathBuf::from(dir));
        }
        match embedded::site() {
            Some((manifest, file)) => Self::from_source(manifest, |name| Ok(file(name).map(Bytes::from_static))),
            None => match Self::from_folder(&folder::default_site()) {
                Err(error @ AssetsError::Missing { .. }) => {
                    tracing::warn!("pages have no style and no client: {error}");
                    Ok(Self::none())
                }
                found => found,
            },
        }
    }

    fn none() -> Self {
        Self(Arc::new(Inner { client: "frontend".to_owned(), urls: BTreeMap::new(), files: BTreeMap::new() }))
    }

    /// Logical name to URL, e.g. `main.css` -> `/assets/main.1a2b3c4d5e6f7a8b.css`, for the panel's context.
    #[must_use]
    pub fn urls(&self) -> recado_app::client::AssetUrls {
        recado_app::client::AssetUrls::new(self.0.urls.clone())
    }

    /// What Leptos must know to load the client: `HydrationScripts` makes `/assets/<output_name>.js` and
    /// `/assets/<output_name>_bg.wasm` of it.
    #[must_use]
    pub fn leptos_options(&self) -> leptos::prelude::LeptosOptions {
        leptos::prelude::LeptosOptions::builder()
            .output_name(self.0.client.clone())
            .site_pkg_dir(PREFIX.trim_start_matches('/').to_owned())
            .build()
    }

    fn from_source(manifest: &[u8], file: impl Fn(&str) -> std::io::Result<Option<Bytes>>) -> Result<Self, AssetsError> {
        let manifest: Manifest = serde_json::from_slice(manifest)?;
        let read = |name: &str| file(name).ok().flatten();
        let mut files = BTreeMap::new();
        let mut urls = BTreeMap::new();
        for (logical, name) in manifest.files {
            let plain = read(&name).ok_or_else(|| AssetsError::Incomplete(name.clone()))?;
            urls.insert(logical, format!("{PREFIX}/{name}"));
            let asset = Asset { plain, brotli: read(&format!("{name}.br")), gzip: read(&format!("{name}.gz")) };
            files.insert(name, asset);
        }
        Ok(Self(Arc::new(Inner { client: manifest.client, urls, files })))
    }
}
