//! Forms of the finance desk on one invoice: a payment came in, a credit note, taking it back, giving it up.

use axum::extract::Path;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::{BillingError, By, InvoiceState, PaymentMethod, PaymentRef};
use recado_kernel::{Actor, Door, InvoiceId, Money};
use serde::Deserialize;

use super::invoice::{Facts, facts, page};
use crate::pages::names::error_text;
use crate::view::field::{Field, form_error, form_key};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// "Registrar recebimento".
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Received {
    #[serde(default)]
    chave: String,
    #[serde(default)]
    forma: String,
    #[serde(default)]
    data: String,
    #[serde(default)]
    valor: String,
    #[serde(default)]
    e2e: String,
}

/// A correction: of an amount, or of the whole.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Correction {
    #[serde(default)]
    valor: String,
    #[serde(default)]
    motivo: String,
}

/// What was typed and refused, by the form it was typed into.
#[derive(Debug, Default, Clone)]
pub struct Refused {
    form: &'static str,
    error: String,
    received: Received,
    correction: Correction,
}

/// Records a payment; the same form sent twice records it once.
///
/// # Errors
/// Not allowed, not found, or the database.
pub async fn receive(member: Member, Path(id): Path<String>, Posted(typed): Posted<Received>) -> Result<Response, Failure> {
    let by = by(&member, StaffPermission::RecordPayments)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let outcome = match read(&typed) {
        Ok((reference, method, paid_on, amount)) => {
            member.panel.billing.staff_record_payment(by, id, reference, method, paid_on, amount).await
        }
        Err(code) => return again(&member, id, "recebimento", code, Refused { received: typed, ..Refused::default() }).await,
    };
    let refused = Refused { received: typed, ..Refused::default() };
    answer(&member, id, "recebimento", "notice.payment_recorded", outcome, refused).await
}

/// Issues a credit note.
///
/// # Errors
/// As [`receive`].
pub async fn credit(member: Member, Path(id): Path<String>, Posted(typed): Posted<Correction>) -> Result<Response, Failure> {
    let by = by(&member, StaffPermission::CorrectInvoices)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let refused = Refused { correction: typed.clone(), ..Refused::default() };
    let Some(amount) = amount(&typed.valor) else {
        return again(&member, id, "nota-de-credito", "billing.amount", refused).await;
    };
    let outcome = member.panel.billing.staff_credit_invoice(by, id, amount, &typed.motivo).await;
    answer(&member, id, "nota-de-credito", "notice.credit_note_issued", outcome, refused).await
}

/// Takes the invoice back.
///
/// # Errors
/// As [`receive`].
pub async fn void(member: Member, Path(id): Path<String>, Posted(typed): Posted<Correction>) -> Result<Response, Failure> {
    let by = by(&member, StaffPermission::CorrectInvoices)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let outcome = member.panel.billing.staff_void_invoice(by, id, &typed.motivo).await;
    let refused = Refused { correction: typed, ..Refused::default() };
    answer(&member, id, "cancelar", "notice.invoice_voided", outcome, refused).await
}

/// Gives up what is open.
///
/// # Errors
/// As [`receive`].
pub async fn write_off(member: Member, Path(id): Path<String>, Posted(typed): Posted<Correction>) -> Result<Response, Failure> {
    let by = by(&member, StaffPermission::CorrectInvoices)?;
    let id: InvoiceId = id.parse().map_err(|_| Failure::NotFound)?;
    let outcome = member.panel.billing.staff_write_off(by, id, &typed.motivo).await;
    let refused = Refused { correction: typed, ..Refused::default() };
    answer(&member, id, "baixar", "notice.invoice_written_off", outcome, refused).await
}

fn by(member: &Member, permission: StaffPermission) -> Result<By, Failure> {
    Ok(By { actor: Actor::Staff(member.require_staff(permission)?), door: Door::Panel })
}

async fn answer(
    member: &Member,
    id: InvoiceId,
    form: &'static str,
    notice: &'static str,
    outcome: Result<(), BillingError>,
    refused: Refused,
) -> Result<Response, Failure> {
    match outcome {
        Ok(()) => Ok(member.go_with(&format!("/financeiro/faturas/{id}"), notice)),
        Err(error @ (BillingError::Store(_) | BillingError::InvoiceNotFound(_) | BillingError::ProjectionStopped(_))) => {
            Err(error.into())
        }
        Err(error) => again(member, id, form, error.code(), refused).await,
    }
}

async fn again(member: &Member, id: InvoiceId, form: &'static str, code: &str, refused: Refused) -> Result<Response, Failure> {
    let facts = facts(member, id).await?;
    let refused = Refused { form, error: error_text(member.words(), code), ..refused };
    Ok(page(member, &facts, Some(&refused)))
}

fn read(typed: &Received) -> Result<(PaymentRef, PaymentMethod, NaiveDate, Money), &'static str> {
    let method = typed.forma.parse().map_err(|_| "billing.method")?;
    let paid_on = typed.data.parse().map_err(|_| "billing.date")?;
    let amount = amount(&typed.valor).ok_or("billing.amount")?;
    let end_to_end = typed.e2e.trim();
    // The bank's own id where it is known: an imported statement will then find the payment recorded.
    let reference = if end_to_end.is_empty() {
        PaymentRef::new("manual", typed.chave.trim())
    } else if recado_billing::pix::is_end_to_end_id(end_to_end) {
        PaymentRef::new("pix", end_to_end)
    } else {
        return Err("billing.end_to_end");
    };
    Ok((reference.map_err(|_| "unknown")?, method, paid_on, amount))
}

