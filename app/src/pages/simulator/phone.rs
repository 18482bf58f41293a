//! `/simulador/telefones/{number}`: one telephone: its chats, in the order things were sent.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_engine_sim::{ChatView, MessageView, PhoneView};
use recado_kernel::PhoneNumber;
use serde::Deserialize;

use super::bubble::bubble;
use super::composer::{Doing, composer};
use super::ground::{Ground, shown};
use super::{banner, desk, kinds};
use crate::islands::LiveFragment;
use crate::view::heading::heading;
use crate::view::icons::{Icon, icon};
use crate::view::render::fragment;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::live::{Piece, keep_sending_after, mark};
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// Which chat is open, and what was begun in it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Open {
    #[serde(default)]
    conversa: String,
    #[serde(default)]
    nova: String,
    #[serde(default)]
    responder: String,
    #[serde(default)]
    editar: String,
    #[serde(default)]
    encaminhar: String,
    /// What the page shows already ([`mark`]).
    #[serde(default)]
    visto: String,
}

struct Facts {
    phone: PhoneView,
    chats: Vec<ChatView>,
    open: String,
    messages: Vec<MessageView>,
}

/// The page.
///
/// # Errors
/// No simulator, not this account's telephone, not allowed, or the database.
pub async fn show(member: Member, Path(number): Path<String>, Query(open): Query<Open>) -> Result<Response, Failure> {
    let facts = facts(&member, &number, &open).await?;
    // Before the page: one rendering does not stand inside another.
    let base = base(&facts);
    let seen = mark(&fragment(|| chat(facts.ground(member.words(), &base, false, &member.form_key), &facts)));
    let page = Page::live("simulator.title", Some(Place::Simulator));
    Ok(member.answer(page, |words| body(words, &member, &facts, &open, &seen)))
}

/// The chat again whenever it changes.
///
/// # Errors
/// As [`show`].
pub async fn live(member: Member, Path(number): Path<String>, Query(open): Query<Open>) -> Result<Response, Failure> {
    facts(&member, &number, &open).await?;
    let (asking, seen) = (member.clone(), open.visto.clone());
    let look = move || {
        let (member, number, open) = (asking.clone(), number.clone(), open.clone());
        async move {
            let facts = facts(&member, &number, &open).await.ok()?;
            let words = member.words();
            let unread = facts.messages.iter().filter(|message| !message.own && message.read_at.is_none()).count();
            let status = words.count("simulator.unread", i64::try_from(unread).unwrap_or(i64::MAX));
            let base = base(&facts);
            Some(Piece { html: fragment(|| chat(facts.ground(words, &base, false, &member.form_key), &facts)), status })
        }
    };
    Ok(keep_sending_after(&member, Some(seen).filter(|mark| !mark.is_empty()), look))
}

async fn facts(member: &Member, number: &str, open: &Open) -> Result<Facts, Failure> {
    let (sim, account) = desk(member)?;
    let number: PhoneNumber = number.parse().map_err(|_| Failure::NotFound)?;
    let phones = sim.phones(Some(account)).await?;
    let phone = phones.into_iter().find(|phone| phone.number == number.as_str()).ok_or(Failure::NotFound)?;
    let chats = sim.chats(Some(account), number.as_str()).await?;
    let open = match open.conversa.parse::<PhoneNumber>() {
        Ok(other) => other.as_str().to_owned(),
        Err(_) if !open.nova.is_empty() => String::new(),
        Err(_) => chats.first().map(|chat| chat.other.clone()).unwrap_or_default(),
    };
    let messages = sim.messages(Some(account), number.as_str(), &open).await?;
    Ok(Facts { phone, chats, open, messages })
}

impl Facts {
    fn ground<'a>(&'a self, words: Words, base: &'a str, new_chat: bool, key: &'a str) -> Ground<'a> {
        Ground { words, base, chat: &self.open, new_chat, key }
    }

    /// What was begun; a message that is gone meanwhile ends it.
    fn doing(&self, open: &Open) -> Doing<'_> {
        let find = |wire_id: &str| self.messages.iter().find(|message| message.wire_id == wire_id && !message.revoked);
        if let Some(message) = find(&open.editar).filter(|message| message.own) {
            Doing::Editing(message)
        } else if let Some(message) = find(&open.encaminhar) {
            Doing::Forwarding(message)
        } else {
            find(&open.responder).map_or(Doing::Writing, Doing::Answering)
        }
    }
}

