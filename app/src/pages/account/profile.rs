//! Name, document, language. The e-mail is permanent.

use axum::response::Response;
use http::header::SET_COOKIE;
use leptos::prelude::*;
use recado_accounts::{ChangeProfile, ChangeProfileError, Permission};
use recado_kernel::Locale;
use serde::Deserialize;

use super::show::{Errors, Facts, again};
use crate::pages::names::error_text;
use crate::view::field::{Field, form_key};
use crate::web::cookies::{self, Life};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    nome: String,
    #[serde(default)]
    documento: String,
    #[serde(default)]
    idioma: String,
}

/// Changes the account's data.
///
/// # Errors
/// Not allowed, or the database.
pub async fn save(member: Member, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let form = ChangeProfile {
        name: filled.nome.clone(),
        document: Some(filled.documento.clone()),
        locale: Locale::from_tag(&filled.idioma),
    };
    let error = match member.panel.accounts.change_profile(&member.principal, form).await {
        Ok(()) => return Ok(speaking(&member, Locale::from_tag(&filled.idioma))),
        Err(ChangeProfileError::Forbidden(_)) => return Err(Failure::Forbidden),
        Err(ChangeProfileError::Store(error)) => return Err(error.into()),
        Err(error) => error,
    };
    let field = if matches!(error, ChangeProfileError::Name(_)) { "nome" } else { "documento" };
    let errors = Errors::from([(field, error_text(member.words(), error.code()))]);
    again(&member, Some((filled.nome, filled.documento)), &errors).await
}

/// Back to the page, in the language that was chosen: this browser's earlier choice gives way.
fn speaking(member: &Member, locale: Locale) -> Response {
    let mut response = member.go_with("/conta", "notice.saved");
    if let Some(cookie) = cookies::write(cookies::LANGUAGE, locale.tag(), Life::Seconds(365 * 24 * 3600), member.panel.secure) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The card.
pub fn card(words: Words, member: &Member, facts: &Facts, role: &'static str, errors: &Errors) -> AnyView {
    let may = member.principal.may(Permission::ManageAccount);
    let error = |field| errors.get(field).cloned();
    let email = Field { read_only: true, ..Field::email("email", words.t("field.email")) }
        .value(&member.principal.email)
        .help(words.t("account.email_permanent"));
    let name = Field {
        max_length: Some(100),
        autocomplete: Some("name"),
        read_only: !may,
        ..Field::text("nome", words.t("field.name")).value(&facts.name).error(error("nome"))
    };
    let document = Field {
        max_length: Some(18),
        autocomplete: Some("off"),
        ..Field::text("documento", words.t("field.document")).optional().value(&facts.document).error(error("documento"))
    };
    let language = |locale: Locale, label: &'static str| {
        view! { <option value=locale.tag() selected=member.principal.locale == locale>{label}</option> }
    };
    let rest = may.then(|| {
        view! {
            {document.view()}
            <div class="field">
                <label for="idioma">{words.t("account.language")}</label>
                <select id="idioma" name="idioma">
                    {language(Locale::PtBr, words.t("language.pt_br"))}
                    {language(Locale::En, words.t("language.en"))}
                </select>
            </div>
            <div class="form-actions"><button type="submit" class="button primary">{words.t("common.save")}</button></div>
        }
    });
    view! {
        <section class="card">
            <div class="row spread"><h2>{words.t("account.data")}</h2><span class="muted">{role}</span></div>
            <form method="post" action="/conta/dados" class="form">
                {form_key(&member.form_key)}
                {email.view()}
                {name.view()}
                {rest}
            </form>
        </section>
    }
    .into_any()
}
