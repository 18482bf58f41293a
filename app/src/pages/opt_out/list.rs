//! The list itself.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::AccountId;
use recado_messaging::{ImportedList, OptOutPage, OptOutSource, OptOutView};
use serde::Deserialize;

use super::LIST;
use crate::view::empty::empty;
use crate::view::field::{Field, form_key};
use crate::view::heading::{heading, lead};
use crate::view::icons::{Icon, icon};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// Which part of the list.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Part {
    #[serde(default)]
    busca: String,
    #[serde(default)]
    pagina: String,
}

/// What was typed and refused, or what came of a file.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Number and reason as typed, with what is wrong.
    pub typed: Option<(String, String, &'static str)>,
    /// What came of a file.
    pub imported: Option<ImportedList>,
    /// Why a file was not read.
    pub file_error: Option<&'static str>,
}

/// The page.
///
/// # Errors
/// Not allowed, or the database.
pub async fn show(member: Member, Query(part): Query<Part>) -> Result<Response, Failure> {
    let account = member.require(Permission::ReadMessages)?;
    answer(&member, account, &part, &Outcome::default(), page()).await
}

/// The page after a form: with what is wrong, or with the report of a file.
///
/// # Errors
/// The database.
pub async fn after(member: &Member, account: AccountId, outcome: &Outcome) -> Result<Response, Failure> {
    let refused = outcome.typed.is_some() || outcome.file_error.is_some();
    let page = if refused { page().again() } else { page() };
    answer(member, account, &Part::default(), outcome, page).await
}

const fn page() -> Page {
    Page::plain("opt_out.title", Some(Place::OptOut))
}

async fn answer(member: &Member, account: AccountId, part: &Part, outcome: &Outcome, page: Page) -> Result<Response, Failure> {
    let found = member.panel.messaging.opt_outs(account, &part.busca, part.pagina.parse().unwrap_or(1)).await?;
    Ok(member.answer(page, |words| body(words, member, part, &found, outcome)))
}

fn body(words: Words, member: &Member, part: &Part, found: &OptOutPage, outcome: &Outcome) -> AnyView {
    let manage = member.principal.may(Permission::ManageInstances);
    let rules =
        manage.then(|| view! { <a class="button" href="/descadastro/regras">{words.t("opt_out.rules.open")}</a> }.into_any());
    let list = if found.contacts.is_empty() && part.busca.is_empty() {
        empty(Icon::Block, words.t("opt_out.empty.title"), words.t("opt_out.empty.text"), None)
    } else if found.contacts.is_empty() {
        empty(Icon::Search, words.t("opt_out.none.title"), words.t("opt_out.none.text"), None)
    } else {
        table(words, member, found)
    };
    let search = (!found.contacts.is_empty() || !part.busca.is_empty()).then(|| {
        view! {
            <form method="get" action=LIST class="search" role="search">
                <input class="input" type="search" name="busca" inputmode="tel" value=part.busca.clone()
                    aria-label=words.t("opt_out.search") placeholder=words.t("opt_out.search") />
                <button type="submit" class="button">{icon(Icon::Search)}{words.t("opt_out.find")}</button>
            </form>
        }
    });
    let add = member.principal.may(Permission::SendMessages).then(|| add(words, member, outcome));
    let file = manage.then(|| file(words, member, outcome, found.total));
    view! {
        {heading(words.t("opt_out.title"), None, rules)}
        {lead(words.t("opt_out.lead"))}
        {outcome.imported.as_ref().map(|imported| report(words, imported))}
        <div class="columns two">
            <div>{search}{list}{pager(words, part, found)}</div>
            <div class="stack">{add}{file}</div>
        </div>
    }
    .into_any()
}

