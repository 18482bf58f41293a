//! `/instancias/{id}/fila`: what waits to be sent.

use axum::extract::Path;
use axum::response::Response;
use chrono::Duration;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::{AccountId, MessageId};
use recado_messaging::{InstanceView, QueueHold, QueueItem, QueueOutlook, QueuePage, QueueSlice};
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
    outlook: QueueOutlook,
    may_cancel: bool,
    may_pause: bool,
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
            Some(Piece { html: fragment(|| list(words, &waiting)), status: status(words, &waiting.outlook) })
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

/// Lets the queue wait.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn pause(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let done = member.panel.messaging.pause_queue(member.meta(account), view.id).await?;
    member.panel.messaging.instance_visible(done.position).await;
    Ok(member.go_with(&format!("{}/fila", address(&view)), "notice.queue_paused"))
}

/// Lets it go on.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn resume(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let done = member.panel.messaging.resume_queue(member.meta(account), view.id).await?;
    member.panel.messaging.instance_visible(done.position).await;
    Ok(member.go_with(&format!("{}/fila", address(&view)), "notice.queue_resumed"))
}

async fn look(member: &Member, account: AccountId, view: &InstanceView) -> Result<Waiting, Failure> {
    let messaging = &member.panel.messaging;
    Ok(Waiting {
        slice: messaging.queue(account, view.id, QueuePage { limit: SHOWN, ..QueuePage::default() }).await?,
        outlook: messaging.queue_outlook(account, view.id).await?,
        may_cancel: member.principal.may(Permission::SendMessages),
        may_pause: member.principal.may(Permission::ManageInstances),
        form_key: member.form_key.clone(),
        base: address(view),
    })
}

fn body(words: Words, member: &Member, view: &InstanceView, waiting: &Waiting) -> AnyView {
    let clear = (waiting.may_cancel && waiting.outlook.waiting > 0).then(|| {
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
    let switch = switch(words, waiting);
    if waiting.slice.items.is_empty() {
        let nothing = empty(Icon::Queue, words.t("queue.empty.title"), words.t("queue.empty.text"), None);
        return view! { {switch}{nothing} }.into_any();
    }
    let entries = waiting.slice.items.iter().map(|item| entry(words, waiting, item)).collect_view();
    view! {
        <section class="card">
            <div class="row spread"><h2>{words.count("queue.total", waiting.outlook.waiting)}</h2>{switch}</div>
            <p class="muted">{forecast(words, &waiting.outlook)}</p>
            <ol>{entries}</ol>
        </section>
    }
    .into_any()
}

/// For ears: how many, and whether they move.
fn status(words: Words, outlook: &QueueOutlook) -> String {
    let total = words.count("queue.total", outlook.waiting);
    match outlook.held {
        Some(hold) => format!("{total}. {}", words.t(held(hold))),
        None => total,
    }
}

const fn held(hold: QueueHold) -> &'static str {
    match hold {
        QueueHold::Paused => "queue.held.paused",
        QueueHold::Disconnected => "queue.held.disconnected",
    }
}

/// The button that pauses, or the one that lets go on.
fn switch(words: Words, waiting: &Waiting) -> Option<AnyView> {
    let (action, word, class) = match waiting.outlook.held {
        Some(QueueHold::Paused) => ("retomar", "queue.resume", "button small primary"),
        _ => ("pausar", "queue.pause", "button small"),
    };
    waiting.may_pause.then(|| {
        view! {
            <form method="post" action=format!("{}/fila/{action}", waiting.base)>
                {form_key(&waiting.form_key)}
                <button type="submit" class=class>{words.t(word)}</button>
            </form>
        }
        .into_any()
    })
}

/// When all of it will be gone, or why nothing moves.
fn forecast(words: Words, outlook: &QueueOutlook) -> String {
    // One message without typing takes no time: "less than a minute".
    let takes = words.span(outlook.takes.max(Duration::seconds(1)));
    match outlook.held {
        Some(hold) => format!("{} {}", words.t(held(hold)), words.with("queue.would_take", &[("span", &takes)])),
        None => {
            let end = words.moment(outlook.moves_at + outlook.takes);
            words.with("queue.done_at", &[("moment", &end), ("span", &takes)])
        }
    }
}

fn entry(words: Words, waiting: &Waiting, item: &QueueItem) -> AnyView {
    let to = item.phone.as_ref().map_or_else(
        || words.t("common.erased").to_owned(),
        |chat| chat.phone().map_or_else(|| chat.as_str().to_owned(), |phone| phone.to_display()),
    );
    let text = item.content.as_ref().map(|content| content.as_text().to_owned());
    let attempts =
        (item.attempts > 0).then(|| view! { <span>" · "{words.count("queue.attempts", i64::from(item.attempts))}</span> });
    let expected = waiting.outlook.held.is_none().then(|| {
        let at = words.exact_moment(waiting.outlook.moves_at + item.expected_after);
        view! { <span>" · "{words.with("queue.expected", &[("time", &at)])}</span> }
    });
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
            <small>{words.moment(item.accepted_at)}{attempts}{expected}</small>
        </li>
    }
    .into_any()
}
