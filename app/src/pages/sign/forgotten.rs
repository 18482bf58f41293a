//! `/esqueci-senha`: a link by mail; the answer never tells whether the address is known.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::RequestError;
use serde::Deserialize;

use crate::pages::names::error_text;
use crate::view::field::{Field, form_key};
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Visit;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    email: String,
}

const PAGE: Page = Page::plain("forgotten.title", None);

/// The empty form.
pub async fn show(visit: Visit) -> Response {
    visit.answer(PAGE, |words| body(words, &visit, &Filled::default(), None))
}

/// Takes the request.
///
/// # Errors
/// The database.
pub async fn ask(visit: Visit, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    match visit.panel.accounts.forgotten_password(&filled.email).await {
        Ok(()) => Ok(visit.go_with("/entrar", "notice.mail_sent")),
        Err(RequestError::Email) => {
            let error = Some(error_text(visit.words(), "email_invalid"));
            Ok(visit.answer(PAGE.again(), |words| body(words, &visit, &filled, error)))
        }
        Err(RequestError::Store(error)) => Err(error.into()),
    }
}

fn body(words: Words, visit: &Visit, filled: &Filled, error: Option<String>) -> AnyView {
    view! {
        <div class="door-card">
            <h1>{words.t("forgotten.title")}</h1>
            <p>{words.t("forgotten.lead")}</p>
            <form method="post" class="form">
                {form_key(&visit.form_key)}
                {Field::email("email", words.t("field.email")).value(&filled.email).error(error).first().view()}
                <button type="submit" class="button primary wide">{words.t("forgotten.submit")}</button>
            </form>
            <p class="door-links"><a href="/entrar">{words.t("common.to_sign_in")}</a></p>
        </div>
    }
    .into_any()
}
