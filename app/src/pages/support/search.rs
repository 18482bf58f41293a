//! `/suporte`: finding an account by e-mail, name, instance, telephone or message.

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{AccountRow, AccountStatus, StaffPermission, SupportError};
use recado_kernel::AccountId;
use recado_messaging::{InstanceView, MessageView};
use serde::Deserialize;

use crate::pages::instances::connection_badge;
use crate::view::badge::{Tone, badge};
use crate::view::empty::empty;
use crate::view::heading::{heading, lead};
use crate::view::icons::{Icon, icon};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    busca: String,
}

#[derive(Default)]
struct Found {
    accounts: Vec<AccountRow>,
    instances: Vec<InstanceView>,
    messages: Vec<MessageView>,
    names: HashMap<AccountId, String>,
}

impl From<SupportError> for Failure {
    fn from(error: SupportError) -> Self {
        match error {
            SupportError::Forbidden(_) => Self::Forbidden,
            SupportError::UnknownAccount => Self::NotFound,
            SupportError::Store(error) => error.into(),
        }
    }
}

/// The page.
///
/// # Errors
/// Not allowed, or the database.
pub async fn show(member: Member, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::FindAccounts)?;
    let text = asked.busca.trim();
    let found = if text.chars().count() < 3 { Found::default() } else { find(&member, text).await? };
    Ok(member.answer(Page::plain("support.title", Some(Place::Support)), |words| body(words, text, &found)))
}

async fn find(member: &Member, text: &str) -> Result<Found, Failure> {
    let panel = &member.panel;
    let accounts = panel.accounts.search_accounts(&member.principal, text).await?;
    let instances = panel.messaging.find_instances(text).await?;
    let messages = panel.messaging.find_messages(text).await?;
    let mut owners: Vec<AccountId> =
        instances.iter().map(|view| view.account).chain(messages.iter().map(|view| view.account)).collect();
    owners.sort_unstable();
    owners.dedup();
    let names = panel.accounts.accounts_by_id(&owners).await?.into_iter().map(|row| (row.id, row.name)).collect();
    Ok(Found { accounts, instances, messages, names })
}

fn body(words: Words, text: &str, found: &Found) -> AnyView {
    let nothing = found.accounts.is_empty() && found.instances.is_empty() && found.messages.is_empty();
    let results = match (text.is_empty(), nothing) {
        (true, _) => empty(Icon::Search, words.t("support.start.title"), words.t("support.start.text"), None),
        (false, true) => empty(Icon::Search, words.t("support.none.title"), words.t("support.none.text"), None),
        (false, false) => {
            view! { <div class="stack">{accounts(words, found)}{instances(words, found)}{messages(words, found)}</div> }
                .into_any()
        }
    };
    view! {
        {heading(words.t("support.title"), None, None)}
        {lead(words.t("support.lead"))}
        <form method="get" class="search" role="search">
            <label class="hidden" for="busca">{words.t("support.search_label")}</label>
            <input class="input" type="search" id="busca" name="busca" value=text.to_owned() placeholder=words.t("support.placeholder") minlength="3" autofocus=text.is_empty() />
            <button type="submit" class="button primary">{icon(Icon::Search)}{words.t("support.search")}</button>
        </form>
        {results}
    }
    .into_any()
}

fn accounts(words: Words, found: &Found) -> Option<AnyView> {
    let rows = found.accounts.iter().map(|row| {
        let state = match row.status {
            AccountStatus::Active => badge(Tone::Good, words.t("account.active")),
            AccountStatus::Unverified => badge(Tone::Warn, words.t("account.unverified")),
        };
        view! {
            <li class="entry">
                <div class="row spread"><a href=format!("/suporte/contas/{}", row.id)><strong>{row.name.clone()}</strong></a>{state}</div>
                <small>{row.email.clone()}" · "{words.with("account.since", &[("date", &words.local_date(row.created_at))])}</small>
            </li>
        }
    });
    section(words.t("support.accounts"), rows.collect_view().into_any(), found.accounts.is_empty())
}

fn instances(words: Words, found: &Found) -> Option<AnyView> {
    let rows = found.instances.iter().map(|view| {
        let href = format!("/suporte/contas/{}?tipo=instance&de={}", view.account, view.id);
        let number = view.number.as_ref().map(|number| format!(" · {}", number.to_display()));
        view! {
            <li class="entry">
                <div class="row spread"><a href=href><strong>{view.name.clone()}</strong></a>{connection_badge(words, view.connection)}</div>
                <small>{owner(found, view.account)}" · "<code>{view.id.public()}</code>{number}</small>
            </li>
        }
    });
    section(words.t("support.instances"), rows.collect_view().into_any(), found.instances.is_empty())
}

fn messages(words: Words, found: &Found) -> Option<AnyView> {
    let rows = found.messages.iter().map(|view| {
        let href = format!("/suporte/contas/{}?tipo=message&de={}", view.account, view.id);
        view! {
            <li class="entry">
                <a href=href><code>{view.wire_id.to_string()}</code></a>
                <small>{owner(found, view.account)}" · "{words.exact_moment(view.accepted_at)}</small>
            </li>
        }
    });
    section(words.t("support.messages"), rows.collect_view().into_any(), found.messages.is_empty())
}

fn owner(found: &Found, account: AccountId) -> String {
    found.names.get(&account).cloned().unwrap_or_else(|| account.to_string())
}

fn section(title: &'static str, rows: AnyView, is_empty: bool) -> Option<AnyView> {
    (!is_empty).then(|| view! { <section class="card"><h2>{title}</h2><ul>{rows}</ul></section> }.into_any())
}
