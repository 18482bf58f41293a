//! The top of a page.

use leptos::prelude::*;

use super::icons::{Icon, icon};

/// A title with, above it, the way back and, beside it, what can be done.
pub fn heading(title: impl Into<String>, back: Option<(String, String)>, actions: Option<AnyView>) -> AnyView {
    let title: String = title.into();
    let back = back.map(|(href, label)| view! { <a class="back" href=href>{icon(Icon::Back)}{label}</a> });
    let actions = actions.map(|actions| view! { <div class="actions">{actions}</div> });
    view! {
        <div class="heading">
            <div>{back}<h1>{title}</h1></div>
            {actions}
        </div>
    }
    .into_any()
}

/// A sentence below the title.
pub fn lead(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <p class="lead">{text}</p> }.into_any()
}
