//! A value to copy, hidden until asked for where it is secret. Works without the client: then it is shown and selected by hand.

use leptos::prelude::*;

use crate::islands::CopyButton;
use crate::words::Words;

/// A public value with a copy button.
pub fn copyable(words: Words, label: &'static str, value: String) -> AnyView {
    view! {
        <div class="copyable">
            <dt>{label}</dt>
            <dd><code class="value">{value.clone()}</code></dd>
            <dd class="copyable-button">{copy_button(words, label, value)}</dd>
        </div>
    }
    .into_any()
}

/// A secret with show, hide and copy.
pub fn secret(words: Words, label: &'static str, value: String) -> AnyView {
    view! {
        <div class="copyable">
            <dt>{label}</dt>
            <dd>
                <details class="veil">
                    <summary>
                        <span class="veil-dots" aria-hidden="true">"••••••••••••"</span>
                        <span class="veil-show">{words.t("common.show")}</span>
                        <span class="veil-hide">{words.t("common.hide")}</span>
                    </summary>
                    <code class="value">{value.clone()}</code>
                </details>
            </dd>
            <dd class="copyable-button">{copy_button(words, label, value)}</dd>
        </div>
    }
    .into_any()
}

/// The button that copies `text`.
pub fn copy_button(words: Words, label: &'static str, text: String) -> AnyView {
    view! {
        <CopyButton
            text=text
            label=words.t("common.copy").to_owned()
            done=words.t("common.copied").to_owned()
            hint=words.with("common.copy_what", &[("what", label)])
        />
    }
    .into_any()
}