fn base(facts: &Facts) -> String {
    format!("/simulador/telefones/{}", facts.phone.number)
}

fn body(words: Words, member: &Member, facts: &Facts, open: &Open, seen: &str) -> AnyView {
    let base = base(facts);
    let ground = facts.ground(words, &base, !open.nova.is_empty(), &member.form_key);
    let mut url = format!("{base}/ao-vivo?conversa={}&visto={seen}", facts.open);
    if facts.open.is_empty() && !open.nova.is_empty() {
        url.push_str("&nova=1");
    }
    let back = Some(("/simulador".to_owned(), words.t("simulator.title").to_owned()));
    let power = if facts.phone.is_on { words.t("simulator.switch_off") } else { words.t("simulator.switch_on") };
    let button = |action: &str, label: &'static str| {
        view! {
            <form method="post" action=format!("{base}/{action}")>
                {ground.hidden()}
                <button type="submit" class="button small">{label}</button>
            </form>
        }
    };
    let unlink = facts.phone.instance.is_some().then(|| button("desvincular", words.t("simulator.unlink")));
    // Also without a chat: the first one may begin while this page is open.
    let read = button("ler", words.t("simulator.mark_read"));
    let actions = view! { {read}{button("ligar", power)}{unlink} }.into_any();
    let title = match (facts.open.is_empty(), facts.chats.is_empty()) {
        (false, _) => shown(&facts.open),
        (true, _) => words.t("simulator.new_chat").to_owned(),
    };
    let now = chat(ground, facts);
    view! {
        {heading(shown(&facts.phone.number), back, Some(actions))}
        {banner(words)}
        <div class="columns two">
            <section class="card handset">
                <div class="handset-head"><strong>{title}</strong><span class="stamp">{words.t("simulator.stamp")}</span></div>
                <LiveFragment url=url>{now}</LiveFragment>
                {composer(ground, facts.doing(open))}
            </section>
            <div class="stack">{chats(words, &base, facts)}{super::signals::card(words, member, &base, &facts.open)}</div>
        </div>
        <noscript><p class="fine"><a href=base.clone()>{words.t("common.refresh")}</a></p></noscript>
    }
    .into_any()
}

fn chats(words: Words, base: &str, facts: &Facts) -> Option<AnyView> {
    let rows = facts
        .chats
        .iter()
        .map(|chat| {
            let href = format!("{base}?conversa={}", chat.other);
            let here = (chat.other == facts.open).then_some("page");
            let sign = (!chat.last_revoked).then(|| kinds::sign(chat.last_kind)).flatten().map(icon);
            view! {
                <li class="entry">
                    <a href=href aria-current=here><strong>{shown(&chat.other)}</strong></a>
                    <p class="entry-text">{sign}{kinds::newest(words, chat)}</p>
                    <small>{words.exact_moment(chat.last_at)}</small>
                </li>
            }
        })
        .collect_view();
    (!facts.chats.is_empty()).then(|| {
        view! {
            <section class="card">
                <div class="row spread">
                    <h2>{words.t("simulator.chats")}</h2>
                    <a class="button small" href=format!("{base}?nova=1#escrever")>{icon(Icon::Plus)}{words.t("simulator.new_chat")}</a>
                </div>
                <ul>{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// The outer box scrolls and begins at its end; the inner one holds the bubbles in their order.
fn chat(ground: Ground<'_>, facts: &Facts) -> AnyView {
    let words = ground.words;
    let bubbles = facts.messages.iter().map(|message| bubble(ground, message)).collect_view();
    let nothing = facts.messages.is_empty().then(|| view! { <p class="muted">{words.t("simulator.no_messages")}</p> });
    view! { <div class="chat" role="log" aria-label=words.t("simulator.chats") tabindex="0"><div class="chat-lines">{nothing}{bubbles}</div></div> }
        .into_any()
}
