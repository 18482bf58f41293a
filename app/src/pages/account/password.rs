//! A new password, knowing the old one.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{ChangePasswordError, PASSWORD_MIN_CHARS};
use recado_kernel::Secret;
use serde::Deserialize;

use super::show::{Errors, again};
use crate::pages::names::error_text;
use crate::view::field::{Field, form_key};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    senha_atual: String,
    #[serde(default)]
    senha_nova: String,
}

/// Changes the password; other sessions end.
///
/// # Errors
/// The database.
pub async fn change(member: Member, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let (old, new) = (Secret::new(filled.senha_atual), Secret::new(filled.senha_nova));
    let words = member.words();
    let (field, text) = match member.panel.accounts.change_password(&member.principal, old, new).await {
        Ok(()) => return Ok(member.go_with("/conta", "notice.password_changed")),
        Err(ChangePasswordError::Store(error)) => return Err(error.into()),
        Err(ChangePasswordError::Locked { until }) => {
            let left = words.span(until - member.panel.platform.now());
            ("senha_atual", words.with("error.locked", &[("left", &left)]))
        }
        Err(error @ ChangePasswordError::WrongPassword) => ("senha_atual", error_text(words, error.code())),
        Err(error) => ("senha_nova", error_text(words, error.code())),
    };
    again(&member, None, &Errors::from([(field, text)])).await
}

/// The card.
pub fn card(words: Words, member: &Member, errors: &Errors) -> AnyView {
    let old = Field::password("senha_atual", words.t("field.current_password"), "current-password");
    let new = Field {
        min_length: u32::try_from(PASSWORD_MIN_CHARS).ok(),
        ..Field::password("senha_nova", words.t("field.new_password"), "new-password")
    };
    let rule = words.with("field.password_rule", &[("min", &PASSWORD_MIN_CHARS.to_string())]);
    view! {
        <section class="card">
            <h2>{words.t("account.password")}</h2>
            <form method="post" action="/conta/senha" class="form">
                {form_key(&member.form_key)}
                <input type="text" name="email" value=member.principal.email.clone() autocomplete="username" hidden=true />
                {old.error(errors.get("senha_atual").cloned()).view()}
                {new.help(rule).error(errors.get("senha_nova").cloned()).view()}
                <div class="form-actions"><button type="submit" class="button">{words.t("account.change_password")}</button></div>
            </form>
        </section>
    }
    .into_any()
}
