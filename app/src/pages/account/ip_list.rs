//! From where the API may be called.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{IpListError, IpListView, Permission};
use serde::Deserialize;

use super::show::{Errors, again_with_addresses};
use crate::pages::names::error_text;
use crate::view::badge::{Tone, badge};
use crate::view::field::form_key;
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form's name for the addresses, also the id.
const FIELD: &str = "enderecos";

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    enderecos: String,
    #[serde(default)]
    ativa: String,
}

/// Changes the list.
///
/// # Errors
/// Not allowed, or the database.
pub async fn save(member: Member, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let active = !filled.ativa.is_empty();
    let error = match member.panel.accounts.change_ip_list(&member.principal, active, &filled.enderecos).await {
        Ok(()) => return Ok(member.go_with("/conta", "notice.saved")),
        Err(IpListError::Forbidden(_)) => return Err(Failure::Forbidden),
        Err(IpListError::Store(error)) => return Err(error.into()),
        Err(error) => error,
    };
    let errors = Errors::from([(FIELD, error_text(member.words(), error.code()))]);
    let typed = IpListView { active, addresses: filled.enderecos.lines().map(str::to_owned).collect() };
    again_with_addresses(&member, typed, &errors).await
}

/// The card.
pub fn card(words: Words, member: &Member, list: &IpListView, errors: &Errors) -> AnyView {
    let may = member.principal.may(Permission::ManageAccount);
    let state = match list.active {
        true => badge(Tone::Good, words.t("tokens.active")),
        false => badge(Tone::Calm, words.t("tokens.inactive")),
    };
    let error = errors.get(FIELD).cloned();
    let described = if error.is_some() { "enderecos-ajuda enderecos-erro" } else { "enderecos-ajuda" };
    let invalid = error.as_ref().map(|_| "true");
    let error = error.map(|error| view! { <p class="error" id="enderecos-erro">{error}</p> });
    let submit = may.then(|| {
        view! {
            <div class="form-actions">
                <button type="submit" class="button primary">{words.t("common.save")}</button>
            </div>
        }
    });
    view! {
        <form method="post" action="/conta/enderecos" class="card form">
            {form_key(&member.form_key)}
            <div class="row spread"><h2>{words.t("ip_list.title")}</h2>{state}</div>
            <div class="field">
                <label for=FIELD>{words.t("ip_list.addresses")}</label>
                <p class="help" id="enderecos-ajuda">{words.t("ip_list.help")}</p>
                <textarea id=FIELD name=FIELD rows="4" readonly=!may spellcheck="false" aria-describedby=described aria-invalid=invalid>
                    {list.addresses.join("\n")}
                </textarea>
                {error}
            </div>
            <label class="check">
                <input type="checkbox" name="ativa" value="1" checked=list.active disabled=!may />
                <span>{words.t("ip_list.active")}</span>
            </label>
            {submit}
        </form>
    }
    .into_any()
}
