//! `/simulador/telefones/{number}`: one telephone: its chats, in the order things were sent.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_engine_sim::{ChatView, MessageView, PhoneView};
use recado_kernel::PhoneNumber;
use serde::Deserialize;

use super::{banner, desk};
use crate::islands::LiveFragment;
use crate::view::field::{Field, form_key};
use crate::view::heading::heading;
use crate::view::render::fragment;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::live::{Piece, keep_sending};
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// Which chat is open.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Open {
    #[serde(default)]
    conversa: String,
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
    Ok(member.answer(Page::live("simulator.title", Some(Place::Simulator)), |words| body(words, &member, &facts)))
}

/// The chat again whenever it changes.
///
/// # Errors
/// As [`show`].
pub async fn live(member: Member, Path(number): Path<String>, Query(open): Query<Open>) -> Result<Response, Failure> {
    facts(&member, &number, &open).await?;
    let asking = member.clone();
    let look = move || {
        let (member, number, open) = (asking.clone(), number.clone(), open.clone());
        async move {
            let facts = facts(&member, &number, &open).await.ok()?;
            let words = member.words();
            let unread = facts.messages.iter().filter(|message| !message.own && message.read_at.is_none()).count();
            let status = words.count("simulator.unread", i64::try_from(unread).unwrap_or(i64::MAX));
            Some(Piece { html: fragment(|| chat(words, &facts)), status })
        }
    };
    Ok(keep_sending(&member, look))
}

async fn facts(member: &Member, number: &str, open: &Open) -> Result<Facts, Failure> {
    let (sim, account) = desk(member)?;
    let number: PhoneNumber = number.parse().map_err(|_| Failure::NotFound)?;
    let phones = sim.phones(Some(account)).await?;
    let phone = phones.into_iter().find(|phone| phone.number == number.as_str()).ok_or(Failure::NotFound)?;
    let chats = sim.chats(Some(account), number.as_str()).await?;
    let open = match open.conversa.parse::<PhoneNumber>() {
        Ok(other) => other.as_str().to_owned(),
        Err(_) => chats.first().map(|chat| chat.other.clone()).unwrap_or_default(),
    };
    let messages = sim.messages(Some(account), number.as_str(), &open).await?;
    Ok(Facts { phone, chats, open, messages })
}

fn shown(number: &str) -> String {
    number.parse::<PhoneNumber>().map_or_else(|_| number.to_owned(), |number| number.to_display())
}

fn body(words: Words, member: &Member, facts: &Facts) -> AnyView {
    let number = facts.phone.number.clone();
    let base = format!("/simulador/telefones/{number}");
    let url = format!("{base}/ao-vivo?conversa={}", facts.open);
    let back = Some(("/simulador".to_owned(), words.t("simulator.title").to_owned()));
    let power = if facts.phone.is_on { words.t("simulator.switch_off") } else { words.t("simulator.switch_on") };
    let button = |action: &str, label: &'static str, class: &'static str| {
        view! {
            <form method="post" action=format!("{base}/{action}")>
                {form_key(&member.form_key)}
                <input type="hidden" name="conversa" value=facts.open.clone() />
                <button type="submit" class=class>{label}</button>
            </form>
        }
    };
    let unlink = facts.phone.instance.is_some().then(|| button("desvincular", words.t("simulator.unlink"), "button small"));
    // Also without a chat: the first one may begin while this page is open.
    let read = button("ler", words.t("simulator.mark_read"), "button small");
    let actions = view! { {read}{button("ligar", power, "button small")}{unlink} }.into_any();
    let write = Field { autocomplete: Some("off"), ..Field::text("texto", words.t("simulator.message")) };
    let to = Field {
        kind: "tel",
        input_mode: Some("tel"),
        autocomplete: Some("off"),
        ..Field::text("para", words.t("simulator.to")).value(&facts.open)
    };
    let now = chat(words, facts);
    view! {
        {heading(shown(&number), back, Some(actions))}
        {banner(words)}
        <div class="columns two">
            <section class="card handset">
                <div class="handset-head"><strong>{shown(&facts.open)}</strong><span class="stamp">{words.t("simulator.stamp")}</span></div>
                <LiveFragment url=url>{now}</LiveFragment>
                <form method="post" action=format!("{base}/enviar") class="handset-form">
                    {form_key(&member.form_key)}
                    {to.view()}
                    {write.view()}
                    <button type="submit" class="button primary">{words.t("simulator.send")}</button>
                </form>
            </section>
            <div class="stack">{chats(words, &base, facts)}{super::gestures::card(words, member, &base, &facts.open)}</div>
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
            view! {
                <li class="entry">
                    <a href=href aria-current=here><strong>{shown(&chat.other)}</strong></a>
                    <p class="entry-text">{chat.last_text.clone()}</p>
                    <small>{words.exact_moment(chat.last_at)}</small>
                </li>
            }
        })
        .collect_view();
    (!facts.chats.is_empty())
        .then(|| view! { <section class="card"><h2>{words.t("simulator.chats")}</h2><ul>{rows}</ul></section> }.into_any())
}

fn chat(words: Words, facts: &Facts) -> AnyView {
    let bubbles = facts.messages.iter().map(|message| bubble(words, message)).collect_view();
    let nothing = facts.messages.is_empty().then(|| view! { <p class="muted">{words.t("simulator.no_messages")}</p> });
    view! { <div class="chat" role="log" aria-label=words.t("simulator.chats") tabindex="0">{nothing}{bubbles}</div> }.into_any()
}

fn bubble(words: Words, message: &MessageView) -> AnyView {
    let state = match (message.own, message.delivered_at, message.read_at) {
        (_, _, Some(_)) => words.t("simulator.read"),
        (true, Some(_), None) => words.t("simulator.delivered"),
        (true, None, None) => words.t("simulator.sent"),
        (false, _, None) => words.t("simulator.not_read"),
    };
    let class = if message.own { "bubble mine" } else { "bubble" };
    view! {
        <div class=class>
            {message.text.clone()}
            <small>{words.exact_moment(message.sent_at)}" · "{state}</small>
        </div>
    }
    .into_any()
}
