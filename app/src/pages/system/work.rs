//! The tables of durable work and of servers.

use leptos::prelude::*;
use recado_event_store::health::{Health, SERVER_LEASE};
use recado_event_store::work::TopicStatus;

use crate::view::badge::{Tone, badge};
use crate::words::Words;

/// Work by topic.
pub fn card(words: Words, topics: &[TopicStatus]) -> AnyView {
    let content = if topics.is_empty() {
        view! { <p class="fine">{words.t("system.work.none")}</p> }.into_any()
    } else {
        table(words, topics)
    };
    view! { <section class="card table-card"><h2>{words.t("system.work.title")}</h2>{content}</section> }.into_any()
}

fn table(words: Words, topics: &[TopicStatus]) -> AnyView {
    let column = |key: &'static str| view! { <th scope="col" class="number">{words.t(key)}</th> };
    let rows = topics.iter().map(|topic| row(words, topic)).collect_view();
    view! {
        <table class="table reflow">
            <caption class="hidden">{words.t("system.work.title")}</caption>
            <thead><tr>
                <th scope="col">{words.t("system.work.topic")}</th>
                {column("system.work.waiting")}{column("system.work.due")}{column("system.work.leased")}{column("system.work.overdue")}{column("system.work.dead")}
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(words: Words, topic: &TopicStatus) -> AnyView {
    let cell = |key: &'static str, count: i64| view! { <td data-label=words.t(key) class="number">{count}</td> };
    let marked = |key: &'static str, tone: Tone, count: i64| {
        let shown = if count > 0 { badge(tone, count.to_string()) } else { count.into_any() };
        view! { <td data-label=words.t(key) class="number">{shown}</td> }
    };
    view! {
        <tr>
            <th scope="row" data-label=words.t("system.work.topic")><code>{topic.topic.clone()}</code></th>
            {cell("system.work.waiting", topic.waiting)}
            {cell("system.work.due", topic.due)}
            {cell("system.work.leased", topic.leased)}
            {marked("system.work.overdue", Tone::Warn, topic.overdue)}
            {marked("system.work.dead", Tone::Bad, topic.dead)}
        </tr>
    }
    .into_any()
}

/// The servers alive.
pub fn servers(words: Words, health: &Health) -> AnyView {
    let rows: Vec<_> = health
        .servers()
        .map(|server| {
            let name = server.name.strip_prefix(SERVER_LEASE).unwrap_or(&server.name).to_owned();
            let since = words.with("system.servers.since", &[("moment", &words.moment(server.acquired_at))]);
            view! { <li class="entry"><code>{name}</code><small>{since}</small></li> }
        })
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="fine">{words.t("system.servers.none")}</p> }.into_any()
    } else {
        view! { <ul>{rows}</ul> }.into_any()
    };
    view! { <section class="card"><h2>{words.t("system.servers.title")}</h2>{content}</section> }.into_any()
}
