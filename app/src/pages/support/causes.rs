//! `/suporte/contas/{id}/porque`: why an event happened, up to where it began, and what came of it. Recorded before anything is shown.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_event_store::RecordedEvent;
use recado_event_store::history::{Causes, Step, WaitingWork, causes, event_at};
use recado_kernel::AccountId;
use recado_messaging::{CausedDelivery, DeliveryState};
use serde::Deserialize;

use super::tell::{Told, tell};
use super::thing::Thing;
use crate::view::badge::{Tone, badge};
use crate::view::heading::{heading, lead};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// Stories longer than this are told in part.
const MOST_TOLD: usize = 300;

/// Which event.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    tipo: String,
    #[serde(default)]
    de: String,
    #[serde(default)]
    n: i64,
}

/// A story and everything needed to tell it, by global position.
struct Facts {
    account: AccountId,
    own: i64,
    causes: Causes,
    told: HashMap<i64, Told>,
    deliveries: HashMap<i64, Vec<CausedDelivery>>,
    is_cut: bool,
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>, Query(which): Query<Which>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ReadTimeline)?;
    let account: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let pool = member.panel.platform.pool();
    let event = event_at(pool, account, &which.tipo, &which.de, which.n).await?.ok_or(Failure::NotFound)?;
    member.panel.accounts.record_support_read(&member.principal, account, "causes").await?;
    let causes = causes(pool, &event).await?;
    let mut events = vec![];
    causes.above.iter().chain([&causes.own]).for_each(|step| collect(step, &mut events));
    let is_cut = causes.is_cut || events.len() > MOST_TOLD;
    events.truncate(MOST_TOLD);
    let deliveries = member.panel.messaging.deliveries_of_events(account, &events).await?;
    let told = tell(&member, &events).await?.into_iter().map(|told| (told.place.position, told)).collect();
    let facts = Facts { account, own: event.position.position, causes, told, deliveries, is_cut };
    let page = Page::plain("causes.title", Some(Place::Support));
    Ok(member.answer(page, |words| body(words, &facts)))
}

fn collect(step: &Step, events: &mut Vec<RecordedEvent>) {
    events.extend(step.events.iter().cloned());
    step.consequences.iter().for_each(|next| collect(next, events));
}

fn body(words: Words, facts: &Facts) -> AnyView {
    let back = (format!("/suporte/contas/{}", facts.account), words.t("timeline.title").to_owned());
    let cut = facts.is_cut.then(|| view! { <p class="notice">{words.t("causes.cut")}</p> });
    view! {
        {heading(words.t("causes.title"), Some(back), None)}
        {lead(words.t("causes.lead"))}
        <p class="notice">{words.t("support.recorded")}</p>
        {cut}
        <section class="card"><ol class="causes">{chain(words, facts, &facts.causes.above)}</ol></section>
    }
    .into_any()
}

/// Causes, each inside the one before, and at the end the event itself with what followed.
fn chain(words: Words, facts: &Facts, above: &[Step]) -> AnyView {
    match above.split_first() {
        None => {
            let unknown = facts.causes.beginning.filter(|_| facts.causes.above.is_empty());
            let unknown = unknown.map(|_| view! { <li class="cause"><p class="muted">{words.t("causes.beginning")}</p></li> });
            view! { {unknown}{step(words, facts, &facts.causes.own)} }.into_any()
        }
        Some((first, rest)) => {
            let sentences = sentences(words, facts, &first.events);
            let next = chain(words, facts, rest);
            view! { <li class="cause">{sentences}<ol class="causes">{next}</ol></li> }.into_any()
        }
    }
}

/// A step with everything that followed from it.
fn step(words: Words, facts: &Facts, of: &Step) -> AnyView {
    let waiting = of.waiting.iter().map(|work| waiting_line(words, work)).collect_view();
    let following = of.consequences.iter().map(|next| step(words, facts, next)).collect_view();
    let deliveries: Vec<AnyView> = of
        .events
        .iter()
        .filter_map(|event| facts.deliveries.get(&event.position.position))
        .flatten()
        .map(|delivery| delivery_line(words, delivery))
        .collect();
    let has_more = !(of.waiting.is_empty() && of.consequences.is_empty() && deliveries.is_empty());
    let more = has_more.then(|| view! { <ol class="causes">{following}{deliveries}{waiting}</ol> });
    view! { <li class="cause">{sentences(words, facts, &of.events)}{more}</li> }.into_any()
}

fn sentences(words: Words, facts: &Facts, events: &[RecordedEvent]) -> AnyView {
    events
        .iter()
        .filter_map(|event| facts.told.get(&event.position.position))
        .map(|told| sentence(words, facts, told))
        .collect_view()
        .into_any()
}

fn sentence(words: Words, facts: &Facts, told: &Told) -> AnyView {
    let is_own = told.place.position == facts.own;
    let here = is_own.then(|| badge(Tone::Info, words.t("causes.here")));
    let thing = Thing { kind: told.aggregate.0.clone(), id: told.aggregate.1.clone() };
    let text = match is_own {
        true => view! { <strong>{told.sentence.clone()}</strong> }.into_any(),
        false => view! { <a href=thing.causes(told.account, told.sequence)>{told.sentence.clone()}</a> }.into_any(),
    };
    let where_from =
        words.with("causes.place", &[("actor", &told.actor), ("door", told.door), ("moment", &words.exact_moment(told.at))]);
    view! {
        <div class=if is_own { "told own" } else { "told" } aria-current=is_own.then_some("true")>
            <p class="what">{text}" "{here}</p>
            <p class="where"><time datetime=told.at.to_rfc3339()>{where_from}</time></p>
        </div>
    }
    .into_any()
}

fn waiting_line(words: Words, work: &WaitingWork) -> AnyView {
    let what = words.find(&format!("work.{}", work.topic)).unwrap_or(words.t("work.other"));
    let key = if work.is_dead { "causes.given_up" } else { "causes.waiting" };
    let text = words.with(key, &[("what", what), ("moment", &words.exact_moment(work.due_at))]);
    view! { <li class="cause pending"><p>{text}</p></li> }.into_any()
}

fn delivery_line(words: Words, delivery: &CausedDelivery) -> AnyView {
    let (tone, state) = match delivery.state {
        DeliveryState::Waiting => (Tone::Warn, words.t("delivery.waiting")),
        DeliveryState::Delivered => (Tone::Good, words.t("delivery.delivered")),
        DeliveryState::Failed => (Tone::Bad, words.t("delivery.failed")),
        DeliveryState::Stopped => (Tone::Calm, words.t("delivery.stopped")),
    };
    let text = words.with("causes.webhook", &[("callback", &delivery.callback)]);
    let ended = delivery.ended_at.map(|at| view! { <small>{words.exact_moment(at)}</small> });
    view! { <li class="cause pending"><p>{text}" "{badge(tone, state)}" "{ended}</p></li> }.into_any()
}
