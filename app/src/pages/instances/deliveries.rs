//! `/instancias/{id}/entregas`: what went to the webhooks, with every attempt.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{Attempt, Delivery, DeliveryState, InstanceView, ResendError};
use serde::Deserialize;
use uuid::Uuid;

use super::{Tab, address, own, tabs};
use crate::view::badge::{Tone, badge};
use crate::view::empty::empty;
use crate::view::field::form_key;
use crate::view::heading::heading;
use crate::view::icons::Icon;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

const PER_PAGE: i64 = 25;

/// Which page.
#[derive(Debug, Deserialize)]
pub struct Cursor {
    antes: Option<Uuid>,
}

/// The list, newest first.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>, Query(cursor): Query<Cursor>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ReadMessages).await?;
    let deliveries = member.panel.messaging.webhook_deliveries(account, view.id, cursor.antes, PER_PAGE).await?;
    let page = Page::plain("deliveries.title", Some(Place::Instances));
    Ok(member.answer(page, |words| body(words, &member, &view, &deliveries, cursor.antes.is_some())))
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
    let notice = match member.panel.messaging.resend_webhook(account, delivery).await {
        Ok(()) => "notice.delivery_resent",
        Err(ResendError::StillWaiting) => "refusal.delivery_waiting",
        Err(ResendError::ContentErased) => "refusal.delivery_erased",
        Err(ResendError::NotFound) => return Err(Failure::NotFound),
        Err(ResendError::Store(error)) => return Err(error.into()),
    };
    Ok(member.go_with(&format!("{}/entregas", address(&view)), notice))
}

fn body(words: Words, member: &Member, view: &InstanceView, deliveries: &[Delivery], paged: bool) -> AnyView {
    let base = address(view);
    let list = if deliveries.is_empty() && !paged {
        let set_up = member.principal.may(Permission::ManageInstances).then(|| {
            view! { <a class="button" href=format!("{base}/editar/webhooks")>{words.t("deliveries.empty.action")}</a> }.into_any()
        });
        empty(Icon::Send, words.t("deliveries.empty.title"), words.t("deliveries.empty.text"), set_up)
    } else {
        let entries = deliveries.iter().map(|delivery| entry(words, member, &base, delivery)).collect_view();
        view! { <section class="card"><ol>{entries}</ol></section> }.into_any()
    };
    let more = usize::try_from(PER_PAGE).is_ok_and(|full| deliveries.len() == full);
    let next = deliveries.last().filter(|_| more).map(|last| {
        let href = format!("{base}/entregas?antes={}", last.id);
        view! { <nav class="pager"><a class="button" href=href>{words.t("common.older")}</a></nav> }
    });
    view! {
        {heading(words.t("deliveries.title"), Some((base.clone(), view.name.clone())), None)}
        {tabs(words, member, view, Tab::Deliveries)}
        {list}
        {next}
    }
    .into_any()
}

fn entry(words: Words, member: &Member, base: &str, delivery: &Delivery) -> AnyView {
    let (tone, state) = match delivery.state {
        DeliveryState::Waiting => (Tone::Info, words.t("delivery.waiting")),
        DeliveryState::Delivered => (Tone::Good, words.t("delivery.delivered")),
        DeliveryState::Failed => (Tone::Bad, words.t("delivery.failed")),
        DeliveryState::Stopped => (Tone::Calm, words.t("delivery.stopped")),
    };
    let detail = (!delivery.detail.is_empty()).then(|| format!(" · {}", delivery.detail));
    let attempts = delivery.attempts.iter().map(|attempt| attempt_line(words, attempt)).collect_view();
    let attempts = (!delivery.attempts.is_empty()).then(|| {
        let count = i64::try_from(delivery.attempts.len()).unwrap_or(i64::MAX);
        view! { <details><summary>{words.count("delivery.attempts", count)}</summary><ol class="attempts">{attempts}</ol></details> }
    });
    let again = (delivery.state != DeliveryState::Waiting && member.principal.may(Permission::ManageInstances)).then(|| {
        view! {
            <form method="post" action=format!("{base}/entregas/reenviar")>
                {form_key(&member.form_key)}
                <input type="hidden" name="entrega" value=delivery.id.to_string() />
                <button type="submit" class="button small">{words.t("delivery.resend")}</button>
            </form>
        }
    });
    view! {
        <li class="entry">
            <div class="row spread">
                <span class="row"><strong>{delivery.callback.clone()}{detail}</strong>{badge(tone, state)}</span>
                {again}
            </div>
            <small>{words.exact_moment(delivery.happened_at)}" · "<code>{delivery.url.clone()}</code></small>
            {attempts}
        </li>
    }
    .into_any()
}

/// The log keeps an English sentence; the translation files know it by its words.
fn reason(words: Words, error: &str) -> &str {
    words.find(&format!("delivery.reason.{}", error.replace(' ', "_"))).unwrap_or(error)
}

fn attempt_line(words: Words, attempt: &Attempt) -> AnyView {
    let answer = match (attempt.http_status, &attempt.error) {
        (Some(status), _) => words.with("delivery.answered", &[("status", &status.to_string())]),
        (None, Some(error)) => words.with("delivery.not_answered", &[("error", reason(words, error))]),
        (None, None) => words.t("delivery.no_answer").to_owned(),
    };
    let line = words.with(
        "delivery.attempt",
        &[
            ("number", &attempt.number.to_string()),
            ("moment", &words.exact_moment(attempt.at)),
            ("answer", &answer),
            ("milliseconds", &attempt.latency_ms.to_string()),
        ],
    );
    let said = attempt.answer.clone().filter(|text| !text.trim().is_empty());
    view! { <li>{line}{said.map(|text| view! { <br /><code>{text}</code> })}</li> }.into_any()
}
