//! `/suporte/contas/{id}`: an account and its time line. Recorded before anything is shown.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{AccountRow, StaffPermission};
use recado_event_store::Position;
use recado_event_store::audit::{SealState, seal_state};
use recado_event_store::history::{TimelineFilter, timeline};
use recado_kernel::AccountId;
use recado_messaging::InstanceView;
use serde::Deserialize;

use super::archived::{self, Missing};
use super::list::timeline_list;
use super::tell::{Told, tell};
use super::{export, partner_tokens, seal};
use crate::pages::instances::{connection_badge, payment_badge};
use crate::view::empty::empty;
use crate::view::heading::heading;
use crate::view::icons::Icon;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

const PER_PAGE: i64 = 50;

/// Which part of the time line.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    /// Kind of thing: `account`, `instance`, `message` …
    tipo: Option<String>,
    /// Its id.
    de: Option<String>,
    /// Older than this position.
    antes: Option<String>,
}

struct Facts {
    account: AccountRow,
    instances: Vec<InstanceView>,
    told: Vec<Told>,
    seal: Option<SealState>,
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>, Query(part): Query<Part>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ReadTimeline)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let panel = &member.panel;
    let account = panel.accounts.account(id).await?.ok_or(Failure::NotFound)?;
    panel.accounts.record_support_read(&member.principal, id, "timeline").await?;
    let filter = TimelineFilter {
        aggregate: part.tipo.clone().zip(part.de.clone()).filter(|(kind, of)| !kind.is_empty() && !of.is_empty()),
        event_types: vec![],
        before: part.antes.as_deref().and_then(place),
    };
    let missing = archived::missing(&panel.platform, filter.aggregate.as_ref()).await?;
    let events = timeline(panel.platform.pool(), id, &filter, PER_PAGE).await?;
    let seal = seal_state(panel.platform.pool(), id).await?;
    let facts = Facts { account, instances: panel.messaging.instances(id).await?, told: tell(&member, &events).await?, seal };
    let page = Page::plain("support.account.title", Some(Place::Support));
    Ok(member.answer(page, |words| body(words, &member, &facts, &part, missing.as_ref())))
}

fn body(words: Words, member: &Member, facts: &Facts, part: &Part, missing: Option<&Missing>) -> AnyView {
    let account = &facts.account;
    let list = if facts.told.is_empty() && matches!(missing, Some(Missing::Thing(_))) {
        ().into_any()
    } else if facts.told.is_empty() {
        empty(Icon::Clock, words.t("timeline.empty.title"), words.t("timeline.empty.text"), None)
    } else {
        timeline_list(words, &facts.told, true)
    };
    let full = usize::try_from(PER_PAGE).is_ok_and(|full| facts.told.len() == full);
    let older = facts.told.last().filter(|_| full).map(|last| {
        let href = address(account.id, part, last.place);
        view! { <nav class="pager"><a class="button" href=href>{words.t("common.older")}</a></nav> }
    });
    let whole = part.de.is_some().then(|| {
        view! { <a class="button small" href=format!("/suporte/contas/{}", account.id)>{words.t("timeline.whole")}</a> }
    });
    view! {
        {heading(account.name.clone(), Some(("/suporte".to_owned(), words.t("support.title").to_owned())), None)}
        <p class="notice">{words.t("support.recorded")}</p>
        <div class="columns two">
            <section class="card">
                <div class="row spread"><h2>{words.t("timeline.title")}</h2>{whole}</div>
                {list}
                {older}
                {missing.map(|missing| archived::notice(words, missing))}
            </section>
            <div class="stack">
                {about(words, account)}
                {privacy(words, member, account)}
                {instances(words, member, facts)}
                {partner_tokens::link(words, account.id)}
                {seal::card(words, facts.seal.as_ref())}
                {export::card(words, member, account.id)}
            </div>
        </div>
    }
    .into_any()
}

/// `transaction-position`.
fn place(text: &str) -> Option<Position> {
    let (txid, position) = text.split_once('-')?;
    Some(Position { txid: txid.parse().ok()?, position: position.parse().ok()? })
}

fn address(account: AccountId, part: &Part, before: Position) -> String {
    let pairs =
        [("tipo", part.tipo.clone()), ("de", part.de.clone()), ("antes", Some(format!("{}-{}", before.txid, before.position)))];
    let pairs: Vec<(&str, String)> = pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    format!("/suporte/contas/{account}?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

fn about(words: Words, account: &AccountRow) -> AnyView {
    let fact = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "—".to_owned());
    let document = account.document.as_deref().map(|text| super::fields::for_people(words, "document", text));
    view! {
        <section class="card">
            <h2>{words.t("support.about")}</h2>
            <dl class="facts">
                {fact(words.t("field.email"), account.email.clone())}
                {fact(words.t("change.document"), or_dash(document))}
                {fact(words.t("account.created"), words.moment(account.created_at))}
                {fact(words.t("account.verified_at"), or_dash(account.verified_at.map(|at| words.moment(at))))}
                {fact(words.t("account.last_sign_in"), or_dash(account.last_sign_in_at.map(|at| words.moment(at))))}
            </dl>
        </section>
    }
    .into_any()
}

/// The way to erasing, for those who may.
fn privacy(words: Words, member: &Member, account: &AccountRow) -> Option<AnyView> {
    let href = format!("/suporte/contas/{}/privacidade", account.id);
    member.principal.staff_may(StaffPermission::EraseSubjects).then(|| {
        view! {
            <section class="card">
                <h2>{words.t("privacy.title")}</h2>
                <p class="muted">{words.t("privacy.lead")}</p>
                <a class="button small" href=href>{words.t("privacy.open")}</a>
            </section>
        }
        .into_any()
    })
}

fn instances(words: Words, member: &Member, facts: &Facts) -> Option<AnyView> {
    let now = member.panel.platform.now();
    let rows = facts
        .instances
        .iter()
        .map(|view| {
            let href = format!("/suporte/contas/{}?tipo=instance&de={}", view.account, view.id);
            view! {
                <li class="entry">
                    <a href=href><strong>{view.name.clone()}</strong></a>
                    <div class="row">{connection_badge(words, view.connection)}{payment_badge(words, view, now)}</div>
                    <small><code>{view.id.public()}</code></small>
                </li>
            }
        })
        .collect_view();
    (!facts.instances.is_empty())
        .then(|| view! { <section class="card"><h2>{words.t("support.instances")}</h2><ul>{rows}</ul></section> }.into_any())
}
