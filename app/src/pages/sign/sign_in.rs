//! `/entrar`.

use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use http::header::SET_COOKIE;
use leptos::prelude::*;
use recado_accounts::{SignIn, SignInError};
use recado_kernel::Secret;
use serde::Deserialize;

use crate::view::field::{Field, form_error, form_key};
use crate::web::cookies::{self, Life};
use crate::web::failure::Failure;
use crate::web::flash;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::{Visit, safe_return};
use crate::words::Words;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    voltar: String,
}

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    email: String,
    #[serde(default)]
    senha: String,
    #[serde(default)]
    voltar: String,
}

const PAGE: Page = Page::plain("sign_in.title", None);

/// The empty form; whoever is signed in goes on.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    if visit.principal.is_some() {
        return flash::go(safe_return(&asked.voltar));
    }
    let filled = Filled { voltar: asked.voltar, ..Filled::default() };
    visit.answer(PAGE, |words| body(words, &visit, &filled, None, false))
}

/// Signs in.
///
/// # Errors
/// The database.
pub async fn enter(visit: Visit, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let form = SignIn {
        email: filled.email.clone(),
        password: Secret::new(filled.senha.clone()),
        ip: visit.ip,
        user_agent: visit.user_agent.clone(),
    };
    let refused = |status: StatusCode, error: String, unverified: bool| {
        let page = PAGE.with_status(status);
        Ok(visit.answer(page, |words| body(words, &visit, &filled, Some(error), unverified)))
    };
    let words = visit.words();
    match visit.panel.accounts.sign_in(form).await {
        Ok(signed_in) => {
            let secure = visit.panel.secure;
            let seconds = (signed_in.expires_at - visit.panel.platform.now()).num_seconds();
            let life = Life::Seconds(u32::try_from(seconds).unwrap_or(0));
            let mut response = flash::go(safe_return(&filled.voltar));
            if let Some(cookie) = cookies::write(cookies::session(secure), signed_in.token.as_str(), life, secure) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(SignInError::WrongCredentials) => {
            refused(StatusCode::UNPROCESSABLE_ENTITY, words.t("error.wrong_credentials").to_owned(), false)
        }
        Err(SignInError::Unverified) => refused(StatusCode::UNPROCESSABLE_ENTITY, words.t("error.unverified").to_owned(), true),
        Err(SignInError::Locked { until }) => {
            let left = words.span(until - visit.panel.platform.now());
            refused(StatusCode::TOO_MANY_REQUESTS, words.with("error.locked", &[("left", &left)]), false)
        }
        Err(SignInError::Store(error)) => Err(error.into()),
    }
}

fn body(words: Words, visit: &Visit, filled: &Filled, error: Option<String>, unverified: bool) -> AnyView {
    let email =
        Field { autofocus: filled.email.is_empty(), ..Field::email("email", words.t("field.email")).value(&filled.email) };
    let password =
        Field { autofocus: !filled.email.is_empty(), ..Field::password("senha", words.t("field.password"), "current-password") };
    let resend = unverified.then(|| {
        view! {
            <form method="post" action="/verificar/reenviar" class="row">
                {form_key(&visit.form_key)}
                <input type="hidden" name="email" value=filled.email.clone() />
                <button type="submit" class="link">{words.t("verify.resend")}</button>
            </form>
        }
    });
    view! {
        <div class="door-card">
            <h1>{words.t("sign_in.title")}</h1>
            <p>{words.t("sign_in.lead")}</p>
            <form method="post" class="form" action="/entrar">
                {form_error(error)}
                {form_key(&visit.form_key)}
                <input type="hidden" name="voltar" value=filled.voltar.clone() />
                {email.view()}
                {password.view()}
                <button type="submit" class="button primary wide">{words.t("sign_in.submit")}</button>
            </form>
            {resend}
            <p class="door-links">
                <a href="/esqueci-senha">{words.t("sign_in.forgotten")}</a>
                <span>{words.t("sign_in.no_account")}" "<a href="/cadastro">{words.t("sign_in.sign_up")}</a></span>
                <a href="/documentacao/api">{words.t("docs.title")}</a>
            </p>
        </div>
    }
    .into_any()
}
