//! What came in on an invoice, and what was taken off it.

use leptos::prelude::*;
use recado_billing::{Lowering, LoweringKind};

use crate::words::Words;

/// The table; nothing when nothing happened.
pub fn payments(words: Words, lowerings: &[Lowering]) -> Option<AnyView> {
    if lowerings.is_empty() {
        return None;
    }
    let rows = lowerings.iter().map(|one| row(words, one)).collect_view();
    Some(
        view! {
            <section class="card table-card">
                <table class="table reflow">
                    <caption>{words.t("invoice.payments.title")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.t("invoice.payments.date")}</th>
                            <th scope="col">{words.t("invoice.payments.what")}</th>
                            <th scope="col">{words.t("invoice.payments.reference")}</th>
                            <th scope="col" class="number">{words.t("invoice.amount")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

fn row(words: Words, one: &Lowering) -> AnyView {
    let what = match (one.kind, &one.method, &one.reason) {
        (LoweringKind::CreditNote, _, Some(reason)) => words.with("invoice.payments.note", &[("reason", reason)]),
        (_, Some(method), _) => words.find(&format!("invoice.method.{method}")).unwrap_or_default().to_owned(),
        _ => words.t("invoice.payments.title").to_owned(),
    };
    let credit = (!one.credit.is_zero()).then(|| {
        view! { <br /><small>{words.with("invoice.payments.credit", &[("amount", &words.money(one.credit))])}</small> }
    });
    view! {
        <tr>
            <th scope="row" data-label=words.t("invoice.payments.date")>{words.date(one.on)}</th>
            <td data-label=words.t("invoice.payments.what")><span>{what}{credit}</span></td>
            <td data-label=words.t("invoice.payments.reference")><code class="value">{one.reference.clone()}</code></td>
            <td data-label=words.t("invoice.amount") class="number">{words.money(one.amount)}</td>
        </tr>
    }
    .into_any()
}
