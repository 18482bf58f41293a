//! `/descadastro/regras`: words, confirmation, and the account's 24-hour rule.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{GuardMode, GuardRules, InvalidWords, KeyWords, LONGEST_CONFIRMATION, MessagingError};
use serde::Deserialize;

use super::LIST;
use crate::view::field::{form_error, form_key};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    sair: String,
    #[serde(default)]
    voltar: String,
    #[serde(default)]
    confirmacao: String,
    #[serde(default)]
    regra: String,
    #[serde(default)]
    na_api: Option<String>,
}

impl Filled {
    fn of(rules: &GuardRules) -> Self {
        Self {
            sair: rules.words.out.join("\n"),
            voltar: rules.words.back.join("\n"),
            confirmacao: rules.confirmation.clone().unwrap_or_default(),
            regra: rules.qr_rule.as_str().to_owned(),
            na_api: rules.qr_rule_in_api.then(|| "1".to_owned()),
        }
    }

    fn read(&self) -> Result<GuardRules, MessagingError> {
        Ok(GuardRules {
            words: KeyWords::read(&self.sair, &self.voltar)?,
            confirmation: Some(self.confirmacao.replace('\r', "")),
            qr_rule: GuardMode::parse(&self.regra).unwrap_or_default(),
            qr_rule_in_api: self.na_api.is_some(),
        })
    }
}

/// The form with what is.
///
/// # Errors
/// Not allowed, or the database.
pub async fn show(member: Member) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageInstances)?;
    let filled = Filled::of(&member.panel.messaging.guard_rules(account).await?);
    Ok(member.answer(page(), |words| body(words, &member, &filled, None)))
}

/// Keeps the rules.
///
/// # Errors
/// Not allowed, or the database.
pub async fn save(member: Member, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageInstances)?;
    let messaging = &member.panel.messaging;
    let done = match filled.read() {
        Ok(rules) => messaging.change_guard_rules(member.meta(account), rules).await,
        Err(error) => Err(error),
    };
    let wrong = match done {
        Ok(done) => {
            messaging.guards_visible(done.position).await;
            return Ok(member.go_with("/descadastro/regras", "notice.saved"));
        }
        Err(MessagingError::Words(InvalidWords::TooMany)) => "error.words_too_many",
        Err(MessagingError::Words(InvalidWords::Word)) => "error.word_invalid",
        Err(MessagingError::Words(InvalidWords::Both)) => "error.word_both",
        Err(MessagingError::Confirmation) => "error.confirmation",
        Err(error) => return Err(error.into()),
    };
    Ok(member.answer(page().again(), |words| body(words, &member, &filled, Some(wrong))))
}

const fn page() -> Page {
    Page::plain("opt_out.rules.title", Some(Place::OptOut))
}

fn area(name: &'static str, label: &'static str, help: &'static str, value: String, most: usize) -> AnyView {
    let described = format!("{name}-ajuda");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <p class="help" id=described.clone()>{help}</p>
            <textarea id=name name=name rows="4" maxlength=most.to_string() aria-describedby=described>{value}</textarea>
        </div>
    }
    .into_any()
}

fn body(words: Words, member: &Member, filled: &Filled, wrong: Option<&'static str>) -> AnyView {
    let chosen = GuardMode::parse(&filled.regra).unwrap_or_default();
    let modes = GuardMode::ALL
        .into_iter()
        .map(|mode| {
            let word = match mode {
                GuardMode::Off => words.t("practices.mode.off"),
                GuardMode::Advise => words.t("practices.mode.advise"),
                GuardMode::Enforce => words.t("practices.mode.enforce"),
            };
            view! { <option value=mode.as_str() selected=mode == chosen>{word}</option> }
        })
        .collect_view();
    let back = Some((LIST.to_owned(), words.t("opt_out.title").to_owned()));
    view! {
        {heading(words.t("opt_out.rules.title"), back, None)}
        <form method="post" class="card form">
            {form_key(&member.form_key)}
            {form_error(wrong.map(|key| words.t(key).to_owned()))}
            {area("sair", words.t("opt_out.rules.out"), words.t("opt_out.rules.out_help"), filled.sair.clone(), 1_500)}
            {area("voltar", words.t("opt_out.rules.back"), words.t("opt_out.rules.back_help"), filled.voltar.clone(), 1_500)}
            {area("confirmacao", words.t("opt_out.rules.confirmation"), words.t("opt_out.rules.confirmation_help"), filled.confirmacao.clone(), LONGEST_CONFIRMATION)}
            <div class="field">
                <label for="regra">{words.t("practices.qr.title")}</label>
                <p class="help" id="regra-ajuda">{words.t("opt_out.rules.qr_help")}</p>
                <select id="regra" name="regra" aria-describedby="regra-ajuda">{modes}</select>
            </div>
            <label class="check">
                <input type="checkbox" name="na_api" value="1" checked=filled.na_api.is_some() />
                <span>{words.t("opt_out.rules.qr_in_api")}</span>
            </label>
            <div class="form-actions">
                <button type="submit" class="button primary">{words.t("common.save")}</button>
                <a class="button" href=LIST>{words.t("common.back")}</a>
            </div>
        </form>
    }
    .into_any()
}
