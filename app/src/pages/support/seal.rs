//! How far an account's history is sealed, and how anybody can prove an export.

use leptos::prelude::*;
use recado_event_store::audit::SealState;

use crate::words::Words;

/// The card.
pub fn card(words: Words, state: Option<&SealState>) -> AnyView {
    let body = match state {
        None => view! { <p class="muted">{words.t("seal.nothing")}</p> }.into_any(),
        Some(state) => view! {
            <dl class="facts">
                <div><dt>{words.t("seal.until")}</dt><dd>{words.exact_moment(state.recorded_at)}</dd></div>
                <div><dt>{words.t("seal.events")}</dt><dd>{state.last_ordinal}</dd></div>
                <div><dt>{words.t("seal.head")}</dt><dd><code class="hash">{state.head.to_string()}</code></dd></div>
            </dl>
        }
        .into_any(),
    };
    view! {
        <section class="card">
            <h2>{words.t("seal.title")}</h2>
            {body}
            <details class="how">
                <summary>{words.t("seal.how")}</summary>
                <p>{words.t("seal.how_text")}</p>
                <pre><code>"recado audit verify historico.jsonl"</code></pre>
                <p><a href="/.well-known/recado-audit.json">{words.t("seal.key")}</a></p>
            </details>
        </section>
    }
    .into_any()
}
