//! `/financeiro/{YYYY-MM}/{account}/{line}`: why this charge? The formula in words and the recorded events behind it.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::Line;
use recado_kernel::{AccountId, Competencia};
use uuid::Uuid;

use crate::pages::invoices::{how, line_name};
use crate::pages::support::{Told, tell, timeline_list};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The page, for lines of invoices and of previews.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path((month, account, line)): Path<(String, String, Uuid)>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ViewMonths)?;
    let month: Competencia = month.parse().map_err(|_| Failure::NotFound)?;
    let account: AccountId = account.parse().map_err(|_| Failure::NotFound)?;
    let billing = &member.panel.billing;
    let months = billing.preview_month(month).await?;
    let found = months.into_iter().find(|found| found.account == account).ok_or(Failure::NotFound)?;
    let line = found.statement.lines.into_iter().find(|found| found.id == line).ok_or(Failure::NotFound)?;
    member.panel.accounts.record_support_read(&member.principal, account, "charge").await?;
    let events = billing.events_behind(account, &line).await?;
    let told = tell(&member, &events).await?;
    let page = Page::plain("finance.line.title", Some(Place::Finance));
    let narrow = member.principal.staff_may(StaffPermission::ReadTimeline);
    Ok(member.answer(page, |words| body(words, month, &line, &told, narrow)))
}

fn body(words: Words, month: Competencia, line: &Line, told: &[Told], narrow: bool) -> AnyView {
    let back = Some((format!("/financeiro/{month}"), words.month_title(month)));
    let instance = line.instance.map(|instance| {
        view! { <div><dt>{words.t("instance.id")}</dt><dd><code>{instance.public()}</code></dd></div> }
    });
    view! {
        {heading(words.t("finance.line.title"), back, None)}
        <div class="stack">
            <section class="card">
                <h2>{line_name(words, line)}</h2>
                <dl class="facts">
                    <div><dt>{words.t("invoice.amount")}</dt><dd>{words.money(line.amount)}</dd></div>
                    <div><dt>{words.t("invoice.reference")}</dt><dd>{words.month_title(line.reference)}</dd></div>
                    <div><dt>{words.t("invoice.how")}</dt><dd>{how(words, line)}</dd></div>
                    {instance}
                </dl>
            </section>
            <section class="card">
                <h2>{words.t("finance.line.events")}</h2>
                {timeline_list(words, told, narrow)}
            </section>
        </div>
    }
    .into_any()
}
