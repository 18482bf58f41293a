//! `/verificar?token=…`: a button, because mail scanners follow links.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{LinkError, RequestError};
use serde::Deserialize;

use crate::pages::names::error_text;
use crate::view::field::{Field, form_error, form_key};
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Visit;
use crate::words::Words;

/// The link's secret.
#[derive(Debug, Default, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// Who wants another link.
#[derive(Debug, Default, Deserialize)]
pub struct Address {
    #[serde(default)]
    email: String,
}

const PAGE: Page = Page::plain("verify.title", None);

/// The button.
pub async fn show(visit: Visit, Query(link): Query<Link>) -> Response {
    visit.answer(PAGE, |words| {
        view! {
            <div class="door-card">
                <h1>{words.t("verify.title")}</h1>
                <p>{words.t("verify.lead")}</p>
                <form method="post" action="/verificar" class="form">
                    {form_key(&visit.form_key)}
                    <input type="hidden" name="token" value=link.token />
                    <button type="submit" class="button primary wide" autofocus=true>{words.t("verify.submit")}</button>
                </form>
            </div>
        }
        .into_any()
    })
}

/// Proves the address.
///
/// # Errors
/// The database.
pub async fn verify(visit: Visit, Posted(link): Posted<Link>) -> Result<Response, Failure> {
    match visit.panel.accounts.verify(&link.token).await {
        Ok(_) => Ok(visit.go_with("/entrar", "notice.verified")),
        Err(LinkError::Store(error)) => Err(error.into()),
        Err(error) => {
            let text = error_text(visit.words(), error.code());
            Ok(visit.answer(PAGE.again(), |words| another(words, &visit, text)))
        }
    }
}

/// Sends another link; never tells whether the address is known.
///
/// # Errors
/// The database.
pub async fn resend(visit: Visit, Posted(address): Posted<Address>) -> Result<Response, Failure> {
    match visit.panel.accounts.resend_verification(&address.email).await {
        Ok(()) => Ok(visit.go_with("/entrar", "notice.mail_sent")),
        Err(RequestError::Email) => {
            let text = error_text(visit.words(), "email_invalid");
            Ok(visit.answer(PAGE.again(), |words| another(words, &visit, text)))
        }
        Err(RequestError::Store(error)) => Err(error.into()),
    }
}

fn another(words: Words, visit: &Visit, error: String) -> AnyView {
    view! {
        <div class="door-card">
            <h1>{words.t("verify.title")}</h1>
            <form method="post" action="/verificar/reenviar" class="form">
                {form_error(Some(error))}
                {form_key(&visit.form_key)}
                {Field::email("email", words.t("field.email")).view()}
                <button type="submit" class="button primary wide">{words.t("verify.resend")}</button>
            </form>
            <p class="door-links"><a href="/entrar">{words.t("common.to_sign_in")}</a></p>
        </div>
    }
    .into_any()
}
