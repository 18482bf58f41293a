//! Development only: the mails that would have been sent.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use leptos::prelude::*;
use recado_accounts::{FolderMailer, StoredMail};
use uuid::Uuid;

use crate::view::empty::empty;
use crate::view::heading::{heading, lead};
use crate::view::icons::Icon;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::state::Panel;
use crate::web::visit::Visit;
use crate::words::Words;

const SHOWN: usize = 100;

/// The pages; they answer 404 outside development.
pub fn routes() -> Router<Panel> {
    Router::new().route("/dev/mail", get(list)).route("/dev/mail/{id}", get(show))
}

fn folder(visit: &Visit) -> Result<FolderMailer, Failure> {
    let folder = visit.panel.mail_folder.as_deref().filter(|_| visit.panel.dev_mode).ok_or(Failure::NotFound)?;
    // Only read here: the sender does not matter.
    FolderMailer::new(folder, "recado@localhost").map_err(|error| Failure::Defect(error.to_string()))
}

async fn list(visit: Visit) -> Result<Response, Failure> {
    let mails = folder(&visit)?.list(SHOWN).await.map_err(|error| Failure::Defect(error.to_string()))?;
    Ok(visit.answer(Page::plain("mail.title", Some(Place::Mail)), |words| list_body(words, &mails)))
}

async fn show(visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let stored = folder(&visit)?.read(id).await.map_err(|error| Failure::Defect(error.to_string()))?;
    let stored = stored.ok_or(Failure::NotFound)?;
    Ok(visit.answer(Page::plain("mail.title", Some(Place::Mail)), |words| mail_body(words, &stored)))
}

fn list_body(words: Words, mails: &[StoredMail]) -> AnyView {
    let entries = mails
        .iter()
        .map(|stored| {
            view! {
                <li class="entry">
                    <a href=format!("/dev/mail/{}", stored.mail.id)><strong>{stored.mail.subject.clone()}</strong></a>
                    <small>{stored.mail.to.clone()}" · "{words.exact_moment(stored.mail.at)}</small>
                </li>
            }
        })
        .collect_view();
    let content = if mails.is_empty() {
        empty(Icon::Mail, words.t("mail.empty.title"), words.t("mail.empty.text"), None)
    } else {
        view! { <section class="card"><ul>{entries}</ul></section> }.into_any()
    };
    view! { {heading(words.t("mail.title"), None, None)} {lead(words.t("mail.lead"))} {content} }.into_any()
}

fn mail_body(words: Words, stored: &StoredMail) -> AnyView {
    let mail = &stored.mail;
    view! {
        {heading(mail.subject.clone(), Some(("/dev/mail".to_owned(), words.t("mail.title").to_owned())), None)}
        <section class="card">
            <dl class="facts">
                <div><dt>{words.t("mail.to")}</dt><dd>{mail.to.clone()}</dd></div>
                <div><dt>{words.t("mail.at")}</dt><dd>{words.exact_moment(mail.at)}</dd></div>
            </dl>
            <div class="mail-body">{linked(&mail.text)}</div>
        </section>
    }
    .into_any()
}

/// The text with its addresses as links.
fn linked(text: &str) -> AnyView {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let address = word.trim_end();
            if address.starts_with("http://") || address.starts_with("https://") {
                let rest = word[address.len()..].to_owned();
                view! { <a href=address.to_owned()>{address.to_owned()}</a>{rest} }.into_any()
            } else {
                view! { {word.to_owned()} }.into_any()
            }
        })
        .collect_view()
        .into_any()
}
