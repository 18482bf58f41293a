//! `/suporte/contas/{id}/integradores`: integrator tokens of an account, made and made void by staff who may.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{AccountRow, StaffPermission};
use recado_kernel::AccountId;
use uuid::Uuid;

use crate::pages::account::partner_tokens::{Made, NewForm, Which, card};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;
use crate::words::Words;

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let account = find(&member, &id).await?;
    answer(&member, &account, Made::default()).await
}

/// A new token; the answer shows it.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn create(member: Member, Path(id): Path<String>, Posted(form): Posted<NewForm>) -> Result<Response, Failure> {
    let account = find(&member, &id).await?;
    let done = member.panel.accounts.create_partner_token(&member.principal, account.id, &form.nome_do_token).await;
    let made = Made::of(form.nome_do_token, done)?;
    answer(&member, &account, made).await
}

/// Makes a token void.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn revoke(
    member: Member,
    Path(id): Path<String>,
    Query(which): Query<Which>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let account = find(&member, &id).await?;
    let token = Uuid::parse_str(&which.token).map_err(|_| Failure::NotFound)?;
    member.panel.accounts.revoke_partner_token(&member.principal, account.id, token).await?;
    Ok(member.go_with(&base(account.id), "notice.token_revoked"))
}

async fn find(member: &Member, id: &str) -> Result<AccountRow, Failure> {
    member.require_staff(StaffPermission::FindAccounts)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    member.panel.accounts.account(id).await?.ok_or(Failure::NotFound)
}

fn base(account: AccountId) -> String {
    format!("/suporte/contas/{account}/integradores")
}

async fn answer(member: &Member, account: &AccountRow, made: Made) -> Result<Response, Failure> {
    let rows = member.panel.accounts.partner_tokens(&member.principal, account.id).await?;
    let may = member.principal.staff_may(StaffPermission::ManagePartnerTokens);
    let page = Page::live("partner_tokens.title", Some(Place::Support));
    let page = if made.refused.is_some() { page.again() } else { page };
    Ok(member.answer(page, |words| {
        let back = Some((format!("/suporte/contas/{}", account.id), account.name.clone()));
        view! {
            {heading(words.t("partner_tokens.title"), back, None)}
            {card(words, member, &rows, may, &base(account.id), &made)}
        }
        .into_any()
    }))
}

/// The way here from the account's page.
pub fn link(words: Words, account: AccountId) -> AnyView {
    view! {
        <section class="card">
            <h2>{words.t("partner_tokens.title")}</h2>
            <a class="button small" href=base(account)>{words.t("partner_tokens.open")}</a>
        </section>
    }
    .into_any()
}
