//! The secret that signs an instance's webhooks: shown, exchanged without a gap, and the one before it.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::{AccountId, Timestamp};
use recado_messaging::InstanceView;

use super::{address, own};
use crate::view::confirm::{Confirm, confirm};
use crate::view::field::form_key;
use crate::view::secret::secret;
use crate::web::failure::Failure;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;
use crate::words::Words;

/// What signs at this moment.
pub struct Secrets {
    newest: String,
    /// Until when the one before it signs, too.
    previous_until: Option<Timestamp>,
}

/// `None` for people who may not see secrets.
///
/// # Errors
/// Not found, or the database.
pub async fn shown(member: &Member, account: AccountId, view: &InstanceView) -> Result<Option<Secrets>, Failure> {
    if !member.principal.may(Permission::ViewTokens) {
        return Ok(None);
    }
    let messaging = &member.panel.messaging;
    Ok(Some(Secrets {
        newest: messaging.webhook_secret(account, view.id).await?.expose().clone(),
        previous_until: messaging.previous_secret_until(account, view.id).await?,
    }))
}

/// Another secret; the one before it signs beside it for a day.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn rotate(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    member.require(Permission::ViewTokens)?;
    member.panel.messaging.rotate_webhook_secret(member.meta(account), view.id).await?;
    Ok(member.go_with(&format!("{}/editar/webhooks", address(&view)), "notice.webhook_secret_rotated"))
}

/// Only the newest secret signs from now on.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn retire(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    member.require(Permission::ViewTokens)?;
    member.panel.messaging.retire_webhook_secret(member.meta(account), view.id).await?;
    Ok(member.go_with(&format!("{}/editar/webhooks", address(&view)), "notice.webhook_secret_retired"))
}

/// The card below the form.
pub fn card(words: Words, member: &Member, view: &InstanceView, secrets: Secrets) -> AnyView {
    let base = format!("{}/editar/webhooks", address(view));
    let word = words.t("webhook.rotate");
    let rotate = confirm(
        words,
        Confirm {
            id: "novo-segredo".to_owned(),
            opener: view! { {word} }.into_any(),
            opener_class: "button",
            title: words.t("webhook.rotate_title").to_owned(),
            body: view! { <p>{words.t("webhook.rotate_text")}</p> }.into_any(),
            action: format!("{base}/novo-segredo"),
            confirm: word.to_owned(),
            dangerous: false,
            form_key: member.form_key.clone(),
        },
    );
    let previous = secrets.previous_until.map(|until| {
        let text = words.with("webhook.previous", &[("moment", &words.moment(until))]);
        view! {
            <form method="post" action=format!("{base}/aposentar-segredo") class="row spread">
                {form_key(&member.form_key)}
                <span class="muted">{text}</span>
                <button type="submit" class="button small">{words.t("webhook.retire")}</button>
            </form>
        }
    });
    view! {
        <section class="card">
            <div class="row spread"><h2>{words.t("webhook.signature")}</h2>{rotate}</div>
            <p class="muted">{words.t("webhook.signature_text")}</p>
            <dl>{secret(words, words.t("webhook.signing_secret"), secrets.newest)}</dl>
            {previous}
        </section>
    }
    .into_any()
}
