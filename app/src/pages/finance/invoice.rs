//! `/financeiro/faturas/{id}`: any customer's invoice, each line leading to what is behind it.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::Line;
use recado_kernel::InvoiceId;

use crate::pages::invoices::document;
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ViewInvoices)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let invoice = member.panel.billing.staff_invoice(id).await?;
    Ok(member.answer(Page::plain("invoice.title", Some(Place::Finance)), |words| {
        let head = &invoice.summary;
        let title = words.with("invoice.heading", &[("number", &head.number)]);
        let back = Some((format!("/financeiro/{}", head.competencia), words.month_title(head.competencia)));
        let link = |line: &Line| format!("/financeiro/{}/{}/{}", head.competencia, head.account, line.id);
        view! { {heading(title, back, None)} {document(words, &invoice, Some(&link))} }.into_any()
    }))
}
