//! Views to text, with the marks that let islands wake up in the browser.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::*;

use crate::client::AssetUrls;

/// A rendered page.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The document.
    pub html: String,
    /// The nonce its scripts carry.
    pub nonce: String,
}

/// Renders a whole document. `view` runs inside the reactive owner that islands need.
pub fn document(assets: &AssetUrls, options: &LeptosOptions, view: impl FnOnce() -> AnyView) -> Rendered {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let rendered = owner.with(|| {
        provide_nonce();
        provide_context(assets.clone());
        provide_context(options.clone());
        let html = format!("<!DOCTYPE html>{}", view().to_html());
        Rendered { html, nonce: use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default() }
    });
    owner.cleanup();
    rendered
}

/// Renders a piece of a page, for islands that replace their content.
pub fn fragment(view: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| view().to_html());
    owner.cleanup();
    html
}
