//! The panel: pages rendered by the server, islands that live in the browser, and the words in both languages.
//!
//! Pages are plain HTML that works without scripts: forms post to their own address, answer 303 when they did their work and show
//! themselves again (422) with the errors beside the fields when they did not. Only [`islands`] is compiled for the browser.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod client;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod view;
#[cfg(feature = "ssr")]
pub mod web;
#[cfg(feature = "ssr")]
pub mod words;

#[cfg(feature = "ssr")]
pub use client::AssetUrls;
#[cfg(feature = "ssr")]
pub use pages::router;
#[cfg(feature = "ssr")]
pub use web::state::PanelState;
