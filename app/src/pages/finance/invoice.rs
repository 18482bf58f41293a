//! `/financeiro/faturas/{id}`: any customer's invoice, each line leading to what is behind it, and what is done with it.

use axum::extract::Path;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::{InvoiceDetail, Line, Lowering};
use recado_kernel::InvoiceId;

use super::settle::{Refused, forms};
use crate::pages::invoices::{document, payments};
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;

/// What the page shows.
pub struct Facts {
    /// The invoice.
    pub invoice: InvoiceDetail,
    /// What came in and what was taken off.
    pub lowerings: Vec<Lowering>,
    /// The day everything is as of.
    pub today: NaiveDate,
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let facts = facts(&member, id).await?;
    Ok(page(&member, &facts, None))
}

/// Collects the invoice.
///
/// # Errors
/// As [`show`].
pub async fn facts(member: &Member, id: InvoiceId) -> Result<Facts, Failure> {
    member.require_staff(StaffPermission::ViewInvoices)?;
    let billing = &member.panel.billing;
    let invoice = billing.staff_invoice(id).await?;
    Ok(Facts { lowerings: billing.lowerings(None, id).await?, invoice, today: billing.today() })
}

/// The page; `refused` is what a form did not accept.
pub fn page(member: &Member, facts: &Facts, refused: Option<&Refused>) -> Response {
    let plain = Page::plain("invoice.title", Some(Place::Finance));
    let page = if refused.is_some() { plain.again() } else { plain };
    member.answer(page, |words| {
        let head = &facts.invoice.summary;
        let title = words.with("invoice.heading", &[("number", &head.number)]);
        let back = Some((format!("/financeiro/{}", head.competencia), words.month_title(head.competencia)));
        let link = |line: &Line| format!("/financeiro/{}/{}/{}", head.competencia, head.account, line.id);
        view! {
            {heading(title, back, None)}
            <div class="stack">
                {document(words, &facts.invoice, facts.today, Some(&link))}
                {payments(words, &facts.lowerings)}
                {forms(words, member, facts, refused)}
            </div>
        }
        .into_any()
    })
}