fn table(words: Words, member: &Member, found: &OptOutPage) -> AnyView {
    let may = member.principal.may(Permission::SendMessages);
    let rows = found.contacts.iter().map(|contact| row(words, member, contact, may)).collect_view();
    view! {
        <section class="card">
            <h2>{words.count("opt_out.count", found.total)}</h2>
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(words: Words, member: &Member, contact: &OptOutView, may: bool) -> AnyView {
    let who = contact.contact.as_ref().map_or_else(
        || words.t("common.erased").to_owned(),
        |chat| chat.phone().map_or_else(|| chat.as_str().to_owned(), |phone| phone.to_display()),
    );
    let how = source(words, contact);
    let proof = contact.wire_id.as_ref().map(|wire_id| {
        view! { <small class="proof">{words.t("opt_out.proof")}" "<code>{wire_id.clone()}</code></small> }
    });
    let back = may.then(|| {
        let id = format!("motivo-{}", contact.id.simple());
        view! {
            <details class="try">
                <summary>{words.t("opt_out.remove.open")}</summary>
                <form method="post" action="/descadastro/retirar" class="form">
                    {form_key(&member.form_key)}
                    <input type="hidden" name="contato" value=contact.id.to_string() />
                    <div class="field">
                        <label for=id.clone()>{words.t("opt_out.remove.reason")}</label>
                        <input id=id name="motivo" required=true maxlength="200" autocomplete="off" />
                    </div>
                    <div class="form-actions"><button type="submit" class="button small">{words.t("opt_out.remove.submit")}</button></div>
                </form>
            </details>
        }
    });
    view! {
        <li class="entry">
            <div class="row spread"><strong>{who}</strong><small>{words.moment(contact.recorded_at)}</small></div>
            <small>{how}</small>
            {proof}
            {back}
        </li>
    }
    .into_any()
}

/// How a contact came on the list.
pub fn source(words: Words, contact: &OptOutView) -> String {
    match (contact.source, &contact.word) {
        (OptOutSource::Word, Some(word)) => words.with("opt_out.source.word", &[("word", word)]),
        (OptOutSource::File, _) => words.t("opt_out.source.file").to_owned(),
        _ => words.t("opt_out.source.hand").to_owned(),
    }
}

fn pager(words: Words, part: &Part, found: &OptOutPage) -> Option<AnyView> {
    let to = |page: i64, word: &'static str| {
        let query = serde_urlencoded::to_string([("busca", part.busca.clone()), ("pagina", page.to_string())]);
        view! { <a class="button" href=format!("{LIST}?{}", query.unwrap_or_default())>{word}</a> }
    };
    (found.pages > 1).then(|| {
        let newer = (found.page > 1).then(|| to(found.page - 1, words.t("opt_out.newer")));
        let older = (found.page < found.pages).then(|| to(found.page + 1, words.t("common.older")));
        let place = words.with("opt_out.page", &[("page", &found.page.to_string()), ("pages", &found.pages.to_string())]);
        view! { <nav class="pager" aria-label=words.t("opt_out.pages")>{newer}<span class="muted">{place}</span>{older}</nav> }
            .into_any()
    })
}

fn add(words: Words, member: &Member, outcome: &Outcome) -> AnyView {
    let (number, reason, error) =
        outcome.typed.clone().map_or_else(Default::default, |(number, reason, error)| (number, reason, Some(error)));
    let number = Field {
        input_mode: Some("tel"),
        autocomplete: Some("off"),
        max_length: Some(40),
        ..Field::text("telefone", words.t("opt_out.add.number"))
    }
    .help(words.t("opt_out.add.help"))
    .value(number)
    .error(error.map(|key| words.t(key).to_owned()));
    let reason =
        Field { autocomplete: Some("off"), max_length: Some(200), ..Field::text("motivo", words.t("opt_out.add.reason")) }
            .optional()
            .value(reason);
    view! {
        <section class="card">
            <h2>{words.t("opt_out.add.title")}</h2>
            <form method="post" action="/descadastro/adicionar" class="form">
                {form_key(&member.form_key)}
                {number.view()}
                {reason.view()}
                <div class="form-actions"><button type="submit" class="button primary">{words.t("opt_out.add.submit")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn file(words: Words, member: &Member, outcome: &Outcome, total: i64) -> AnyView {
    let error = outcome.file_error.map(|key| view! { <p class="error" id="arquivo-erro">{words.t(key)}</p> });
    let described = if error.is_some() { "arquivo-ajuda arquivo-erro" } else { "arquivo-ajuda" };
    let export = (total > 0).then(|| {
        view! {
            <form method="post" action="/descadastro/exportar" class="divided">
                {form_key(&member.form_key)}
                <button type="submit" class="button">{words.t("opt_out.export")}</button>
            </form>
        }
    });
    view! {
        <section class="card stack">
            <h2>{words.t("opt_out.file.title")}</h2>
            <form method="post" action="/descadastro/importar" enctype="multipart/form-data" class="form">
                {form_key(&member.form_key)}
                <div class="field">
                    <label for="arquivo">{words.t("opt_out.file.label")}</label>
                    <p class="help" id="arquivo-ajuda">{words.t("opt_out.file.help")}</p>
                    <input id="arquivo" name="arquivo" type="file" accept=".csv,.txt,text/csv,text/plain" required=true aria-describedby=described />
                    {error}
                </div>
                <div class="form-actions"><button type="submit" class="button">{words.t("opt_out.file.submit")}</button></div>
            </form>
            {export}
        </section>
    }
    .into_any()
}

fn report(words: Words, imported: &ImportedList) -> AnyView {
    let added = words.count("opt_out.imported.added", i64::try_from(imported.added).unwrap_or(i64::MAX));
    let known = words.count("opt_out.imported.known", i64::try_from(imported.known).unwrap_or(i64::MAX));
    let tone = if imported.bad_count == 0 { "notice good" } else { "notice warn" };
    let bad = (imported.bad_count > 0).then(|| {
        let rows = imported.bad.iter().map(|bad| {
            view! { <li>{words.with("opt_out.imported.line", &[("line", &bad.line.to_string())])}" "<code>{bad.text.clone()}</code></li> }
        });
        let count = words.count("opt_out.imported.bad", i64::try_from(imported.bad_count).unwrap_or(i64::MAX));
        view! { <details open=true><summary>{count}</summary><ul class="bad-lines">{rows.collect_view()}</ul></details> }
    });
    view! { <div class=tone role="status">{icon(Icon::Check)}<div><p>{format!("{added} {known}")}</p>{bad}</div></div> }
        .into_any()
}
