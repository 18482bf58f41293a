//! `/faturas/{id}`: one invoice, how to pay it, and what came in.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_billing::InvoiceDetail;
use recado_kernel::InvoiceId;

use super::{document, pay, payments};
use crate::islands::LiveFragment;
use crate::view::heading::heading;
use crate::view::render::fragment;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::live::{Piece, keep_sending};
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The page; another account's invoice is not found.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let facts = facts(&member, &id).await?;
    Ok(member.answer(Page::live("invoice.title", Some(Place::Invoices)), |words| body(words, &facts)))
}

/// The payment card as it changes: it turns to "paga" by itself.
///
/// # Errors
/// As [`show`].
pub async fn live(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    facts(&member, &id).await?;
    let (watcher, words) = (member.clone(), member.words());
    let look = move || {
        let (member, id) = (watcher.clone(), id.clone());
        async move {
            let facts = facts(&member, &id).await.ok()?;
            let status = pay::status(words, &facts.offer);
            Some(Piece { html: fragment(|| pay::card(words, &facts.offer)), status })
        }
    };
    Ok(keep_sending(&member, look))
}

struct Facts {
    invoice: InvoiceDetail,
    offer: pay::Offer,
    lowerings: Vec<recado_billing::Lowering>,
}

async fn facts(member: &Member, id: &str) -> Result<Facts, Failure> {
    let account = member.require(Permission::ViewInvoices)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let billing = &member.panel.billing;
    let invoice = billing.invoice(account, id).await?;
    let lowerings = billing.lowerings(Some(account), id).await?;
    let today = billing.today();
    let offer = pay::Offer { code: billing.pix_code(&invoice.summary, today), invoice: invoice.summary.clone(), today };
    Ok(Facts { invoice, offer, lowerings })
}

fn body(words: Words, facts: &Facts) -> AnyView {
    let head = &facts.invoice.summary;
    let title = words.with("invoice.heading", &[("number", &head.number)]);
    let back = Some(("/faturas".to_owned(), words.t("invoices.title").to_owned()));
    let live = head.state.is_open().then(|| {
        let now = pay::card(words, &facts.offer);
        view! { <LiveFragment url=format!("/faturas/{}/ao-vivo", head.id)>{now}</LiveFragment> }
    });
    view! {
        {heading(title, back, None)}
        <div class="stack">
            {live}
            {document(words, &facts.invoice, facts.offer.today, None)}
            {payments(words, &facts.lowerings)}
        </div>
    }
    .into_any()
}
