//! `/financeiro/{YYYY-MM}`: what the month costs whom; a preview while it runs, the invoices once it is closed.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::{AccountMonth, Line, LineKind, MonthOverview, MonthState};
use recado_kernel::{AccountId, Actor, Competencia, Money};

use super::close::close_card;
use super::state_badge;
use crate::pages::invoices::{how, line_name};
use crate::pages::support::system;
use crate::view::empty::empty;
use crate::view::heading::heading;
use crate::view::icons::{Icon, icon};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// Everything the page shows.
pub struct Facts {
    pub month: Competencia,
    pub overview: Option<MonthOverview>,
    accounts: Vec<AccountMonth>,
    names: HashMap<AccountId, (String, String)>,
    /// Who closed it, by e-mail where it was staff.
    closed_by: Option<String>,
}

/// The page.
///
/// # Errors
/// A month that has not begun is not found; not allowed, or the database.
pub async fn show(member: Member, Path(month): Path<String>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ViewMonths)?;
    let facts = facts(&member, &month).await?;
    Ok(member.answer(Page::plain("finance.title", Some(Place::Finance)), |words| body(words, &member, &facts, None)))
}

/// Collects the month.
///
/// # Errors
/// As [`show`].
pub async fn facts(member: &Member, month: &str) -> Result<Facts, Failure> {
    let month: Competencia = month.parse().map_err(|_| Failure::NotFound)?;
    let billing = &member.panel.billing;
    let accounts = billing.preview_month(month).await?;
    let overview = billing.staff_months().await?.into_iter().find(|overview| overview.competencia == month);
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.account).collect();
    let names = member.panel.accounts.accounts_by_id(&ids).await?;
    let names = names.into_iter().map(|row| (row.id, (row.name, row.email))).collect();
    let closed_by = match overview.as_ref().and_then(|overview| overview.closed_by.as_deref()) {
        Some(actor) => Some(person(member, actor).await?),
        None => None,
    };
    Ok(Facts { month, overview, accounts, names, closed_by })
}

/// Staff by e-mail, the command line and inner jobs in words, everybody else as the log names them.
async fn person(member: &Member, actor: &str) -> Result<String, Failure> {
    let id = match actor.parse() {
        Ok(Actor::Staff(id)) => id,
        Ok(Actor::System(job)) => return Ok(system(member.words(), &job)),
        _ => return Ok(actor.to_owned()),
    };
    let found = member.panel.accounts.staff_emails(&[id]).await?;
    Ok(found.into_iter().next().map_or_else(|| actor.to_owned(), |(_, email)| email))
}

/// The page's body; `error` belongs to the closing form.
pub fn body(words: Words, member: &Member, facts: &Facts, error: Option<String>) -> AnyView {
    let state = facts.overview.as_ref().map(|overview| state_badge(words, overview.state));
    let closing = close_card(words, member, facts, error);
    let charged: Vec<&AccountMonth> = facts.accounts.iter().filter(|account| !account.statement.lines.is_empty()).collect();
    let list = if charged.is_empty() {
        empty(Icon::Receipt, words.t("finance.empty.title"), words.t("finance.empty.text"), None)
    } else {
        charged.into_iter().map(|account| account_card(words, facts, account)).collect_view().into_any()
    };
    view! {
        {heading(words.month_title(facts.month), Some(("/financeiro".to_owned(), words.t("finance.title").to_owned())), None)}
        <div class="row marks">{state}{closed_note(words, facts)}</div>
        {switcher(words, facts.month, words.month_of(member.panel.platform.now()))}
        {tiles(words, facts)}
        <div class="stack">{closing}{list}</div>
    }
    .into_any()
}

fn closed_note(words: Words, facts: &Facts) -> Option<AnyView> {
    let overview = facts.overview.as_ref()?;
    let at = overview.closed_at?;
    let who = facts.closed_by.clone().unwrap_or_default();
    let text = words.with("finance.closed_by", &[("moment", &words.moment(at)), ("who", &who)]);
    Some(view! { <span class="muted">{text}</span> }.into_any())
}

