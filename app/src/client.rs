//! How a page finds its stylesheet and, if it has islands, the client.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Where each asset is served: logical name (`main.css`) to URL with content hash (`/assets/main.1a2b3c4d5e6f7a8b.css`).
#[derive(Clone, Debug, Default)]
pub struct AssetUrls(Arc<BTreeMap<String, String>>);

impl AssetUrls {
    /// Takes the whole table, made once at start.
    pub fn new(urls: BTreeMap<String, String>) -> Self {
        Self(Arc::new(urls))
    }

    /// The URL of an asset. An unknown name gives `/assets/<name>`, which answers 404, so a typing error is seen in the browser.
    pub fn url(&self, logical: &str) -> String {
        self.0.get(logical).cloned().unwrap_or_else(|| format!("/assets/{logical}"))
    }
}

/// What a page may load: our own files, scripts by nonce and only where there are islands, nothing else.
pub fn content_security_policy(nonce: Option<&str>) -> String {
    let scripts = match nonce {
        Some(nonce) => format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src 'self'; "),
        None => String::new(),
    };
    format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}
