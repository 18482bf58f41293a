//! `/financeiro`: every month with its state and total.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::MonthOverview;

use super::state_badge;
use crate::view::heading::heading;
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
    member.require_staff(StaffPermission::ViewMonths)?;
    let months = member.panel.billing.staff_months().await?;
    Ok(member.answer(Page::plain("finance.title", Some(Place::Finance)), |words| body(words, &months)))
}

fn body(words: Words, months: &[MonthOverview]) -> AnyView {
    let rows = months.iter().map(|month| row(words, month)).collect_view();
    view! {
        {heading(words.t("finance.title"), None, None)}
        <section class="card table-card">
            <table class="table reflow">
                <caption class="hidden">{words.t("finance.title")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.t("finance.month")}</th>
                        <th scope="col">{words.t("finance.state")}</th>
                        <th scope="col" class="number">{words.t("finance.accounts")}</th>
                        <th scope="col" class="number">{words.t("finance.instances")}</th>
                        <th scope="col" class="number">{words.t("finance.invoices")}</th>
                        <th scope="col" class="number">{words.t("finance.total")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(words: Words, month: &MonthOverview) -> AnyView {
    view! {
        <tr>
            <th scope="row" data-label=words.t("finance.month")>
                <a href=format!("/financeiro/{}", month.competencia)>{words.month_title(month.competencia)}</a>
            </th>
            <td data-label=words.t("finance.state")>{state_badge(words, month.state)}</td>
            <td data-label=words.t("finance.accounts") class="number">{month.accounts}</td>
            <td data-label=words.t("finance.instances") class="number">{month.instances}</td>
            <td data-label=words.t("finance.invoices") class="number">{month.invoices}</td>
            <td data-label=words.t("finance.total") class="number">{words.money(month.total)}</td>
        </tr>
    }
    .into_any()
}
