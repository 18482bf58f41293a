//! A button that puts a text on the clipboard.

use leptos::prelude::*;

/// Copies `text` and says so, to readers of the screen and of its sound.
#[island]
pub fn CopyButton(
    /// What goes to the clipboard.
    text: String,
    /// The button's words before the click.
    label: String,
    /// The button's words after the click.
    done: String,
    /// What the button copies, for screen readers.
    hint: String,
) -> impl IntoView {
    let (copied, set_copied) = signal(false);
    let on_click = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(window) = web_sys::window() {
            // The browser may refuse; the text stays selectable on the page, so nothing is lost.
            let _promise = window.navigator().clipboard().write_text(&text);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &text;
        set_copied.set(true);
        set_timeout(move || set_copied.set(false), std::time::Duration::from_secs(3));
    };
    let spoken = done.clone();
    view! {
        <button type="button" class=move || if copied.get() { "copy done" } else { "copy" } aria-label=hint on:click=on_click>
            {move || if copied.get() { done.clone() } else { label.clone() }}
        </button>
        <span class="hidden" role="status">{move || if copied.get() { spoken.clone() } else { String::new() }}</span>
    }
}
