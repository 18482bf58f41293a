//! `/faturas/{id}`: one invoice, as it is also printed.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_billing::InvoiceDetail;
use recado_kernel::InvoiceId;

use super::document;
use crate::view::heading::heading;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The page; another account's invoice is not found.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let account = member.require(Permission::ViewInvoices)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let invoice = member.panel.billing.invoice(account, id).await?;
    Ok(member.answer(Page::plain("invoice.title", Some(Place::Invoices)), |words| body(words, &invoice)))
}

fn body(words: Words, invoice: &InvoiceDetail) -> AnyView {
    let title = words.with("invoice.heading", &[("number", &invoice.summary.number)]);
    let back = Some(("/faturas".to_owned(), words.t("invoices.title").to_owned()));
    view! { {heading(title, back, None)} {document(words, invoice, None)} }.into_any()
}
