//! `/faturas`: the running month so far, and all invoices.

use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_billing::{AccountMonth, InvoiceSummary};
use recado_kernel::Money;

use super::state_badge;
use crate::view::empty::empty;
use crate::view::heading::heading;
use crate::view::icons::Icon;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The list.
///
/// # Errors
/// Not allowed, or the database.
pub async fn show(member: Member) -> Result<Response, Failure> {
    let account = member.require(Permission::ViewInvoices)?;
    let billing = &member.panel.billing;
    let invoices = billing.invoices(account).await?;
    let forecast = billing.forecast(account).await?;
    let (credit, today) = (billing.credit_balance(account).await?, billing.today());
    Ok(member
        .answer(Page::plain("invoices.title", Some(Place::Invoices)), |words| body(words, &invoices, &forecast, credit, today)))
}

fn body(words: Words, invoices: &[InvoiceSummary], forecast: &AccountMonth, credit: Money, today: NaiveDate) -> AnyView {
    let list = if invoices.is_empty() {
        empty(Icon::Receipt, words.t("invoices.empty.title"), words.t("invoices.empty.text"), None)
    } else {
        let (open, done): (Vec<&InvoiceSummary>, Vec<&InvoiceSummary>) =
            invoices.iter().partition(|invoice| invoice.state.is_open());
        let part = |title: &'static str, part: Vec<&InvoiceSummary>| {
            (!part.is_empty()).then(|| table(words, words.t(title), &part, today))
        };
        view! { {part("invoices.pending", open)}{part("invoices.history", done)} }.into_any()
    };
    let credit = (!credit.is_zero()).then(|| {
        view! { <p class="notice good">{words.with("invoices.credit", &[("amount", &words.money(credit))])}</p> }
    });
    view! { {heading(words.t("invoices.title"), None, None)} <div class="stack">{credit}{so_far(words, forecast)}{list}</div> }
        .into_any()
}

fn so_far(words: Words, forecast: &AccountMonth) -> AnyView {
    let statement = &forecast.statement;
    let due = statement.due.map(|due| words.with("invoices.so_far.due", &[("date", &words.date(due))]));
    let month = words.month_title(statement.competencia);
    let instances = words.count("invoices.instances", i64::from(statement.instances));
    view! {
        <section class="card">
            <h2>{words.with("invoices.so_far.title", &[("month", &month)])}</h2>
            <p class="price">{words.money(statement.total)}</p>
            <p class="muted">{instances}{due.map(|due| format!(" · {due}"))}</p>
            <p class="fine">{words.t("invoices.so_far.text")}</p>
        </section>
    }
    .into_any()
}

fn table(words: Words, title: &'static str, invoices: &[&InvoiceSummary], today: NaiveDate) -> AnyView {
    let rows = invoices.iter().map(|invoice| row(words, invoice, today)).collect_view();
    view! {
        <section class="card table-card">
            <table class="table reflow">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.t("invoice.number")}</th>
                        <th scope="col">{words.t("invoice.month")}</th>
                        <th scope="col">{words.t("invoice.due")}</th>
                        <th scope="col">{words.t("invoice.state")}</th>
                        <th scope="col" class="number">{words.t("invoice.total")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(words: Words, invoice: &InvoiceSummary, today: NaiveDate) -> AnyView {
    // What is owed today; once nothing is, what it was about.
    let amount = if invoice.state.is_open() { invoice.quote(today).total } else { invoice.total };
    let due = invoice.due.map_or_else(|| "—".to_owned(), |due| words.date(due));
    view! {
        <tr>
            <th scope="row" data-label=words.t("invoice.number")><a href=format!("/faturas/{}", invoice.id)>{invoice.number.clone()}</a></th>
            <td data-label=words.t("invoice.month")>{words.month_title(invoice.competencia)}</td>
            <td data-label=words.t("invoice.due")>{due}</td>
            <td data-label=words.t("invoice.state")>{state_badge(words, invoice, today)}</td>
            <td data-label=words.t("invoice.total") class="number">{words.money(amount)}</td>
        </tr>
    }
    .into_any()
}
