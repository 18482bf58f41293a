//! `/instancias/{id}/boas-praticas`: every guard of one number with its state and what to do next, and message models.

mod actions;
mod cards;
mod checklists;
mod models;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{GuardMode, GuardState, InstanceView};

use super::{Tab, address, own, tabs};
use crate::view::heading::{heading, lead};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::state::Panel;
use crate::web::visit::Member;
use crate::words::Words;

/// What went wrong with a form of the page, and what was typed into it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The warm-up plan as typed.
    pub plan: Option<(String, GuardMode)>,
    /// When the number was registered, as typed.
    pub registered: Option<String>,
    /// Which model was to be sent to which number.
    pub model: Option<(String, String)>,
    /// Key of the sentence about it.
    pub error: &'static str,
}

pub(super) fn routes() -> Router<Panel> {
    let at = |action: &str| format!("/instancias/{{id}}/boas-praticas{action}");
    Router::new()
        .route(&at(""), get(show))
        .route(&at("/aquecimento"), post(actions::warm_up))
        .route(&at("/registro"), post(actions::registration))
        .route(&at("/regra-24h"), post(actions::qr_rule))
        .route(&at("/lista"), post(actions::check))
        .route(&at("/modelo"), post(models::send))
        .route(&at("/contato.vcf"), get(models::card_file))
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ViewInstances).await?;
    let state = member.panel.messaging.guard_state(account, view.id).await?;
    Ok(member.answer(page(), |words| body(words, &member, &view, &state, &Typed::default())))
}

/// The page again, with what is wrong.
async fn again(member: &Member, view: &InstanceView, typed: Typed) -> Result<Response, Failure> {
    let state = member.panel.messaging.guard_state(view.account, view.id).await?;
    Ok(member.answer(page().again(), |words| body(words, member, view, &state, &typed)))
}

const fn page() -> Page {
    Page::live("practices.title", Some(Place::Instances))
}

fn here(view: &InstanceView) -> String {
    format!("{}/boas-praticas", address(view))
}

fn body(words: Words, member: &Member, view: &InstanceView, state: &GuardState, typed: &Typed) -> AnyView {
    let back = Some((address(view), view.name.clone()));
    view! {
        {heading(words.t("practices.title"), back, None)}
        {tabs(words, member, view, Tab::Practices)}
        {lead(words.t("practices.lead"))}
        <div class="columns even">
            <div class="stack">
                {cards::warm_up(words, member, view, state, typed)}
                {cards::opt_out(words, member, state)}
                {cards::identity(words)}
            </div>
            <div class="stack">
                {cards::qr_rule(words, member, view, state, typed)}
                {checklists::cards(words, member, view, state)}
            </div>
        </div>
        {models::section(words, member, view, typed)}
    }
    .into_any()
}

/// A choice between the modes of a guard.
fn mode_field(words: Words, name: &'static str, label: &'static str, chosen: Option<GuardMode>, as_account: bool) -> AnyView {
    let choice = |value: &'static str, word: &'static str, selected: bool| {
        view! { <option value=value selected=selected>{word}</option> }
    };
    let account = as_account.then(|| choice("", words.t("practices.mode.as_account"), chosen.is_none()));
    let modes = GuardMode::ALL
        .into_iter()
        .map(|mode| {
            let word = match mode {
                GuardMode::Off => words.t("practices.mode.off"),
                GuardMode::Advise => words.t("practices.mode.advise"),
                GuardMode::Enforce => words.t("practices.mode.enforce"),
            };
            choice(mode.as_str(), word, chosen == Some(mode))
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>{account}{modes}</select>
        </div>
    }
    .into_any()
}
