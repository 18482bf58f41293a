//! `/suporte/contas/{id}/privacidade`: erasing a person's data (LGPD), and the reports of what was erased. Only by somebody who typed the
//! word; the erasure is recorded on the account's time line.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::{EraseError, EraseSubject, Erased, StaffPermission, Subject};
use recado_kernel::{AccountId, Actor, ChatAddress, Door};
use serde::Deserialize;

use crate::pages::names::error_text;
use crate::view::field::{Field, form_error, form_key};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    /// `contato` or `titular`.
    #[serde(default)]
    quem: String,
    #[serde(default)]
    telefone: String,
    /// The word that confirms.
    #[serde(default)]
    confirma: String,
    /// Present when ticked: open invoices are settled.
    #[serde(default)]
    quitadas: Option<String>,
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::EraseSubjects)?;
    let (account, reports) = facts(&member, &id).await?;
    let page = Page::plain("privacy.title", Some(Place::Support));
    Ok(member.answer(page, |words| body(words, &member, account, &reports, &Filled::default(), None)))
}

/// Erases, if the word was typed.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn erase(member: Member, Path(id): Path<String>, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let staff = member.require_staff(StaffPermission::EraseSubjects)?;
    let (account, reports) = facts(&member, &id).await?;
    let words = member.words();
    let refused = |text: String| {
        let page = Page::plain("privacy.title", Some(Place::Support)).again();
        member.answer(page, |words| body(words, &member, account, &reports, &filled, Some(text)))
    };
    if !filled.confirma.trim().eq_ignore_ascii_case(words.t("privacy.word")) {
        return Ok(refused(error_text(words, "erase_mistyped")));
    }
    let subject = match filled.quem.as_str() {
        "titular" => Subject::Owner,
        _ => match filled.telefone.trim().parse::<ChatAddress>() {
            Ok(chat) => Subject::Contact(chat),
            Err(_) => return Ok(refused(error_text(words, "phone_invalid"))),
        },
    };
    let asked = EraseSubject { account, subject, invoices_settled: filled.quitadas.is_some() };
    match member.panel.accounts.erase_subject(&asked, Actor::Staff(staff), Door::Panel).await {
        Ok(_) => Ok(member.go_with(&format!("/suporte/contas/{account}/privacidade"), "notice.subject_erased")),
        Err(EraseError::Store(error)) => Err(error.into()),
        Err(EraseError::UnknownAccount) => Err(Failure::NotFound),
        Err(error) => Ok(refused(error_text(words, error.code()))),
    }
}

async fn facts(member: &Member, id: &str) -> Result<(AccountId, Vec<Erased>), Failure> {
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    member.panel.accounts.account(id).await?.ok_or(Failure::NotFound)?;
    let reports = member.panel.accounts.erasures(id).await?;
    Ok((id, reports))
}

fn body(
    words: Words,
    member: &Member,
    account: AccountId,
    reports: &[Erased],
    filled: &Filled,
    error: Option<String>,
) -> AnyView {
    let back = (format!("/suporte/contas/{account}"), words.t("support.account.title").to_owned());
    let list = reports.iter().map(|erased| report(words, erased)).collect_view();
    let list = if reports.is_empty() {
        view! { <p class="muted">{words.t("privacy.none")}</p> }.into_any()
    } else {
        view! { <ol class="timeline">{list}</ol> }.into_any()
    };
    view! {
        {heading(words.t("privacy.title"), Some(back), None)}
        <div class="columns two">
            <section class="card">
                <h2>{words.t("privacy.erase")}</h2>
                <p>{words.t("privacy.text")}</p>
                {form(words, member, filled, error)}
            </section>
            <section class="card"><h2>{words.t("privacy.reports")}</h2>{list}</section>
        </div>
    }
    .into_any()
}

fn form(words: Words, member: &Member, filled: &Filled, error: Option<String>) -> AnyView {
    let is_owner = filled.quem == "titular";
    let phone = Field { input_mode: Some("tel"), ..Field::text("telefone", words.t("privacy.phone")).optional() }
        .value(filled.telefone.clone())
        .help(words.t("privacy.phone_help"));
    let word = Field {
        autocomplete: Some("off"),
        ..Field::text("confirma", words.with("privacy.type", &[("word", words.t("privacy.word"))]))
    };
    view! {
        {form_error(error)}
        <form method="post" class="form">
            {form_key(&member.form_key)}
            <fieldset class="stack">
                <legend class="legend">{words.t("privacy.whose")}</legend>
                <label class="check">
                    <input type="radio" name="quem" value="contato" checked=!is_owner />
                    <span>{words.t("privacy.contact")}</span>
                </label>
                <label class="check">
                    <input type="radio" name="quem" value="titular" checked=is_owner />
                    <span>{words.t("privacy.owner")}</span>
                </label>
            </fieldset>
            {phone.view()}
            <label class="check">
                <input type="checkbox" name="quitadas" value="1" checked=filled.quitadas.is_some() />
                <span>{words.t("privacy.settled")}</span>
            </label>
            {word.view()}
            <div class="form-actions"><button type="submit" class="button danger">{words.t("privacy.submit")}</button></div>
        </form>
    }
    .into_any()
}

fn report(words: Words, erased: &Erased) -> AnyView {
    let told = &erased.erased.report;
    let whose = words.find(&format!("value.kind.{}", erased.erased.kind.as_str())).unwrap_or_default();
    let numbers = words.with(
        "privacy.report",
        &[
            ("kind", whose),
            ("events", &told.events.to_string()),
            ("contents", &told.contents.to_string()),
            ("cancelled", &told.cancelled.to_string()),
        ],
    );
    let place =
        words.with("privacy.place", &[("moment", &words.exact_moment(erased.at)), ("position", &erased.position.to_string())]);
    let tables = told.read_models.join(", ");
    view! {
        <li>
            <p class="what">{numbers}</p>
            <p class="where"><time datetime=erased.at.to_rfc3339()>{place}</time>" · "<code>{erased.erased.subject.to_string()}</code></p>
            <p class="where">{words.t("privacy.tables")}": "{tables}</p>
        </li>
    }
    .into_any()
}
