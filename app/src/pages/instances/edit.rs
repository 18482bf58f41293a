//! `/instancias/{id}/editar`, tab "Dados da instância".

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::Name;
use recado_messaging::InstanceView;
use serde::Deserialize;

use super::{address, behaviour, own};
use crate::pages::names::name_error;
use crate::view::field::{Field, form_key};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    nome: String,
}

/// The form with what is.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (_, view) = own(&member, &id, Permission::ManageInstances).await?;
    let name = view.name.clone();
    Ok(member.answer(page(), |words| body(words, &member, &view, &name, None)))
}

/// Renames it.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn save(member: Member, Path(id): Path<String>, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let name: Name = match filled.nome.parse() {
        Ok(name) => name,
        Err(error) => {
            let error = Some(name_error(member.words(), &error));
            return Ok(member.answer(page().again(), |words| body(words, &member, &view, &filled.nome, error)));
        }
    };
    let done = member.panel.messaging.rename_instance(member.meta(account), view.id, name).await?;
    member.panel.messaging.instance_visible(done.position).await;
    Ok(member.go_with(&format!("{}/editar", address(&view)), "notice.saved"))
}

const fn page() -> Page {
    Page::plain("instance.edit.title", Some(Place::Instances))
}

/// Heading and the two tabs of editing.
pub fn frame(words: Words, view: &InstanceView, webhooks: bool, content: AnyView) -> AnyView {
    let base = address(view);
    let here = |on: bool| on.then_some("page");
    view! {
        {heading(words.t("instance.edit.title"), Some((base.clone(), view.name.clone())), None)}
        <nav class="tabs" aria-label=words.t("instance.edit.title")>
            <a class="tab" href=format!("{base}/editar") aria-current=here(!webhooks)>{words.t("instance.edit.data")}</a>
            <a class="tab" href=format!("{base}/editar/webhooks") aria-current=here(webhooks)>{words.t("instance.edit.webhooks")}</a>
        </nav>
        {content}
    }
    .into_any()
}

fn body(words: Words, member: &Member, view: &InstanceView, name: &str, error: Option<String>) -> AnyView {
    let field = Field {
        max_length: Some(100),
        autocomplete: Some("off"),
        ..Field::text("nome", words.t("instances.new.name")).help(words.t("instances.new.help")).value(name).error(error)
    };
    let created = words.moment(view.created_at);
    let form = view! {
        <form method="post" class="card form">
            {form_key(&member.form_key)}
            {field.view()}
            <dl class="facts">
                <div><dt>{words.t("instance.id")}</dt><dd><code>{view.id.public()}</code></dd></div>
                <div><dt>{words.t("instance.created")}</dt><dd>{created}</dd></div>
            </dl>
            <div class="form-actions">
                <button type="submit" class="button primary">{words.t("common.save")}</button>
                <a class="button" href=address(view)>{words.t("common.back")}</a>
            </div>
        </form>
    };
    let content = view! { <div class="stack">{form}{behaviour::card(words, member, view)}</div> };
    frame(words, view, false, content.into_any())
}
