//! How an open invoice is paid: today's amount, and the Pix code that carries it (billing.md 2.5, 5.1).

use chrono::NaiveDate;
use leptos::prelude::*;
use recado_billing::InvoiceSummary;

use super::state_badge;
use crate::view::qr::qr;
use crate::view::secret::copyable;
use crate::words::Words;

/// What there is to pay, and by which code.
pub struct Offer {
    /// The invoice.
    pub invoice: InvoiceSummary,
    /// "Copia e cola"; `None` without a Pix key.
    pub code: Option<String>,
    /// The day of the amount.
    pub today: NaiveDate,
}

/// One sentence, for whoever listens.
pub fn status(words: Words, offer: &Offer) -> String {
    match offer.invoice.paid_on {
        Some(day) if !offer.invoice.state.is_open() => words.with("invoice.paid_notice", &[("date", &words.date(day))]),
        _ => words.with("invoice.pay.today", &[("amount", &words.money(offer.invoice.quote(offer.today).total))]),
    }
}

/// The card.
pub fn card(words: Words, offer: &Offer) -> AnyView {
    let invoice = &offer.invoice;
    if !invoice.state.is_open() {
        return view! { <p class="notice good">{status(words, offer)}</p> }.into_any();
    }
    let owed = invoice.quote(offer.today);
    let late = (owed.total != owed.principal).then(|| {
        view! {
            <dl class="facts">
                <div><dt>{words.t("invoice.pay.principal")}</dt><dd>{words.money(owed.principal)}</dd></div>
                <div><dt>{words.t("invoice.pay.fine")}</dt><dd>{words.money(owed.fine)}</dd></div>
                <div><dt>{words.t("invoice.pay.interest")}</dt><dd>{words.money(owed.interest)}</dd></div>
            </dl>
        }
    });
    let code = match &offer.code {
        Some(code) => pix(words, code),
        None => view! { <p class="muted">{words.t("invoice.pay.no_key")}</p> }.into_any(),
    };
    view! {
        <section class="card pay">
            <div class="row spread"><h2>{words.t("invoice.pay.title")}</h2>{state_badge(words, invoice, offer.today)}</div>
            <p class="price">{words.money(owed.total)}</p>
            {late}
            {code}
        </section>
    }
    .into_any()
}

fn pix(words: Words, code: &str) -> AnyView {
    let picture = qr(code, words.t("invoice.pay.qr").to_owned());
    view! {
        <div class="pay-pix">
            {picture}
            <div class="stack">
                <p>{words.t("invoice.pay.how")}</p>
                <dl>{copyable(words, words.t("invoice.pay.code"), code.to_owned())}</dl>
                <p class="fine">{words.t("invoice.pay.by_hand")}</p>
            </div>
        </div>
    }
    .into_any()
}
