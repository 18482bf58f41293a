//! `/sistema`: is the installation well? Kept up to date in the browser.

use std::time::Duration;

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_event_store::health::Health;
use tokio::time::Instant;

use super::minutes::{MINUTES, Minute, minutes};
use super::{chart, projections, work};
use crate::islands::LiveFragment;
use crate::view::badge::{Tone, badge};
use crate::view::heading::{heading, lead};
use crate::view::icons::{Icon, icon};
use crate::view::render::fragment;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::live::{Piece, keep_sending};
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// An open transaction that is older holds readers back for longer than anybody expects.
const LONG_TRANSACTION_SECONDS: f64 = 10.0;
/// How often an open page is renewed.
const EVERY: Duration = Duration::from_secs(5);

/// What the page shows.
struct Facts {
    health: Health,
    minutes: [Option<Minute>; MINUTES],
}

/// The page.
///
/// # Errors
/// Not allowed, or the database.
pub async fn show(member: Member) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ViewSystem)?;
    let facts = look(&member).await?;
    Ok(member.answer(Page::live("system.title", Some(Place::System)), |words| {
        let now = content(words, &facts);
        view! {
            {heading(words.t("system.title"), None, None)}
            {lead(words.t("system.lead"))}
            <LiveFragment url="/sistema/ao-vivo".to_owned()>{now}</LiveFragment>
            <noscript><p class="fine"><a href="/sistema">{words.t("common.refresh")}</a></p></noscript>
        }
        .into_any()
    }))
}

/// The same again whenever it changes.
///
/// # Errors
/// Not allowed.
pub async fn live(member: Member) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ViewSystem)?;
    let asking = member.clone();
    let mut next = Instant::now();
    let again = move || {
        let member = asking.clone();
        let due = Instant::now() >= next;
        if due {
            next = Instant::now() + EVERY;
        }
        async move {
            let facts = if due { look(&member).await.ok()? } else { return None };
            let words = member.words();
            let (_, status) = verdict(&facts.health);
            Some(Piece { html: fragment(|| content(words, &facts)), status: words.t(status).to_owned() })
        }
    };
    Ok(keep_sending(&member, again))
}

async fn look(member: &Member) -> Result<Facts, Failure> {
    let probe = &member.panel.health;
    let health = probe.read().await?;
    let minutes = minutes(&probe.history().samples(), health.at);
    Ok(Facts { health, minutes })
}

/// The whole in one sentence, the worst first.
fn verdict(health: &Health) -> (Tone, &'static str) {
    let tones: Vec<Tone> = health.projections.iter().map(|status| projections::state(status).0).collect();
    let held = health.transactions.oldest.as_ref().is_some_and(|oldest| oldest.age_seconds > LONG_TRANSACTION_SECONDS);
    let overdue = health.topics.iter().any(|topic| topic.overdue > 0);
    if tones.contains(&Tone::Bad) {
        (Tone::Bad, "system.verdict.stopped")
    } else if held {
        (Tone::Warn, "system.verdict.held")
    } else if tones.contains(&Tone::Warn) || overdue {
        (Tone::Warn, "system.verdict.behind")
    } else {
        (Tone::Good, "system.verdict.well")
    }
}

fn content(words: Words, facts: &Facts) -> AnyView {
    let health = &facts.health;
    let (tone, sentence) = verdict(health);
    let dead: i64 = health.topics.iter().map(|topic| topic.dead).sum();
    let (in_use, _, most) = health.connections;
    let tile = |key: &'static str, value: String| view! { <div class="tile"><dt>{words.t(key)}</dt><dd>{value}</dd></div> };
    view! {
        <p class="verdict">{badge(tone, words.t(sentence))}</p>
        <dl class="tiles">
            {tile("system.tile.lag", health.lag_events().to_string())}
            {tile("system.tile.dead", dead.to_string())}
            {tile("system.tile.servers", health.servers().count().to_string())}
            {tile("system.tile.connections", words.with("system.tile.of", &[("some", &in_use.to_string()), ("all", &most.to_string())]))}
        </dl>
        <div class="stack">
            <section class="card"><h2>{words.t("system.chart.title")}</h2>{chart::charts(words, &facts.minutes)}</section>
            {projections::card(words, &health.projections)}
            {work::card(words, &health.topics)}
            {transactions(words, health)}
            {work::servers(words, health)}
        </div>
    }
    .into_any()
}

fn transactions(words: Words, health: &Health) -> AnyView {
    let content = match &health.transactions.oldest {
        None => view! { <p>{words.t("system.transactions.none")}</p> }.into_any(),
        Some(oldest) => {
            let seconds = format!("{:.0}", oldest.age_seconds);
            let sentence = words.with(
                "system.transactions.oldest",
                &[("seconds", &seconds), ("who", &oldest.who), ("database", &oldest.database), ("state", &oldest.state)],
            );
            if oldest.age_seconds > LONG_TRANSACTION_SECONDS {
                view! { <p class="notice warn">{icon(Icon::Clock)}<span>{sentence}" "{words.t("system.transactions.help")}</span></p> }.into_any()
            } else {
                view! { <p>{sentence}</p> }.into_any()
            }
        }
    };
    view! { <section class="card"><h2>{words.t("system.transactions.title")}</h2>{content}</section> }.into_any()
}
