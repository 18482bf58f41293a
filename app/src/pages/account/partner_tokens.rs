//! Integrator tokens with a name each: made, shown once, made void. For the account's owner here, for staff on the support desk.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{PartnerTokenError, PartnerTokenRow, Permission};
use serde::Deserialize;
use uuid::Uuid;

use super::show;
use crate::view::badge::{Tone, badge};
use crate::view::confirm::{Confirm, confirm};
use crate::view::field::{Field, form_key};
use crate::view::secret::copyable;
use crate::web::failure::Failure;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;
use crate::words::Words;

impl From<PartnerTokenError> for Failure {
    fn from(error: PartnerTokenError) -> Self {
        match error {
            PartnerTokenError::Forbidden(_) => Self::Forbidden,
            PartnerTokenError::UnknownAccount => Self::NotFound,
            PartnerTokenError::Name(_) | PartnerTokenError::TooMany => Self::BadRequest,
            PartnerTokenError::Store(error) => error.into(),
        }
    }
}

/// The name of a new token.
#[derive(Debug, Deserialize)]
pub struct NewForm {
    #[serde(default)]
    pub(in crate::pages) nome_do_token: String,
}

/// Which token.
#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(default)]
    pub(in crate::pages) token: String,
}

/// What came of making a token.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// The new token, shown this once.
    pub token: Option<String>,
    /// The name as typed, with what is wrong.
    pub refused: Option<(String, &'static str)>,
}

impl Made {
    /// Of the use case's answer.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub fn of(name: String, done: Result<recado_kernel::Secret<String>, PartnerTokenError>) -> Result<Self, Failure> {
        Ok(match done {
            Ok(token) => Self { token: Some(token.expose().clone()), refused: None },
            Err(PartnerTokenError::Name(_)) => Self { token: None, refused: Some((name, "error.token_name")) },
            Err(PartnerTokenError::TooMany) => Self { token: None, refused: Some((name, "error.too_many_tokens")) },
            Err(error) => return Err(error.into()),
        })
    }
}

/// A new token; the answer shows it.
///
/// # Errors
/// Not allowed, or the database.
pub async fn create(member: Member, Posted(form): Posted<NewForm>) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageAccount)?;
    let done = member.panel.accounts.create_partner_token(&member.principal, account, &form.nome_do_token).await;
    let made = Made::of(form.nome_do_token, done)?;
    show::with_token(&member, made).await
}

/// Makes a token void.
///
/// # Errors
/// Not allowed, or the database.
pub async fn revoke(
    member: Member,
    Query(which): Query<Which>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageAccount)?;
    let token = Uuid::parse_str(&which.token).map_err(|_| Failure::NotFound)?;
    member.panel.accounts.revoke_partner_token(&member.principal, account, token).await?;
    Ok(member.go_with("/conta", "notice.token_revoked"))
}

/// The card; `base` is where its forms go.
pub fn card(words: Words, member: &Member, rows: &[PartnerTokenRow], may: bool, base: &str, made: &Made) -> AnyView {
    let shown = made.token.clone().map(|token| {
        view! {
            <div class="notice good token-once" role="status">
                <div><p>{words.t("partner_tokens.once")}</p><dl>{copyable(words, words.t("partner_tokens.new"), token)}</dl></div>
            </div>
        }
    });
    let list = rows.iter().map(|row| entry(words, member, row, may, base)).collect_view();
    let (name, error) = made.refused.clone().map_or_else(Default::default, |(name, key)| (name, Some(words.t(key).to_owned())));
    let form = may.then(|| {
        let name_field = Field::text("nome_do_token", words.t("partner_tokens.name"));
        let field = Field { max_length: Some(100), autocomplete: Some("off"), ..name_field };
        view! {
            <form method="post" action=base.to_owned() class="form divided">
                {form_key(&member.form_key)}
                {field.help(words.t("partner_tokens.name_help")).value(name).error(error).view()}
                <div class="form-actions"><button type="submit" class="button">{words.t("partner_tokens.create")}</button></div>
            </form>
        }
    });
    let none = rows.is_empty().then(|| view! { <p class="fine">{words.t("partner_tokens.none")}</p> });
    view! {
        <section class="card stack" id="integradores">
            <h2>{words.t("partner_tokens.title")}</h2>
            <p class="muted">{words.t("partner_tokens.text")}</p>
            {shown}
            {none}
            <ul>{list}</ul>
            {form}
        </section>
    }
    .into_any()
}

fn entry(words: Words, member: &Member, row: &PartnerTokenRow, may: bool, base: &str) -> AnyView {
    let state = match row.revoked_at {
        None => badge(Tone::Good, words.t("partner_tokens.in_force")),
        Some(at) => badge(Tone::Calm, words.with("partner_tokens.revoked", &[("moment", &words.moment(at))])),
    };
    let used = match row.last_used_at {
        Some(at) => words.with("partner_tokens.used", &[("moment", &words.moment(at))]),
        None => words.t("partner_tokens.never_used").to_owned(),
    };
    let revoke = (may && row.revoked_at.is_none()).then(|| {
        let word = words.t("partner_tokens.revoke");
        confirm(
            words,
            Confirm {
                id: format!("revogar-{}", row.token_id.simple()),
                opener: view! { {word} }.into_any(),
                opener_class: "button small",
                title: words.with("partner_tokens.revoke_title", &[("name", &row.name)]),
                body: view! { <p>{words.t("partner_tokens.revoke_text")}</p> }.into_any(),
                action: format!("{base}/revogar?token={}", row.token_id),
                confirm: word.to_owned(),
                dangerous: true,
                form_key: member.form_key.clone(),
            },
        )
    });
    view! {
        <li class="entry">
            <div class="row spread"><strong>{row.name.clone()}</strong>{state}</div>
            <small>{words.with("partner_tokens.tail", &[("tail", &row.tail)])}" · "{words.with("partner_tokens.created", &[("moment", &words.moment(row.created_at))])}" · "{used}</small>
            <div>{revoke}</div>
        </li>
    }
    .into_any()
}
