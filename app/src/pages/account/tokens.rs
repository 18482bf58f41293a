//! Client-Token and partner token: show, activate, replace.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{AccountToken, IpListError, Permission, TokenError};

use crate::view::badge::{Tone, badge};
use crate::view::confirm::{Confirm, confirm};
use crate::view::secret::secret;
use crate::web::failure::Failure;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;
use crate::words::Words;

impl From<IpListError> for Failure {
    fn from(error: IpListError) -> Self {
        match error {
            IpListError::Forbidden(_) => Self::Forbidden,
            IpListError::Store(error) => error.into(),
            IpListError::NotAnAddress(_) | IpListError::Empty | IpListError::TooMany => Self::BadRequest,
        }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Forbidden(_) => Self::Forbidden,
            TokenError::Store(error) => error.into(),
        }
    }
}

/// REST calls need the Client-Token from now on.
///
/// # Errors
/// Not allowed, or the database.
pub async fn activate(member: Member, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    member.panel.accounts.activate_client_token(&member.principal).await?;
    Ok(member.go_with("/conta", "notice.client_token_activated"))
}

/// Another Client-Token.
///
/// # Errors
/// Not allowed, or the database.
pub async fn rotate_client_token(member: Member, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    member.panel.accounts.rotate_client_token(&member.principal).await?;
    Ok(member.go_with("/conta", "notice.token_rotated"))
}

/// Another partner token.
///
/// # Errors
/// Not allowed, or the database.
pub async fn rotate_partner_token(member: Member, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    member.panel.accounts.rotate_partner_token(&member.principal).await?;
    Ok(member.go_with("/conta", "notice.token_rotated"))
}

/// The card.
pub fn card(words: Words, member: &Member, client: &AccountToken, partner: &AccountToken) -> AnyView {
    let may = member.principal.may(Permission::ManageAccount);
    let state = match client.active {
        true => badge(Tone::Good, words.t("tokens.active")),
        false => badge(Tone::Calm, words.t("tokens.inactive")),
    };
    let activate = (may && !client.active).then(|| {
        let (title, text) = (words.t("tokens.activate.title"), words.t("tokens.activate.text"));
        question(words, member, "ativar-client-token", "/conta/client-token/ativar", words.t("tokens.activate.open"), title, text)
    });
    let rotate = |id: &str, action: &str| {
        may.then(|| {
            let (title, text) = (words.t("tokens.rotate.title"), words.t("tokens.rotate.text"));
            question(words, member, id, action, words.t("tokens.rotate.open"), title, text)
        })
    };
    view! {
        <section class="card stack">
            <div class="row spread"><h2>{words.t("tokens.client")}</h2>{state}</div>
            <p class="muted">{words.t("tokens.client_text")}</p>
            <dl>{secret(words, words.t("tokens.client"), client.token.expose().clone())}</dl>
            <div class="row">{activate}{rotate("trocar-client-token", "/conta/client-token/trocar")}</div>
            <h2 class="divided">{words.t("tokens.partner")}</h2>
            <p class="muted">{words.t("tokens.partner_text")}</p>
            <dl>{secret(words, words.t("tokens.partner"), partner.token.expose().clone())}</dl>
            <div class="row">{rotate("trocar-partner-token", "/conta/partner-token/trocar")}</div>
        </section>
    }
    .into_any()
}

fn question(
    words: Words,
    member: &Member,
    id: &str,
    action: &str,
    word: &'static str,
    title: &'static str,
    text: &'static str,
) -> AnyView {
    confirm(
        words,
        Confirm {
            id: id.to_owned(),
            opener: view! { {word} }.into_any(),
            opener_class: "button small",
            title: title.to_owned(),
            body: view! { <p>{text}</p> }.into_any(),
            action: action.to_owned(),
            confirm: word.to_owned(),
            dangerous: false,
            form_key: member.form_key.clone(),
        },
    )
}
