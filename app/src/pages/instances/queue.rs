//! `/instancias/{id}/fila`: what waits to be sent.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::{AccountId, MessageId};
use recado_messaging::{InstanceView, QueueItem, QueuePage, QueueSlice};
use serde::Deserialize;

use super::{Tab, address, own, tabs};
use crate::islands::LiveFragment;
use crate::view::confirm::{Confirm, confirm};
use crate::view::empty::empty;
use crate::view::field::form_key;
use crate::view::heading::heading;
use crate::view::icons::Icon;
use crate::view::render::fragment;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::live::{Piece, keep_sending};
use crate::web::page::Page;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;
use crate::words::Words;

/// Shown at once; the rest is counted.
const SHOWN: i64 = 100;

/// What the page shows.
struct Waiting {
    slice: QueueSlice,
    total: i64,
    may_cancel: bool,
    form_key: String,
    base: String,
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ReadMessages).await?;
    let waiting = look(&member, account, &view).await?;
    Ok(member.answer(Page::live("queue.title", Some(Place::Instances)), |words| body(words, &member, &view, &waiting)))
}

/// The list again whenever it changes.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn live(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ReadMessages).await?;
    let asking = member.clone();
    let again = move || {
        let (member, view) = (asking.clone(), view.clone());
        async move {
            let waiting = look(&member, account, &view).await.ok()?;
            let words = member.words();
            Some(Piece { html: fragment(|| list(words, &waiting)), status: words.count("queue.total", waiting.total) })
        }
    };
    Ok(keep_sending(&member, again))
}

/// Which message.
#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(default)]
    mensagem: String,
}

/// Takes one message out.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn cancel(member: Member, Path(id): Path<String>, Posted(which): Posted<Which>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::SendMessages).await?;
    let message: MessageId = which.mensagem.parse().map_err(|_| Failure::NotFound)?;
    let notice = match member.panel.messaging.cancel_message(member.meta(account), view.id, message).await {
        Ok(true) => "notice.message_cancelled",
        Ok(false) => "refusal.not_waiting",
        Err(other) => return Err(other.into()),
    };
    Ok(member.go_with(&format!("{}/fila", address(&view)), notice))
}

/// Takes everything out.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn cancel_all(
    member: Member,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::SendMessages).await?;
    member.panel.messaging.cancel_all_messages(member.meta(account), view.id).await?;
    Ok(member.go_with(&format!("{}/fila", address(&view)), "notice.queue_emptied"))
}

async fn look(member: &Member, account: AccountId, view: &InstanceView) -> Result<Waiting, Failure> {
    let messaging = &member.panel.messaging;
    Ok(Waiting {
        slice: messaging.queue(account, view.id, QueuePage { limit: SHOWN, ..QueuePage::default() }).await?,
        total: messaging.queue_count(account, view.id).await?,
        may_cancel: member.principal.may(Permission::SendMessages),
        form_key: member.form_key.clone(),
        base: address(view),
    })
}

fn body(words: Words, member: &Member, view: &InstanceView, waiting: &Waiting) -> AnyView {
    let clear = (waiting.may_cancel && waiting.total > 0).then(|| {
        let word = words.t("queue.clear");
        confirm(
            words,
            Confirm {
                id: "esvaziar".to_owned(),
                opener: view! { {word} }.into_any(),
                opener_class: "button",
                title: words.t("queue.clear_title").to_owned(),
                body: view! { <p>{words.t("queue.clear_text")}</p> }.into_any(),
                action: format!("{}/fila/esvaziar", waiting.base),
                confirm: word.to_owned(),
                dangerous: true,
                form_key: waiting.form_key.clone(),
            },
        )
    });
    let back = Some((waiting.base.clone(), view.name.clone()));
    let now = list(words, waiting);
    view! {
        {heading(words.t("queue.title"), back, clear)}
        {tabs(words, member, view, Tab::Queue)}
        <LiveFragment url=format!("{}/fila/ao-vivo", waiting.base)>{now}</LiveFragment>
        <noscript><p class="fine"><a href=format!("{}/fila", waiting.base)>{words.t("common.refresh")}</a></p></noscript>
    }
    .into_any()
}

fn list(words: Words, waiting: &Waiting) -> AnyView {
    if waiting.slice.items.is_empty() {
        return empty(Icon::Queue, words.t("queue.empty.title"), words.t("queue.empty.text"), None);
    }
    let entries = waiting.slice.items.iter().map(|item| entry(words, waiting, item)).collect_view();
    view! {
        <section class="card">
            <h2>{words.count("queue.total", waiting.total)}</h2>
            <ol>{entries}</ol>
        </section>
    }
    .into_any()
}

fn entry(words: Words, waiting: &Waiting, item: &QueueItem) -> AnyView {
    let to = item.phone.as_ref().map_or_else(
        || words.t("common.erased").to_owned(),
        |chat| chat.phone().map_or_else(|| chat.as_str().to_owned(), |phone| phone.to_display()),
    );
    let text = item.content.as_ref().map(|content| content.as_text().to_owned());
    let attempts =
        (item.attempts > 0).then(|| view! { <span>" · "{words.count("queue.attempts", i64::from(item.attempts))}</span> });
    let cancel = waiting.may_cancel.then(|| {
        view! {
            <form method="post" action=format!("{}/fila/cancelar", waiting.base)>
                {form_key(&waiting.form_key)}
                <input type="hidden" name="mensagem" value=item.message.to_string() />
                <button type="submit" class="button small">{words.t("queue.cancel")}</button>
            </form>
        }
    });
    view! {
        <li class="entry">
            <div class="row spread"><strong>{format!("{}. {to}", item.position)}</strong>{cancel}</div>
            {text.map(|text| view! { <p class="entry-text">{text}</p> })}
            <small>{words.moment(item.accepted_at)}{attempts}</small>
        </li>
    }
    .into_any()
}