/// `1.234,56`, `R$ 99,90` or `99.90`.
fn amount(text: &str) -> Option<Money> {
    let plain: String = text.trim().trim_start_matches("R$").chars().filter(|c| !c.is_whitespace()).collect();
    let plain = if plain.contains(',') { plain.replace('.', "").replace(',', ".") } else { plain };
    recado_billing::amount_text::parse_amount(&plain).ok()
}

/// The forms that make sense for the invoice now.
pub fn forms(words: Words, member: &Member, facts: &Facts, refused: Option<&Refused>) -> AnyView {
    let head = &facts.invoice.summary;
    let may_record = member.principal.staff_may(StaffPermission::RecordPayments);
    let may_correct = member.principal.staff_may(StaffPermission::CorrectInvoices);
    let paid = facts.lowerings.iter().any(|one| one.kind == recado_billing::LoweringKind::Payment);
    let open = head.state.is_open();
    let receive = (may_record && (open || head.state == InvoiceState::Paid)).then(|| receive_form(words, member, facts, refused));
    let correction = |form: &'static str, with_amount: bool| correction_form(words, member, head.id, form, with_amount, refused);
    let credit = (may_correct && (open || head.state == InvoiceState::Paid)).then(|| correction("nota-de-credito", true));
    let void = (may_correct && open && !paid).then(|| correction("cancelar", false));
    let write_off = (may_correct && open).then(|| correction("baixar", false));
    view! { {receive}{credit}{void}{write_off} }.into_any()
}

fn error_of(form: &str, refused: Option<&Refused>) -> Option<String> {
    refused.filter(|refused| refused.form == form).map(|refused| refused.error.clone())
}

fn receive_form(words: Words, member: &Member, facts: &Facts, refused: Option<&Refused>) -> AnyView {
    let head = &facts.invoice.summary;
    let typed = refused.filter(|refused| refused.form == "recebimento").map(|refused| refused.received.clone());
    let owed = head.quote(facts.today).total;
    let fresh = Received {
        chave: member.panel.platform.new_uuid().to_string(),
        forma: "pix".to_owned(),
        data: facts.today.to_string(),
        valor: if owed.is_zero() { String::new() } else { owed.to_brl().trim_start_matches("R$\u{a0}").to_owned() },
        e2e: String::new(),
    };
    let typed = typed.unwrap_or(fresh);
    let methods = PaymentMethod::ALL
        .map(|method| {
            let word = words.find(&format!("invoice.method.{}", method.as_str())).unwrap_or_default();
            view! { <option value=method.as_str() selected=typed.forma == method.as_str()>{word}</option> }
        })
        .collect_view();
    let day = Field { kind: "date", ..Field::text("data", words.t("invoice.payments.date")) }.value(typed.data);
    let amount = Field { input_mode: Some("decimal"), ..Field::text("valor", words.t("invoice.amount")) }.value(typed.valor);
    let e2e = Field::text("e2e", words.t("finance.receive.e2e")).optional().help(words.t("finance.receive.e2e_help"));
    view! {
        <section class="card">
            <h2>{words.t("finance.receive.title")}</h2>
            <form method="post" action=format!("/financeiro/faturas/{}/recebimento", head.id) class="form">
                {form_error(error_of("recebimento", refused))}
                {form_key(&member.form_key)}
                <input type="hidden" name="chave" value=typed.chave />
                <div class="field">
                    <label for="forma">{words.t("finance.receive.method")}</label>
                    <select id="forma" name="forma">{methods}</select>
                </div>
                {day.view()}
                {amount.view()}
                {e2e.value(typed.e2e).view()}
                <div class="form-actions"><button type="submit" class="button primary">{words.t("finance.receive.title")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn correction_form(
    words: Words,
    member: &Member,
    id: InvoiceId,
    form: &'static str,
    with_amount: bool,
    refused: Option<&Refused>,
) -> AnyView {
    let error = error_of(form, refused);
    let open = error.is_some();
    let typed = refused.filter(|refused| refused.form == form).map(|refused| refused.correction.clone()).unwrap_or_default();
    let word = |part: &str| words.find(&format!("finance.correct.{form}.{part}")).unwrap_or_default();
    // Names repeat from form to form; ids must not.
    let (amount_id, reason_id) = (format!("{form}-valor"), format!("{form}-motivo"));
    let amount = with_amount.then(|| {
        view! {
            <div class="field">
                <label for=amount_id.clone()>{words.t("invoice.amount")}</label>
                <input id=amount_id name="valor" type="text" inputmode="decimal" required=true value=typed.valor />
            </div>
        }
    });
    let class = if with_amount { "button" } else { "button danger" };
    view! {
        <details class="card" open=open>
            <summary>{word("title")}</summary>
            <p class="muted">{word("text")}</p>
            <form method="post" action=format!("/financeiro/faturas/{id}/{form}") class="form">
                {form_error(error)}
                {form_key(&member.form_key)}
                {amount}
                <div class="field">
                    <label for=reason_id.clone()>{words.t("finance.correct.reason")}</label>
                    <input id=reason_id name="motivo" type="text" required=true maxlength="300" value=typed.motivo />
                </div>
                <div class="form-actions"><button type="submit" class=class>{word("title")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, cents) in
            [("99,90", 9_990), ("R$ 1.234,56", 123_456), ("99.90", 9_990), ("1.234.567,00", 123_456_700), ("10", 1_000)]
        {
            assert_eq!(
                amount(text).map(|money| money.to_string()),
                Some(recado_kernel::Money::from_cents(cents).to_string()),
                "{text}"
            );
        }
        for wrong in ["", "dez", "-1,00", "1,999", "1,2,3"] {
            assert_eq!(amount(wrong), None, "{wrong}");
        }
    }
}
