//! `/conta`.

use std::collections::HashMap;

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{AccountToken, IpListView, Permission, PrincipalKind};

use super::{history, ip_list, password, profile, tokens};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// Field name to sentence; fields not in a form that failed have none.
pub type Errors = HashMap<&'static str, String>;

/// What the page shows.
#[derive(Default)]
pub struct Facts {
    /// Name as typed or as known.
    pub name: String,
    /// CPF or CNPJ as typed or as known.
    pub document: String,
    client_token: Option<AccountToken>,
    partner_token: Option<AccountToken>,
    ip_list: Option<IpListView>,
}

/// The page.
///
/// # Errors
/// The database.
pub async fn show(member: Member) -> Result<Response, Failure> {
    let facts = facts(&member).await?;
    Ok(member.answer(Page::live("account.title", Some(Place::Account)), |words| body(words, &member, &facts, &Errors::new())))
}

/// The page again, with what is wrong.
///
/// # Errors
/// The database.
pub async fn again(member: &Member, typed: Option<(String, String)>, errors: &Errors) -> Result<Response, Failure> {
    let mut facts = facts(member).await?;
    if let Some((name, document)) = typed {
        (facts.name, facts.document) = (name, document);
    }
    let page = Page::live("account.title", Some(Place::Account)).again();
    Ok(member.answer(page, |words| body(words, member, &facts, errors)))
}

/// The page again, with addresses that were refused.
///
/// # Errors
/// The database.
pub async fn again_with_addresses(member: &Member, typed: IpListView, errors: &Errors) -> Result<Response, Failure> {
    let mut facts = facts(member).await?;
    facts.ip_list = facts.ip_list.map(|_| typed);
    let page = Page::live("account.title", Some(Place::Account)).again();
    Ok(member.answer(page, |words| body(words, member, &facts, errors)))
}

async fn facts(member: &Member) -> Result<Facts, Failure> {
    let accounts = &member.panel.accounts;
    let mut facts = Facts { name: member.principal.name.clone(), ..Facts::default() };
    if let Some(account) = member.principal.account_id() {
        let row = accounts.account(account).await?;
        let document = row.and_then(|row| row.document).unwrap_or_default();
        facts.document = document.parse::<recado_kernel::Document>().map_or(document, |document| document.masked());
    }
    if member.principal.may(Permission::ViewTokens) {
        facts.client_token = Some(accounts.client_token(&member.principal).await?);
        facts.partner_token = Some(accounts.partner_token(&member.principal).await?);
        facts.ip_list = Some(accounts.ip_list(&member.principal).await?);
    }
    Ok(facts)
}

fn body(words: Words, member: &Member, facts: &Facts, errors: &Errors) -> AnyView {
    let role = match member.principal.kind {
        PrincipalKind::User { role, .. } => words.find(&format!("role.{role}")).unwrap_or_default(),
        PrincipalKind::Staff { role, .. } => words.find(&format!("staff_role.{role}")).unwrap_or_default(),
    };
    let tokens = facts.client_token.as_ref().zip(facts.partner_token.as_ref());
    let tokens = tokens.map(|(client, partner)| tokens::card(words, member, client, partner));
    let addresses = facts.ip_list.as_ref().map(|list| ip_list::card(words, member, list, errors));
    view! {
        {heading(words.t("account.title"), None, None)}
        <div class="columns even">
            <div class="stack">
                {profile::card(words, member, facts, role, errors)}
                {password::card(words, member, errors)}
                {history::card(words, member)}
            </div>
            <div class="stack">{tokens}{addresses}</div>
        </div>
    }
    .into_any()
}
