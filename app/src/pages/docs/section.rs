//! `/documentacao/api/{section}`: every route of a section, one anchor each; or the callbacks.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;

use super::INDEX;
use super::operation::{article, callback};
use super::reader::{Asked, Reader};
use super::spec::{Section, Spec, WEBHOOKS};
use crate::view::heading::{heading, lead};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Visit;
use crate::words::Words;

const PAGE: Page = Page::live("docs.title", Some(Place::Docs));

/// The page.
///
/// # Errors
/// No such section, or the database.
pub async fn show(visit: Visit, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let document = visit.panel.api.clone();
    let spec = Spec::new(&document);
    if slug == WEBHOOKS {
        return Ok(visit.answer(PAGE, |words| callbacks(words, spec)));
    }
    let section = spec.sections().into_iter().find(|section| section.slug == slug).ok_or(Failure::NotFound)?;
    let reader = Reader::of(&visit, &asked.instancia).await?;
    Ok(visit.answer(PAGE, |words| body(words, spec, &section, &reader)))
}

fn back(words: Words) -> Option<(String, String)> {
    Some((INDEX.to_owned(), words.t("docs.title").to_owned()))
}

fn body(words: Words, spec: Spec<'_>, section: &Section<'_>, reader: &Reader) -> AnyView {
    let operations = spec.operations(section);
    let articles = operations.iter().map(|operation| article(words, spec, *operation, reader)).collect_view();
    view! {
        {heading(section.name, back(words), None)}
        {lead(section.text)}
        {sections(words, spec, section.slug)}
        {choice(words, reader)}
        <div class="stack">{articles}</div>
    }
    .into_any()
}

fn callbacks(words: Words, spec: Spec<'_>) -> AnyView {
    let articles = spec.callbacks().into_iter().map(|operation| callback(words, operation)).collect_view();
    view! {
        {heading(words.t("docs.webhooks"), back(words), None)}
        {lead(words.t("docs.webhooks_text"))}
        {sections(words, spec, WEBHOOKS)}
        <div class="stack">{articles}</div>
    }
    .into_any()
}

/// The way to the other sections.
fn sections(words: Words, spec: Spec<'_>, current: &str) -> AnyView {
    let all =
        spec.sections().into_iter().map(|section| (section.slug, section.name)).chain([(WEBHOOKS, words.t("docs.webhooks"))]);
    let links = all
        .map(|(slug, name)| {
            let here = (slug == current).then_some("page");
            view! { <a href=format!("{INDEX}/{slug}") aria-current=here>{name.to_owned()}</a> }
        })
        .collect_view();
    view! { <nav class="doc-sections" aria-label=words.t("docs.sections")>{links}</nav> }.into_any()
}

/// Whose id stands in the examples, and how to choose another.
fn choice(words: Words, reader: &Reader) -> Option<AnyView> {
    let current = reader.instance()?;
    let options = reader
        .instances()
        .iter()
        .map(|view| {
            let id = view.id.public();
            view! { <option value=id selected=view.id == current.id>{view.name.clone()}</option> }
        })
        .collect_view();
    Some(
        view! {
            <form method="get" class="search">
                <label class="hidden" for="instancia">{words.t("docs.instance")}</label>
                <select class="input" id="instancia" name="instancia">{options}</select>
                <button type="submit" class="button">{words.t("docs.use_instance")}</button>
            </form>
        }
        .into_any(),
    )
}
