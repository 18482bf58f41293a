//! What a list shows before there is anything in it.

use leptos::prelude::*;

use super::icons::{Icon, icon};

/// A friendly nothing, with an optional next step.
pub fn empty(shape: Icon, title: impl Into<String>, text: impl Into<String>, action: Option<AnyView>) -> AnyView {
    let (title, text): (String, String) = (title.into(), text.into());
    view! {
        <div class="empty">
            <span class="empty-icon">{icon(shape)}</span>
            <h2>{title}</h2>
            <p>{text}</p>
            {action}
        </div>
    }
    .into_any()
}
