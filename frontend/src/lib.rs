//! The browser's entry point: wakes the islands of a server-rendered page. Everything else lives in `recado-app`.

// Linked for its islands: each one exports itself to the page under its own name.
use recado_app as _;

/// Called once by the page's loader script before it wakes the islands one by one.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
