//! `/documentacao/api`: what holds for all routes, and the list of them, searched with `?busca=`.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;

use super::markdown::prose;
use super::operation::route;
use super::reader::Asked;
use super::spec::{Operation, Section, Spec, WEBHOOKS};
use super::{INDEX, QUICK_START};
use crate::view::heading::{heading, lead};
use crate::view::icons::{Icon, icon};
use crate::view::shell::Place;
use crate::web::page::Page;
use crate::web::visit::Visit;
use crate::words::Words;

const PAGE: Page = Page::plain("docs.title", Some(Place::Docs));

/// The page.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let document = visit.panel.api.clone();
    visit.answer(PAGE, |words| body(words, Spec::new(&document), asked.busca.trim()))
}

fn body(words: Words, spec: Spec<'_>, wanted: &str) -> AnyView {
    let found = found(spec, &wanted.to_lowercase());
    let content = match (wanted.is_empty(), found.is_empty()) {
        (false, true) => view! { <p class="muted">{words.with("docs.none", &[("text", wanted)])}</p> }.into_any(),
        (false, false) => listing(words, &found, false),
        (true, _) => view! { <section class="card doc">{prose(spec.introduction())}</section>{listing(words, &found, true)}{not_built(words, spec)} }.into_any(),
    };
    view! {
        {heading(words.t("docs.title"), None, Some(files(words)))}
        {lead(words.t("docs.lead"))}
        <form method="get" action=INDEX class="search" role="search">
            <label class="hidden" for="busca">{words.t("docs.search_label")}</label>
            <input class="input" type="search" id="busca" name="busca" value=wanted.to_owned() placeholder=words.t("docs.placeholder") />
            <button type="submit" class="button primary">{icon(Icon::Search)}{words.t("docs.search")}</button>
        </form>
        <div class="stack">{content}</div>
    }
    .into_any()
}

/// The quick start, and the files for programs.
fn files(words: Words) -> AnyView {
    view! {
        <a class="button primary" href=QUICK_START>{words.t("docs.quick_start")}</a>
        <a class="button" href="/openapi.json">"OpenAPI"</a>
        <a class="button" href="/postman.json">"Postman"</a>
    }
    .into_any()
}

/// Sections with what was found in them; webhooks come last.
fn found<'a>(spec: Spec<'a>, wanted: &str) -> Vec<(Section<'a>, Vec<Operation<'a>>)> {
    let webhooks = Section { name: "", text: "", slug: WEBHOOKS };
    let sections = spec.sections().into_iter().map(|section| {
        let operations = spec.operations(&section);
        (section, operations)
    });
    sections
        .chain([(webhooks, spec.callbacks())])
        .map(|(section, mut operations)| {
            operations.retain(|operation| operation.mentions(spec, wanted));
            (section, operations)
        })
        .filter(|(_, operations)| !operations.is_empty())
        .collect()
}

fn listing(words: Words, found: &[(Section<'_>, Vec<Operation<'_>>)], explained: bool) -> AnyView {
    found
        .iter()
        .map(|(section, operations)| {
            let is_webhooks = section.slug == WEBHOOKS;
            let (name, says) = match is_webhooks {
                true => (words.t("docs.webhooks"), words.t("docs.webhooks_text")),
                false => (section.name, section.text),
            };
            let address = format!("{INDEX}/{}", section.slug);
            let rows = operations
                .iter()
                .map(|operation| {
                    let href = format!("{address}#{}", operation.anchor());
                    let mark = if is_webhooks {
                        view! { <code>{operation.path.to_owned()}</code> }.into_any()
                    } else {
                        route(*operation)
                    };
                    let summary = (!is_webhooks).then(|| view! { <span class="muted">{operation.summary().to_owned()}</span> });
                    view! { <li class="entry"><a class="doc-route" href=href>{mark}</a>{summary}</li> }
                })
                .collect_view();
            view! {
                <section class="card">
                    <h2><a href=address>{name.to_owned()}</a></h2>
                    {explained.then(|| view! { <p class="muted">{says.to_owned()}</p> })}
                    <ul>{rows}</ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

fn not_built(words: Words, spec: Spec<'_>) -> AnyView {
    let names = spec.not_built().into_iter().map(|name| view! { <li><code>{name.to_owned()}</code></li> }).collect_view();
    view! {
        <section class="card">
            <h2>{words.t("docs.not_built")}</h2>
            <details class="how"><summary>{words.t("docs.not_built_text")}</summary><ul class="doc-names">{names}</ul></details>
        </section>
    }
    .into_any()
}