fn switcher(words: Words, month: Competencia, running: Competencia) -> AnyView {
    let link = |month: Competencia| view! { <a class="tab" href=format!("/financeiro/{month}")>{words.month_title(month)}</a> };
    let later = (month < running).then(|| link(month.next()));
    view! {
        <nav class="tabs" aria-label=words.t("finance.switch")>
            {link(month.previous())}
            <a class="tab" aria-current="page" href=format!("/financeiro/{month}")>{words.month_title(month)}</a>
            {later}
        </nav>
    }
    .into_any()
}

fn tiles(words: Words, facts: &Facts) -> AnyView {
    let total: Money = facts.accounts.iter().map(|account| account.statement.total).sum();
    let instances: u32 = facts.accounts.iter().map(|account| account.statement.instances).sum();
    let invoices = facts.accounts.iter().filter(|account| account.invoice.is_some()).count();
    let running = facts.overview.as_ref().is_none_or(|overview| overview.state != MonthState::Closed);
    let total_word = if running { words.t("finance.total_preview") } else { words.t("finance.total") };
    let tile = |label: &'static str, value: String| view! { <div class="tile"><dt>{label}</dt><dd>{value}</dd></div> };
    view! {
        <dl class="tiles">
            {tile(total_word, words.money(total))}
            {tile(words.t("finance.accounts"), facts.accounts.len().to_string())}
            {tile(words.t("finance.instances"), instances.to_string())}
            {tile(words.t("finance.invoices"), invoices.to_string())}
        </dl>
    }
    .into_any()
}

fn account_card(words: Words, facts: &Facts, account: &AccountMonth) -> AnyView {
    let (name, email) =
        facts.names.get(&account.account).cloned().unwrap_or_else(|| (account.account.to_string(), String::new()));
    let statement = &account.statement;
    let invoice = account.invoice.as_ref().map(|invoice| {
        view! { <a href=format!("/financeiro/faturas/{}", invoice.id)>{words.with("invoice.heading", &[("number", &invoice.number)])}</a> }
    });
    let due = statement.due.map(|due| words.with("invoices.so_far.due", &[("date", &words.date(due))]));
    let rows = statement.lines.iter().map(|line| row(words, facts.month, account.account, line)).collect_view();
    view! {
        <section class="card">
            <div class="row spread">
                <div><h2>{name}</h2><p class="muted">{email}</p></div>
                <div class="row">{invoice}{due.map(|due| view! { <span class="muted">{due}</span> })}</div>
            </div>
            <table class="table reflow">
                <caption class="hidden">{words.t("finance.lines")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.t("invoice.item")}</th>
                        <th scope="col">{words.t("invoice.how")}</th>
                        <th scope="col">{words.t("finance.why")}</th>
                        <th scope="col" class="number">{words.t("invoice.amount")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="3">{words.t("invoice.total")}</th>
                        <td class="number">{words.money(statement.total)}</td>
                    </tr>
                </tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn row(words: Words, month: Competencia, account: AccountId, line: &Line) -> AnyView {
    let explained = matches!(line.kind, LineKind::Instance | LineKind::Adjustment);
    let why = explained.then(|| {
        let href = format!("/financeiro/{month}/{account}/{}", line.id);
        view! { <a class="row" href=href>{icon(Icon::Search)}{words.t("finance.why_link")}</a> }
    });
    view! {
        <tr>
            <th scope="row" data-label=words.t("invoice.item")>{line_name(words, line)}</th>
            <td data-label=words.t("invoice.how")>{how(words, line)}</td>
            <td data-label=words.t("finance.why")>{why}</td>
            <td data-label=words.t("invoice.amount") class="number">{words.money(line.amount)}</td>
        </tr>
    }
    .into_any()
}
