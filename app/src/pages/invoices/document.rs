//! An invoice as a document (billing.md 5.1): for the customer, for finance, and for paper.

use chrono::NaiveDate;
use leptos::prelude::*;
use recado_billing::{InvoiceDetail, InvoiceState, InvoiceSummary, Line, LineKind};

use crate::view::badge::{Tone, badge};
use crate::words::Words;

/// The state in words, as of `today`.
pub fn state_badge(words: Words, invoice: &InvoiceSummary, today: NaiveDate) -> AnyView {
    let late = invoice.due.filter(|_| invoice.is_overdue(today)).map(|due| (today - due).num_days());
    match (invoice.state, late) {
        (InvoiceState::Open | InvoiceState::PartiallyPaid, Some(days)) => badge(Tone::Bad, words.count("invoice.overdue", days)),
        (InvoiceState::Open, None) => badge(Tone::Info, words.t("invoice.open")),
        (InvoiceState::PartiallyPaid, None) => badge(Tone::Warn, words.t("invoice.partially_paid")),
        (InvoiceState::Paid, _) => badge(Tone::Good, words.t("invoice.paid")),
        (InvoiceState::SettledZero, _) => badge(Tone::Good, words.t("invoice.settled_zero")),
        (InvoiceState::Carried, _) => badge(Tone::Calm, words.t("invoice.carried")),
        (InvoiceState::Void, _) => badge(Tone::Calm, words.t("invoice.void")),
        (InvoiceState::WrittenOff, _) => badge(Tone::Calm, words.t("invoice.written_off")),
    }
}

/// The document. `line_link` makes the address of a line's explanation (finance desk).
pub fn document(words: Words, invoice: &InvoiceDetail, today: NaiveDate, line_link: Option<&dyn Fn(&Line) -> String>) -> AnyView {
    let head = &invoice.summary;
    let due = head.due.map(|due| {
        view! { <div><dt>{words.t("invoice.due")}</dt><dd><time datetime=due.to_string()>{words.date(due)}</time></dd></div> }
    });
    let paid = head.paid_on.map(|day| {
        view! { <div><dt>{words.t("invoice.paid_on")}</dt><dd><time datetime=day.to_string()>{words.date(day)}</time></dd></div> }
    });
    let rows = invoice.lines.iter().map(|line| row(words, line, line_link.map(|link| link(line)))).collect_view();
    view! {
        <article class="card">
            <div class="invoice-head">
                <dl class="facts">
                    <div><dt>{words.t("invoice.month")}</dt><dd>{words.month_title(head.competencia)}</dd></div>
                    <div><dt>{words.t("invoice.issued")}</dt><dd><time datetime=head.issued_on.to_string()>{words.date(head.issued_on)}</time></dd></div>
                    {due}
                    {paid}
                    <div><dt>{words.t("invoice.state")}</dt><dd>{state_badge(words, head, today)}</dd></div>
                </dl>
                <p class="invoice-total">{words.money(head.total)}</p>
            </div>
            <table class="table reflow">
                <caption>{words.count("invoices.instances", i64::from(head.instances))}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.t("invoice.item")}</th>
                        <th scope="col">{words.t("invoice.reference")}</th>
                        <th scope="col">{words.t("invoice.how")}</th>
                        <th scope="col" class="number">{words.t("invoice.amount")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="3">{words.t("invoice.total")}</th>
                        <td class="number">{words.money(head.total)}</td>
                    </tr>
                </tfoot>
            </table>
            <p class="fine">{words.t("invoice.footer")}</p>
        </article>
    }
    .into_any()
}

fn row(words: Words, line: &Line, link: Option<String>) -> AnyView {
    let name = line_name(words, line);
    let short = line.instance.map(|instance| {
        let id = instance.public();
        view! { <br /><small><code>{format!("{}…", id.get(..8).unwrap_or_default())}</code></small> }
    });
    let name = match link {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { {name} }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label=words.t("invoice.item")><span>{name}{short}</span></th>
            <td data-label=words.t("invoice.reference")>{line.reference.to_brazilian()}</td>
            <td data-label=words.t("invoice.how")>{how(words, line)}</td>
            <td data-label=words.t("invoice.amount") class="number">{words.money(line.amount)}</td>
        </tr>
    }
    .into_any()
}

/// What a line is called.
pub fn line_name(words: Words, line: &Line) -> String {
    let instance = line.name.clone().unwrap_or_default();
    match line.kind {
        LineKind::Instance => instance,
        LineKind::Adjustment => {
            words.with("invoice.line.adjustment", &[("month", &line.reference.to_brazilian()), ("name", &instance)])
        }
        LineKind::Discount => words.t("invoice.line.discount").to_owned(),
        LineKind::Carried => words.t("invoice.line.carried").to_owned(),
        LineKind::CreditAdded => words.t("invoice.line.credit_added").to_owned(),
        LineKind::CreditUsed => words.t("invoice.line.credit_used").to_owned(),
    }
}

/// How the amount came about, in words.
pub fn how(words: Words, line: &Line) -> String {
    let part = |part: &recado_billing::Part| {
        words.with(
            "invoice.how_part",
            &[("plan", part.plan.as_str()), ("price", &words.money(part.price)), ("days", &part.days.to_string())],
        )
    };
    match line.kind {
        LineKind::Instance if line.days == line.of_days => {
            let plans: Vec<String> = line.parts.iter().map(|part| format!("{} {}", part.plan, words.money(part.price))).collect();
            words.with("invoice.how_whole", &[("plans", &plans.join(" + "))])
        }
        LineKind::Instance | LineKind::Adjustment if line.of_days > 0 => {
            let days = words.with("invoice.how_days", &[("days", &line.days.to_string()), ("of", &line.of_days.to_string())]);
            let parts: Vec<String> = line.parts.iter().map(part).collect();
            if parts.is_empty() { days } else { format!("{days}: {}", parts.join(" + ")) }
        }
        _ => "—".to_owned(),
    }
}
