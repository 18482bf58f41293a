//! `/instancias/{id}/editar/webhooks`: where events are delivered.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{InstanceView, InvalidWebhookUrl, MessagingError, WebhookChange, WebhookKind};

use super::edit::frame;
use super::webhook_secret::{self, Secrets};
use super::{address, own};
use crate::view::field::{Field, form_key};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// What the form holds: field name to text.
type Filled = HashMap<String, String>;
/// Field name to sentence.
type Errors = HashMap<&'static str, String>;

const OWN_MESSAGES: &str = "enviadas_por_mim";
const INSTANCE_TOKEN: &str = "z_api_token";

/// The form with what is.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let mut filled: Filled = WebhookKind::ALL
        .into_iter()
        .filter_map(|kind| Some((name(kind).to_owned(), view.webhooks.get(kind)?.as_str().to_owned())))
        .collect();
    if view.notify_sent_by_me {
        filled.insert(OWN_MESSAGES.to_owned(), "1".to_owned());
    }
    if view.webhooks.send_instance_token {
        filled.insert(INSTANCE_TOKEN.to_owned(), "1".to_owned());
    }
    let secrets = webhook_secret::shown(&member, account, &view).await?;
    Ok(member.answer(page(), |words| body(words, &member, &view, &filled, &Errors::new(), secrets)))
}

/// Sets all of them in one step.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn save(member: Member, Path(id): Path<String>, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let messaging = &member.panel.messaging;
    let mut change = WebhookChange {
        notify_sent_by_me: Some(filled.contains_key(OWN_MESSAGES)),
        send_instance_token: Some(filled.contains_key(INSTANCE_TOKEN)),
        ..WebhookChange::default()
    };
    let mut errors = Errors::new();
    for kind in WebhookKind::ALL {
        match messaging.webhook_url(filled.get(name(kind)).map(String::as_str)) {
            Ok(url) => change.urls.push((kind, url)),
            Err(MessagingError::WebhookUrl(error)) => drop(errors.insert(name(kind), sentence(member.words(), error))),
            Err(other) => return Err(other.into()),
        }
    }
    if !errors.is_empty() {
        let secrets = webhook_secret::shown(&member, account, &view).await?;
        return Ok(member.answer(page().again(), |words| body(words, &member, &view, &filled, &errors, secrets)));
    }
    let done = messaging.change_webhooks(member.meta(account), view.id, change).await?;
    messaging.instance_visible(done.position).await;
    Ok(member.go_with(&format!("{}/editar/webhooks", address(&view)), "notice.saved"))
}

const fn page() -> Page {
    Page::live("instance.edit.title", Some(Place::Instances))
}

fn sentence(words: Words, error: InvalidWebhookUrl) -> String {
    match error {
        InvalidWebhookUrl::NotHttps => words.t("error.webhook_https"),
        InvalidWebhookUrl::Invalid => words.t("error.webhook_invalid"),
    }
    .to_owned()
}

const fn name(kind: WebhookKind) -> &'static str {
    match kind {
        WebhookKind::Received => "ao_receber",
        WebhookKind::ReceivedDelivery => "ao_receber_e_enviar",
        WebhookKind::Delivery => "ao_enviar",
        WebhookKind::MessageStatus => "status_da_mensagem",
        WebhookKind::Connected => "ao_conectar",
        WebhookKind::Disconnected => "ao_desconectar",
        WebhookKind::Presence => "presenca_do_chat",
    }
}

fn label(words: Words, kind: WebhookKind) -> &'static str {
    match kind {
        WebhookKind::Received => words.t("webhook.received"),
        WebhookKind::ReceivedDelivery => words.t("webhook.received_delivery"),
        WebhookKind::Delivery => words.t("webhook.delivery"),
        WebhookKind::MessageStatus => words.t("webhook.message_status"),
        WebhookKind::Connected => words.t("webhook.connected"),
        WebhookKind::Disconnected => words.t("webhook.disconnected"),
        WebhookKind::Presence => words.t("webhook.presence"),
    }
}

fn body(
    words: Words,
    member: &Member,
    view: &InstanceView,
    filled: &Filled,
    errors: &Errors,
    secrets: Option<Secrets>,
) -> AnyView {
    let fields = WebhookKind::ALL
        .into_iter()
        .map(|kind| {
            Field {
                kind: "url",
                max_length: Some(2_000),
                autocomplete: Some("off"),
                placeholder: Some(words.t("webhook.example").to_owned()),
                ..Field::text(name(kind), label(words, kind))
                    .optional()
                    .value(filled.get(name(kind)).cloned().unwrap_or_default())
                    .error(errors.get(name(kind)).cloned())
            }
            .view()
        })
        .collect_view();
    let (own_messages, instance_token) = (filled.contains_key(OWN_MESSAGES), filled.contains_key(INSTANCE_TOKEN));
    let signature = secrets.map(|secrets| webhook_secret::card(words, member, view, secrets));
    let content = view! {
        <div class="stack">
            <form method="post" class="card form" novalidate=true>
                {form_key(&member.form_key)}
                <p class="muted">{words.t("webhook.lead")}</p>
                {fields}
                <label class="check">
                    <input type="checkbox" name=OWN_MESSAGES value="1" checked=own_messages />
                    <span>{words.t("webhook.own_messages")}</span>
                </label>
                <label class="check">
                    <input type="checkbox" name=INSTANCE_TOKEN value="1" checked=instance_token />
                    <span>{words.t("webhook.instance_token")}</span>
                </label>
                <div class="form-actions">
                    <button type="submit" class="button primary">{words.t("common.save")}</button>
                    <a class="button" href=address(view)>{words.t("common.back")}</a>
                </div>
            </form>
            {signature}
        </div>
    };
    frame(words, view, true, content.into_any())
}
