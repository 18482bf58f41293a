//! `/instancias/nova`: one more, on trial.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::Name;
use serde::Deserialize;

use crate::pages::names::name_error;
use crate::view::field::{Field, form_key};
use crate::view::heading::{heading, lead};
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

/// The empty form.
///
/// # Errors
/// Not allowed.
pub async fn show(member: Member) -> Result<Response, Failure> {
    member.require(Permission::ManageInstances)?;
    Ok(member.answer(page(), |words| body(words, &member.form_key, &Filled::default(), None)))
}

/// Creates it and shows it.
///
/// # Errors
/// Not allowed, or the database.
pub async fn create(member: Member, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageInstances)?;
    let name: Name = match filled.nome.parse() {
        Ok(name) => name,
        Err(error) => {
            let error = Some(name_error(member.words(), &error));
            return Ok(member.answer(page().again(), |words| body(words, &member.form_key, &filled, error)));
        }
    };
    let created = member.panel.messaging.create_instance(member.meta(account), name).await?;
    member.panel.messaging.instance_visible(created.position).await;
    Ok(member.go_with(&format!("/instancias/{}", created.id.public()), "notice.instance_created"))
}

const fn page() -> Page {
    Page::plain("instances.new.title", Some(Place::Instances))
}

fn body(words: Words, key: &str, filled: &Filled, error: Option<String>) -> AnyView {
    let name = Field {
        max_length: Some(100),
        autocomplete: Some("off"),
        placeholder: Some(words.t("instances.new.example").to_owned()),
        ..Field::text("nome", words.t("instances.new.name"))
            .help(words.t("instances.new.help"))
            .value(&filled.nome)
            .error(error)
            .first()
    };
    view! {
        {heading(words.t("instances.new.title"), Some(("/instancias".to_owned(), words.t("instances.title").to_owned())), None)}
        {lead(words.t("instances.new.lead"))}
        <form method="post" class="card form">
            {form_key(key)}
            {name.view()}
            <div class="form-actions">
                <button type="submit" class="button primary">{words.t("instances.new.submit")}</button>
                <a class="button" href="/instancias">{words.t("common.back")}</a>
            </div>
        </form>
    }
    .into_any()
}
