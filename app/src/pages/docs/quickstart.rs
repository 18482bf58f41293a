//! `/documentacao/primeiros-passos`: from nothing to the first message and the first webhook.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;

use super::INDEX;
use super::markdown::prose;
use super::reader::{Asked, Reader};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Visit;
use crate::words::Words;

/// The same text as in the repository; its programs are run by a test.
const TEXT: &str = include_str!("../../../../docs/quickstart.pt-BR.md");

/// What the text has in place of what is each reader's own.
const ADDRESS: &str = "http://127.0.0.1:3000";
const ID: &str = "SEU_ID";

const PAGE: Page = Page::plain("docs.quick_start", Some(Place::Docs));

/// The page, with the reader's address and instance.
///
/// # Errors
/// The database.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let reader = Reader::of(&visit, &asked.instancia).await?;
    let text = TEXT.replace(ADDRESS, &reader.base).replace(ID, &reader.instance_id());
    Ok(visit.answer(PAGE, |words| body(words, &text)))
}

fn body(words: Words, text: &str) -> AnyView {
    let back = Some((INDEX.to_owned(), words.t("docs.title").to_owned()));
    view! {
        {heading(words.t("docs.quick_start"), back, None)}
        <div class="card doc">{prose(text)}</div>
    }
    .into_any()
}
