//! `/instancias/{id}/entregas`: what went to the webhooks, with every attempt.

mod entry;
mod filter;
pub mod one;

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{Circuit, Delivery, DeliveryFilter, DeliveryState, DestinationView, InstanceView, ResendError};
use serde::Deserialize;

use super::{Tab, address, own, tabs};
use crate::view::confirm::{Confirm, confirm};
use crate::view::empty::empty;
use crate::view::heading::heading;
use crate::view::icons::Icon;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;
use crate::words::Words;

use filter::Asked;

const PER_PAGE: i64 = 25;

/// What the page shows.
struct Shown {
    asked: Asked,
    deliveries: Vec<Delivery>,
    /// Receivers that are away.
    away: Vec<DestinationView>,
    /// Is there anything a person may send again under this filter?
    any_failed: bool,
}

/// The list, newest first.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ReadMessages).await?;
    let messaging = &member.panel.messaging;
    let deliveries = messaging.find_deliveries(account, view.id, &asked.filter(), asked.antes, PER_PAGE).await?;
    let away = messaging.webhook_destinations(account, view.id).await?;
    let away = away.into_iter().filter(|receiver| receiver.circuit != Circuit::Closed).collect();
    let failed = DeliveryFilter { state: Some(DeliveryState::Failed), ..asked.filter() };
    let any_failed = !messaging.find_deliveries(account, view.id, &failed, None, 1).await?.is_empty();
    let shown = Shown { asked, deliveries, away, any_failed };
    let page = Page::plain("deliveries.title", Some(Place::Instances));
    Ok(member.answer(page, |words| body(words, &member, &view, &shown)))
}

/// Which delivery.
#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(default)]
    entrega: String,
}

/// Sends one again.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn resend(member: Member, Path(id): Path<String>, Posted(which): Posted<Which>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let delivery = which.entrega.parse().map_err(|_| Failure::NotFound)?;
    let messaging = &member.panel.messaging;
    messaging.webhook_delivery(account, view.id, delivery).await?.ok_or(Failure::NotFound)?;
    let notice = match messaging.resend_webhook(account, delivery).await {
        Ok(()) => "notice.delivery_resent",
        Err(ResendError::StillWaiting) => "refusal.delivery_waiting",
        Err(ResendError::ContentErased) => "refusal.delivery_erased",
        Err(ResendError::NotFound) => return Err(Failure::NotFound),
        Err(ResendError::Store(error)) => return Err(error.into()),
    };
    Ok(member.go_with(&format!("{}/entregas", address(&view)), notice))
}

/// Sends all again that failed and pass the filter.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn resend_all(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let filter = DeliveryFilter { state: Some(DeliveryState::Failed), ..asked.filter() };
    let done = member.panel.messaging.resend_deliveries(account, view.id, &filter).await?;
    let notice = match (done.count, done.more) {
        (0, _) => "refusal.nothing_to_resend",
        (_, false) => "notice.deliveries_resent",
        (_, true) => "notice.deliveries_resent_in_part",
    };
    Ok(member.go_with(&format!("{}/entregas", address(&view)), notice))
}

fn body(words: Words, member: &Member, view: &InstanceView, shown: &Shown) -> AnyView {
    let base = address(view);
    let (deliveries, asked) = (&shown.deliveries, &shown.asked);
    let untouched = deliveries.is_empty() && asked.antes.is_none() && !asked.is_narrow();
    let list = if untouched {
        let set_up = member.principal.may(Permission::ManageInstances).then(|| {
            view! { <a class="button" href=format!("{base}/editar/webhooks")>{words.t("deliveries.empty.action")}</a> }.into_any()
        });
        empty(Icon::Send, words.t("deliveries.empty.title"), words.t("deliveries.empty.text"), set_up)
    } else if deliveries.is_empty() {
        empty(Icon::Search, words.t("deliveries.none.title"), words.t("deliveries.none.text"), None)
    } else {
        let entries = deliveries.iter().map(|delivery| entry::entry(words, member, &base, delivery)).collect_view();
        view! { <section class="card"><ol>{entries}</ol></section> }.into_any()
    };
    let more = usize::try_from(PER_PAGE).is_ok_and(|full| deliveries.len() == full);
    let next = deliveries.last().filter(|_| more).map(|last| {
        let href = format!("{base}/entregas?{}&antes={}", asked.query(), last.id);
        view! { <nav class="pager"><a class="button" href=href>{words.t("common.older")}</a></nav> }
    });
    let form = (!untouched).then(|| asked.form(words, format!("{base}/entregas")));
    view! {
        {heading(words.t("deliveries.title"), Some((base.clone(), view.name.clone())), resend_all_button(words, member, &base, shown))}
        {tabs(words, member, view, Tab::Deliveries)}
        {shown.away.iter().map(|receiver| away(words, receiver)).collect_view()}
        {form}
        {list}
        {next}
    }
    .into_any()
}

/// Told above the list: nothing is lost meanwhile.
fn away(words: Words, receiver: &DestinationView) -> AnyView {
    let moment = |at: Option<_>| at.map(|at| words.exact_moment(at)).unwrap_or_default();
    let text = words.with(
        "deliveries.away",
        &[("origin", &receiver.origin), ("since", &moment(receiver.since)), ("next", &moment(receiver.retry_at))],
    );
    view! { <p class="notice warn" role="status">{text}</p> }.into_any()
}

fn resend_all_button(words: Words, member: &Member, base: &str, shown: &Shown) -> Option<AnyView> {
    let may = shown.any_failed && member.principal.may(Permission::ManageInstances);
    let word = words.t("deliveries.resend_all");
    may.then(|| {
        confirm(
            words,
            Confirm {
                id: "reenviar-todas".to_owned(),
                opener: view! { {word} }.into_any(),
                opener_class: "button",
                title: words.t("deliveries.resend_all_title").to_owned(),
                body: view! { <p>{words.t("deliveries.resend_all_text")}</p> }.into_any(),
                action: format!("{base}/entregas/reenviar-todas?{}", shown.asked.query()),
                confirm: word.to_owned(),
                dangerous: false,
                form_key: member.form_key.clone(),
            },
        )
    })
}
