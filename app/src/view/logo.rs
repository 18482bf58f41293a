//! The brand's mark: a note that became a speech bubble, with the tick of a message that arrived.

use leptos::prelude::*;

/// The mark, sized by the text around it.
pub fn logo() -> AnyView {
    view! {
        <svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <path class="logo-note" d="M9 3h14a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6H13.6l-5.5 4.6A1.3 1.3 0 0 1 6 27.6V23.2A6 6 0 0 1 3 18V9a6 6 0 0 1 6-6z" />
            <path class="logo-tick" d="M10.5 13.8l4 4 7.2-8" />
        </svg>
    }
    .into_any()
}
