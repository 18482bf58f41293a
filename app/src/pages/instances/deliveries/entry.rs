//! A delivery in the list, and the words for what became of it.

use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{Attempt, Delivery, DeliveryState};

use crate::view::badge::{Tone, badge};
use crate::view::field::form_key;
use crate::web::visit::Member;
use crate::words::Words;

/// A line of the list.
pub fn entry(words: Words, member: &Member, base: &str, delivery: &Delivery) -> AnyView {
    let attempts = (!delivery.attempts.is_empty()).then(|| {
        let count = i64::try_from(delivery.attempts.len()).unwrap_or(i64::MAX);
        view! {
            <details>
                <summary>{words.count("delivery.attempts", count)}</summary>
                {attempt_list(words, &delivery.attempts)}
            </details>
        }
    });
    view! {
        <li class="entry">
            <div class="row spread">
                <span class="row"><a href=format!("{base}/entregas/{}", delivery.id)><strong>{title(delivery)}</strong></a>{state_badge(words, delivery.state)}</span>
                {resend_form(words, member, base, delivery)}
            </div>
            <small>{words.exact_moment(delivery.happened_at)}" · "<code>{delivery.url.clone()}</code></small>
            {note(words, delivery)}
            {attempts}
        </li>
    }
    .into_any()
}

/// Its `type` with the detail.
pub fn title(delivery: &Delivery) -> String {
    match delivery.detail.as_str() {
        "" => delivery.callback.clone(),
        detail => format!("{} · {detail}", delivery.callback),
    }
}

/// Its state.
pub fn state_badge(words: Words, state: DeliveryState) -> AnyView {
    match state {
        DeliveryState::Waiting => badge(Tone::Info, words.t("delivery.waiting")),
        DeliveryState::Delivered => badge(Tone::Good, words.t("delivery.delivered")),
        DeliveryState::Failed => badge(Tone::Bad, words.t("delivery.failed")),
        DeliveryState::Stopped => badge(Tone::Calm, words.t("delivery.stopped")),
    }
}

/// The button that sends it again, where it may be used.
pub fn resend_form(words: Words, member: &Member, base: &str, delivery: &Delivery) -> Option<AnyView> {
    let may = delivery.state != DeliveryState::Waiting && member.principal.may(Permission::ManageInstances);
    may.then(|| {
        view! {
            <form method="post" action=format!("{base}/entregas/reenviar")>
                {form_key(&member.form_key)}
                <input type="hidden" name="entrega" value=delivery.id.to_string() />
                <button type="submit" class="button small">{words.t("delivery.resend")}</button>
            </form>
        }
        .into_any()
    })
}

/// Why it ended without being delivered.
pub fn note(words: Words, delivery: &Delivery) -> Option<AnyView> {
    let note = delivery.note.as_deref()?;
    Some(view! { <small>{reason(words, note)}</small> }.into_any())
}

/// Every attempt, oldest first.
pub fn attempt_list(words: Words, attempts: &[Attempt]) -> AnyView {
    let lines = attempts.iter().map(|attempt| attempt_line(words, attempt)).collect_view();
    view! { <ol class="attempts">{lines}</ol> }.into_any()
}

/// The log keeps an English sentence; the translation files know it by its words.
fn reason(words: Words, error: &str) -> String {
    if let Some(status) = error.strip_prefix("the receiver answered ") {
        return words.with("delivery.answered", &[("status", status)]);
    }
    words.find(&format!("delivery.reason.{}", error.replace(' ', "_"))).unwrap_or(error).to_owned()
}

fn attempt_line(words: Words, attempt: &Attempt) -> AnyView {
    let answer = match (attempt.http_status, &attempt.error) {
        (Some(status), _) => words.with("delivery.answered", &[("status", &status.to_string())]),
        (None, Some(error)) => words.with("delivery.not_answered", &[("error", &reason(words, error))]),
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
