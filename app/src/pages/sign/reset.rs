//! `/redefinir-senha?token=…`: a new password.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{LinkError, PASSWORD_MIN_CHARS, ResetPasswordError};
use recado_kernel::Secret;
use serde::Deserialize;

use crate::pages::names::error_text;
use crate::view::field::{Field, form_error, form_key};
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Visit;
use crate::words::Words;

/// The form; the token also comes by the address.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    token: String,
    #[serde(default)]
    senha: String,
}

const PAGE: Page = Page::plain("reset.title", None);

/// The empty form.
pub async fn show(visit: Visit, Query(filled): Query<Filled>) -> Response {
    visit.answer(PAGE, |words| body(words, &visit, &filled.token, None, None))
}

/// Sets the password.
///
/// # Errors
/// The database.
pub async fn reset(visit: Visit, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let error = match visit.panel.accounts.reset_password(&filled.token, Secret::new(filled.senha)).await {
        Ok(()) => return Ok(visit.go_with("/entrar", "notice.password_changed")),
        Err(ResetPasswordError::Link(LinkError::Store(error))) => return Err(error.into()),
        Err(error) => error,
    };
    let text = Some(error_text(visit.words(), error.code()));
    let (field, whole) = match error {
        ResetPasswordError::Password(_) => (text, None),
        ResetPasswordError::Link(_) => (None, text),
    };
    Ok(visit.answer(PAGE.again(), |words| body(words, &visit, &filled.token, field, whole)))
}

fn body(words: Words, visit: &Visit, token: &str, field: Option<String>, whole: Option<String>) -> AnyView {
    let password = Field {
        min_length: u32::try_from(PASSWORD_MIN_CHARS).ok(),
        ..Field::password("senha", words.t("field.new_password"), "new-password")
    };
    let rule = words.with("field.password_rule", &[("min", &PASSWORD_MIN_CHARS.to_string())]);
    let again = whole.is_some().then(|| view! { <a href="/esqueci-senha">{words.t("reset.again")}</a> });
    view! {
        <div class="door-card">
            <h1>{words.t("reset.title")}</h1>
            <p>{words.t("reset.lead")}</p>
            <form method="post" action="/redefinir-senha" class="form">
                {form_error(whole)}
                {form_key(&visit.form_key)}
                <input type="hidden" name="token" value=token.to_owned() />
                {password.help(rule).error(field).first().view()}
                <button type="submit" class="button primary wide">{words.t("reset.submit")}</button>
            </form>
            <p class="door-links">{again}<a href="/entrar">{words.t("common.to_sign_in")}</a></p>
        </div>
    }
    .into_any()
}
