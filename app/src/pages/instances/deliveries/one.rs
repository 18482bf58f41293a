//! `/instancias/{id}/entregas/{entrega}`: one delivery, what it says, and the same as a command line.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{Delivery, InstanceView, Preview};

use super::entry::{attempt_list, note, resend_form, state_badge, title};
use crate::pages::instances::{address, own};
use crate::view::heading::heading;
use crate::view::secret::copy_button;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path((id, delivery)): Path<(String, String)>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ReadMessages).await?;
    let which = delivery.parse().map_err(|_| Failure::NotFound)?;
    let messaging = &member.panel.messaging;
    let delivery = messaging.webhook_delivery(account, view.id, which).await?.ok_or(Failure::NotFound)?;
    let preview = messaging.preview_delivery(account, view.id, which).await?.ok_or(Failure::NotFound)?;
    Ok(member
        .answer(Page::live("delivery.title", Some(Place::Instances)), |words| body(words, &member, &view, &delivery, preview)))
}

fn body(words: Words, member: &Member, view: &InstanceView, delivery: &Delivery, preview: Preview) -> AnyView {
    let base = address(view);
    let back = Some((format!("{base}/entregas"), words.t("deliveries.title").to_owned()));
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{words.t(label)}</dt><dd>{value}</dd></div> };
    let text = |text: String| view! { {text} }.into_any();
    let ended = delivery.ended_at.map(|at| fact("delivery.ended", text(words.exact_moment(at))));
    let attempts = match delivery.attempts.is_empty() {
        true => view! { <p class="muted">{words.t("delivery.none_yet")}</p> }.into_any(),
        false => attempt_list(words, &delivery.attempts),
    };
    let says = match preview.body {
        Some(json) => view! { <pre class="raw" tabindex="0">{json}</pre> }.into_any(),
        None => view! { <p class="muted">{words.t("delivery.body_erased")}</p> }.into_any(),
    };
    view! {
        {heading(title(delivery), back, resend_form(words, member, &base, delivery))}
        <div class="stack">
            <section class="card">
                <p class="row">{state_badge(words, delivery.state)}{note(words, delivery)}</p>
                <dl class="facts">
                    {fact("delivery.happened", text(words.exact_moment(delivery.happened_at)))}
                    {ended}
                    {fact("delivery.url", view! { <code>{delivery.url.clone()}</code> }.into_any())}
                    {fact("delivery.id", view! { <code>{delivery.id.to_string()}</code> }.into_any())}
                </dl>
            </section>
            <section class="card">
                <h2>{words.t("delivery.all_attempts")}</h2>
                {attempts}
            </section>
            <section class="card">
                <h2>{words.t("delivery.body")}</h2>
                {says}
            </section>
            <section class="card">
                <div class="row spread"><h2>{words.t("delivery.curl")}</h2>{copy_button(words, words.t("delivery.curl"), preview.curl.clone())}</div>
                <p class="muted">{words.t("delivery.curl_text")}</p>
                <pre class="raw" tabindex="0">{preview.curl}</pre>
            </section>
        </div>
    }
    .into_any()
}
