//! Message models to copy or to send to a test number, and the number's own contact card.

use axum::extract::Path;
use axum::response::Response;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::{ChatAddress, Door};
use recado_messaging::{InstanceView, MessagingError, vcard};
use serde::Deserialize;

use super::{Typed, again, here};
use crate::islands::CopyButton;
use crate::pages::instances::{actions, own};
use crate::view::field::form_key;
use crate::view::icons::{Icon, icon};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::{Words, fill};

/// The models in the order in which they are shown; each has a title and a text.
const MODELS: [&str; 6] = ["welcome", "save", "question", "choice", "consent", "opt_out"];

/// A model with the instance's own data.
fn text_of(words: Words, view: &InstanceView, model: &str) -> Option<String> {
    let text = words.find(&format!("practices.model.{model}.text"))?;
    let number =
        view.number.as_ref().map_or_else(|| words.t("practices.models.your_number").to_owned(), |number| number.to_display());
    Some(fill(text, &[("company", &view.name), ("number", &number)]))
}

/// The models and the contact card.
pub fn section(words: Words, member: &Member, view: &InstanceView, typed: &Typed) -> AnyView {
    let may_send = member.principal.may(Permission::SendMessages);
    let cards = MODELS.into_iter().filter_map(|model| card(words, member, view, model, may_send, typed)).collect_view();
    let file = view.number.is_some().then(|| {
        view! { <a class="button" href=format!("{}/contato.vcf", here(view)) download="">{words.t("practices.models.card_file")}</a> }
    });
    let no_number = view.number.is_none().then(|| view! { <p class="fine">{words.t("practices.models.no_number")}</p> });
    view! {
        <section class="models" aria-labelledby="modelos">
            <div class="row spread"><h2 id="modelos">{words.t("practices.models.title")}</h2>{file}</div>
            <p class="muted">{words.t("practices.models.text")}</p>
            {no_number}
            <div class="models-list">{cards}</div>
        </section>
    }
    .into_any()
}

fn card(
    words: Words,
    member: &Member,
    view: &InstanceView,
    model: &'static str,
    may_send: bool,
    typed: &Typed,
) -> Option<AnyView> {
    let title = words.find(&format!("practices.model.{model}.title"))?;
    let text = text_of(words, view, model)?;
    let tried = typed.model.as_ref().filter(|(tried, _)| tried == model);
    let send = may_send.then(|| {
        let (number, error) = (tried.map(|(_, number)| number.clone()), tried.map(|_| words.t(typed.error).to_owned()));
        let name = "telefone";
        let id = format!("telefone-{model}");
        let described = error.as_ref().map(|_| format!("{id}-erro"));
        let error = error.map(|error| view! { <p class="error" id=format!("telefone-{model}-erro")>{error}</p> });
        view! {
            <details class="try" open=tried.is_some()>
                <summary>{words.t("practices.models.try")}</summary>
                <form method="post" action=format!("{}/modelo", here(view)) class="form">
                    {form_key(&member.form_key)}
                    <input type="hidden" name="modelo" value=model />
                    <div class="field">
                        <label for=id.clone()>{words.t("practices.models.test_number")}</label>
                        <input id=id name=name type="tel" inputmode="tel" required=true value=number.unwrap_or_default()
                            placeholder=words.t("practices.models.number_example") aria-describedby=described />
                        {error}
                    </div>
                    <div class="form-actions">
                        <button type="submit" class="button small">{icon(Icon::Send)}{words.t("practices.models.send")}</button>
                    </div>
                </form>
            </details>
        }
    });
    Some(
        view! {
            <article class="card stack">
                <div class="row spread">
                    <h3>{title}</h3>
                    <div><CopyButton
                        text=text.clone()
                        label=words.t("common.copy").to_owned()
                        done=words.t("common.copied").to_owned()
                        hint=words.with("common.copy_what", &[("what", title)])
                    /></div>
                </div>
                <p class="model-text value">{text}</p>
                {send}
            </article>
        }
        .into_any(),
    )
}

/// Which model to whom.
#[derive(Debug, Deserialize)]
pub struct TryForm {
    #[serde(default)]
    modelo: String,
    #[serde(default)]
    telefone: String,
}

/// Sends a model to a test number: an ordinary message, guards included.
///
/// # Errors
/// Not found, not allowed, or the database; refusals are told on the page.
pub async fn send(member: Member, Path(id): Path<String>, Posted(form): Posted<TryForm>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::SendMessages).await?;
    let text = text_of(member.words(), &view, &form.modelo).ok_or(Failure::NotFound)?;
    let to = form.telefone.parse::<ChatAddress>().ok().filter(|to| to.phone().is_some());
    let Some(to) = to else {
        let typed = Typed { model: Some((form.modelo, form.telefone)), error: "refusal.phone_invalid", ..Typed::default() };
        return again(&member, &view, typed).await;
    };
    let messaging = &member.panel.messaging;
    let access = messaging.instance_access(account, view.id, member.principal.actor(), Door::Panel).await?;
    match messaging.send_model(&access, to, &text).await {
        Ok(_) => Ok(member.go_with(&here(&view), "notice.model_sent")),
        Err(MessagingError::QueueFull { .. }) => Ok(member.go_with(&here(&view), "refusal.queue_full")),
        Err(error) => Ok(member.go_with(&here(&view), actions::refusal(error)?)),
    }
}

/// The number's own contact card.
///
/// # Errors
/// Not found (also without a linked number), not allowed, or the database.
pub async fn card_file(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (_, view) = own(&member, &id, Permission::ViewInstances).await?;
    let number = view.number.as_ref().ok_or(Failure::NotFound)?;
    Response::builder()
        .header(CONTENT_TYPE, "text/vcard; charset=utf-8")
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"contato-{number}.vcf\""))
        .body(vcard(&view.name, number).into())
        .map_err(|error| Failure::Defect(error.to_string()))
}
