//! `/cadastro`.

use std::collections::HashMap;

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{PASSWORD_MIN_CHARS, Register, RegisterError};
use recado_kernel::Secret;
use serde::Deserialize;

use crate::pages::names::error_text;
use crate::view::field::{Field, form_key};
use crate::view::icons::{Icon, icon};
use crate::web::failure::Failure;
use crate::web::flash;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Visit;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    nome: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    senha: String,
    #[serde(default)]
    documento: String,
}

/// Field of the context to sentence.
type Errors = HashMap<&'static str, String>;

const PAGE: Page = Page::plain("sign_up.title", None);

/// The empty form.
pub async fn show(visit: Visit) -> Response {
    if visit.principal.is_some() {
        return flash::go("/");
    }
    visit.answer(PAGE, |words| body(words, &visit, &Filled::default(), &Errors::new()))
}

/// Registers. The answer is the same whether or not the address is known.
///
/// # Errors
/// The database.
pub async fn register(visit: Visit, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let form = Register {
        name: filled.nome.clone(),
        email: filled.email.clone(),
        password: Secret::new(filled.senha.clone()),
        document: Some(filled.documento.clone()),
        locale: visit.look.locale,
    };
    match visit.panel.accounts.register(form).await {
        Ok(()) => Ok(visit.answer(Page::plain("sign_up.done.title", None), |words| done(words, &visit, &filled.email))),
        Err(RegisterError::Invalid(problems)) => {
            let words = visit.words();
            let errors = problems.iter().map(|problem| (problem.field(), error_text(words, problem.code()))).collect();
            Ok(visit.answer(PAGE.again(), |words| body(words, &visit, &filled, &errors)))
        }
        Err(RegisterError::Store(error)) => Err(error.into()),
    }
}

fn body(words: Words, visit: &Visit, filled: &Filled, errors: &Errors) -> AnyView {
    let error = |field| errors.get(field).cloned();
    let name = Field {
        autocomplete: Some("name"),
        max_length: Some(100),
        ..Field::text("nome", words.t("field.name")).value(&filled.nome).error(error("name")).first()
    };
    let email = Field::email("email", words.t("field.email")).help(words.t("sign_up.email_permanent")).value(&filled.email);
    let password = Field {
        min_length: u32::try_from(PASSWORD_MIN_CHARS).ok(),
        ..Field::password("senha", words.t("field.password"), "new-password")
    };
    let rule = words.with("field.password_rule", &[("min", &PASSWORD_MIN_CHARS.to_string())]);
    let document = Field {
        input_mode: Some("text"),
        autocomplete: Some("off"),
        max_length: Some(18),
        ..Field::text("documento", words.t("field.document"))
            .optional()
            .help(words.t("sign_up.document_help"))
            .value(&filled.documento)
    };
    view! {
        <div class="door-card">
            <h1>{words.t("sign_up.title")}</h1>
            <p>{words.t("sign_up.lead")}</p>
            <form method="post" class="form">
                {form_key(&visit.form_key)}
                {name.view()}
                {email.error(error("email")).view()}
                {password.help(rule).error(error("password")).view()}
                {document.error(error("document")).view()}
                <button type="submit" class="button primary wide">{words.t("sign_up.submit")}</button>
            </form>
            <p class="door-links"><span>{words.t("sign_up.have_account")}" "<a href="/entrar">{words.t("sign_in.submit")}</a></span></p>
        </div>
    }
    .into_any()
}

fn done(words: Words, visit: &Visit, email: &str) -> AnyView {
    let mails = (visit.panel.dev_mode && visit.panel.mail_folder.is_some())
        .then(|| view! { <p class="notice">{icon(Icon::Mail)}<span><a href="/dev/mail">{words.t("sign_up.done.dev_mail")}</a></span></p> });
    view! {
        <div class="door-card">
            <h1>{words.t("sign_up.done.title")}</h1>
            <p>{words.with("sign_up.done.text", &[("email", email)])}</p>
            {mails}
            <form method="post" action="/verificar/reenviar" class="form">
                {form_key(&visit.form_key)}
                <input type="hidden" name="email" value=email.to_owned() />
                <button type="submit" class="button wide">{words.t("verify.resend")}</button>
            </form>
            <p class="door-links"><a href="/entrar">{words.t("common.to_sign_in")}</a></p>
        </div>
    }
    .into_any()
}
