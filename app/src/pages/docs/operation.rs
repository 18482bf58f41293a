//! One route, or one callback, of the reference.

use leptos::prelude::*;
use serde_json::Value;

use super::curl::{command, pretty};
use super::fields::{body_table, parameter_table};
use super::markdown::prose;
use super::reader::Reader;
use super::spec::{Operation, Spec, text};
use crate::islands::CopyButton;
use crate::words::Words;

/// Verb and address as one mark.
pub fn route(operation: Operation<'_>) -> AnyView {
    let verb = operation.verb.to_uppercase();
    view! { <span class="doc-verb" data-verb=operation.verb.to_owned()>{verb}</span>" "<code>{operation.action().to_owned()}</code> }
        .into_any()
}

/// A route: what it does, what it takes, how to call it, what it answers.
pub fn article(words: Words, spec: Spec<'_>, operation: Operation<'_>, reader: &Reader) -> AnyView {
    if operation.is_deprecated() {
        return older_name(words, operation);
    }
    let sample = command(spec, operation, reader);
    let (good, refused): (Vec<_>, Vec<_>) = operation.responses().partition(|(status, ..)| status.starts_with('2'));
    view! {
        <article class="card doc" id=operation.anchor().to_owned()>
            <h2><a href=format!("#{}", operation.anchor())>{operation.summary().to_owned()}</a></h2>
            <p class="doc-route">{route(operation)}</p>
            {prose(operation.description())}
            {parameter_table(words, operation, "query", words.t("docs.query"))}
            {operation.body().and_then(|body| body_table(words, spec, body))}
            <div>
                <div class="row spread">
                    <h3>"curl"</h3>
                    <CopyButton
                        text=sample.clone()
                        label=words.t("common.copy").to_owned()
                        done=words.t("common.copied").to_owned()
                        hint=words.with("common.copy_what", &[("what", "curl")])
                    />
                </div>
                <pre tabindex="0"><code>{sample}</code></pre>
            </div>
            {good.into_iter().map(|(status, says, content)| answer(status, says, content)).collect_view()}
            <details class="how">
                <summary>{words.t("docs.refusals")}</summary>
                <ul class="doc-refusals">
                    {refused.into_iter().map(|(status, says, content)| refusal(status, says, content)).collect_view()}
                </ul>
            </details>
        </article>
    }
    .into_any()
}

/// Another name of a route: it takes and answers what that one does.
fn older_name(words: Words, operation: Operation<'_>) -> AnyView {
    view! {
        <article class="card doc" id=operation.anchor().to_owned()>
            <div class="row spread">
                <p class="doc-route">{route(operation)}</p>
                <span class="badge warn">{words.t("docs.deprecated")}</span>
            </div>
            {prose(operation.description())}
        </article>
    }
    .into_any()
}

/// A callback: when it comes, its headers, bodies of each kind.
pub fn callback(words: Words, operation: Operation<'_>) -> AnyView {
    let examples = operation.body().and_then(|body| body["examples"].as_object()).into_iter().flatten();
    let examples = examples
        .map(|(name, example)| {
            let body = serde_json::to_string_pretty(&example["value"]).unwrap_or_default();
            view! { <details class="how"><summary class="sentence">{name.clone()}</summary><pre tabindex="0"><code>{body}</code></pre></details> }
        })
        .collect_view();
    view! {
        <article class="card doc" id=operation.anchor().to_owned()>
            <h2><a href=format!("#{}", operation.anchor())><code>{operation.summary().to_owned()}</code></a></h2>
            {prose(operation.description())}
            {parameter_table(words, operation, "header", words.t("docs.headers"))}
            <div><h3>{words.t("docs.examples")}</h3>{examples}</div>
        </article>
    }
    .into_any()
}

fn answer(status: &str, says: &str, content: Option<&Value>) -> AnyView {
    let example = content.and_then(|content| content.get("example")).map(|example| {
        view! { <pre tabindex="0"><code>{pretty(example)}</code></pre> }
    });
    view! { <div><h3><span class="badge good">{status.to_owned()}</span>" "{says.to_owned()}</h3>{example}</div> }.into_any()
}

fn refusal(status: &str, says: &str, content: Option<&Value>) -> AnyView {
    let bodies = content.and_then(|content| content["examples"].as_object()).into_iter().flatten();
    let bodies = bodies
        .map(|(_, example)| {
            view! { <li>{prose(text(&example["summary"]))}<code>{example["value"].to_string()}</code></li> }
        })
        .collect_view();
    let says = content.is_none().then(|| prose(says));
    view! { <li><strong>{status.to_owned()}</strong>{says}<ul>{bodies}</ul></li> }.into_any()
}
