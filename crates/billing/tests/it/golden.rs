//! How today's code writes the events of months and invoices; the golden files say how every version was written. See
//! `recado_testkit::GoldenFiles`.

use recado_billing::domain::account_month::{AccountMonthEvent, MonthClosed};
use recado_billing::domain::invoice::{
    CreditNoteIssued, InvoiceEvent, InvoiceIssued, InvoiceState, PaymentMethod, PaymentRecorded, PaymentRef,
};
use recado_billing::rules::{
    BillingSettings, ClosedMonth, Fact, FactKind, FrozenSettings, InstanceFacts, Ledger, MonthInput, PlanCode, Receivable,
    Statement, compute, ids,
};
use recado_event_store::Position;
use recado_kernel::{AccountId, Timestamp};
use recado_testkit::GoldenFiles;

fn account() -> AccountId {
    "019a0000-0000-7000-8000-000000000001".parse().unwrap()
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An instance created and subscribed at `at`; the log learnt of it from `position` on.
fn instance(n: u32, at: &str, position: i64) -> InstanceFacts {
    let fact = |offset: i64, kind| Fact {
        at: moment(at),
        position: Position { txid: position + offset, position: position + offset },
        sequence: offset + 1,
        kind,
    };
    let facts =
        vec![fact(0, FactKind::Created { name: format!("Loja {n}") }), fact(1, FactKind::Subscribed { plan: PlanCode::pro() })];
    InstanceFacts { instance: format!("019a0000-0000-7000-8000-0000000000{n:02}").parse().unwrap(), facts }
}

fn statement(competencia: &str, instances: &[InstanceFacts], ledger: &Ledger, now: &str) -> Statement {
    let input = MonthInput {
        account: account(),
        competencia: competencia.parse().unwrap(),
        revision: 0,
        settings: &FrozenSettings::default(),
        instances,
        ledger,
        now: moment(now),
    };
    compute(&input).unwrap()
}

fn closed(statement: Statement, ordinal: u32, as_of: i64, now: &str) -> AccountMonthEvent {
    let invoice = statement.makes_invoice().then(|| ids::invoice_id(account(), statement.competencia, 0));
    AccountMonthEvent::Closed(Box::new(MonthClosed {
        account: account(),
        revision: 0,
        ordinal,
        invoice,
        statement,
        settings: FrozenSettings::default(),
        as_of: Position { txid: as_of, position: as_of },
        closed_at: moment(now),
    }))
}

fn issued(number: &str, statement: Statement) -> InvoiceEvent {
    InvoiceEvent::Issued(Box::new(InvoiceIssued {
        invoice: ids::invoice_id(account(), statement.competencia, 0),
        account: account(),
        revision: 0,
        number: number.to_owned(),
        statement,
        settings: FrozenSettings::default(),
    }))
}

#[test]
fn golden_events() {
    let (october, november) = ("2026-11-01T03:00:00Z", "2026-12-01T03:00:00Z");
    let first = vec![instance(11, "2026-10-03T12:00:00Z", 1)];
    let usual = statement("2026-10", &first, &Ledger::default(), october);
    let nothing = statement("2026-10", &[], &Ledger::default(), october);
    let mut ledger = Ledger::default();
    ledger.record(ClosedMonth {
        statement: usual.clone(),
        frozen: FrozenSettings::default(),
        as_of: Position { txid: 2, position: 2 },
    });
    // The log learnt of the second instance only after October was closed.
    let both = vec![first[0].clone(), instance(12, "2026-10-10T12:00:00Z", 3)];
    let late = statement("2026-11", &both, &ledger, november);
    let months = [
        ("one instance", closed(usual.clone(), 1, 2, october)),
        ("nothing to charge", closed(nothing, 1, 2, october)),
        ("with an adjustment", closed(late.clone(), 2, 4, november)),
    ];
    let mut invoices = vec![("one instance", issued("2026-000001", usual)), ("with an adjustment", issued("2026-000002", late))];
    invoices.extend(settled());
    GoldenFiles::of(env!("CARGO_MANIFEST_DIR")).events(&months).events(&invoices).check();
}

fn settled() -> Vec<(&'static str, InvoiceEvent)> {
    let (amount, due) = ("99.90".parse().unwrap(), "2026-11-10".parse().unwrap());
    let mut receivable = Receivable::new(amount, due, &BillingSettings::default());
    let issued = receivable.standing();
    let on = "2026-11-20".parse().unwrap();
    let paid = receivable.pay(on, "105.00".parse().unwrap());
    let payment = |method, standing| {
        InvoiceEvent::PaymentRecorded(Box::new(PaymentRecorded {
            reference: PaymentRef::new("pix", "E00038166202611201559y6j6mt9l0pi").unwrap(),
            method,
            paid_on: on,
            amount: "105.00".parse().unwrap(),
            credit: paid.excess,
            state: InvoiceState::Paid,
            standing,
        }))
    };
    let note = CreditNoteIssued {
        id: uuid::Uuid::from_u128(7),
        on,
        amount: "10.00".parse().unwrap(),
        credit: "10.00".parse().unwrap(),
        reason: "instabilidade em outubro".to_owned(),
        state: InvoiceState::Paid,
        standing: receivable.standing(),
    };
    let reason = "emitida por engano".to_owned();
    vec![
        ("late, by Pix, more than owed", payment(PaymentMethod::Pix, Some(receivable.standing()))),
        ("of an invoice with nothing to pay", payment(PaymentMethod::Transfer, None)),
        ("of a paid invoice", InvoiceEvent::CreditNoteIssued(Box::new(note))),
        ("usual", InvoiceEvent::Paid {}),
        ("usual", InvoiceEvent::VoidRequested { reason: reason.clone() }),
        ("usual", InvoiceEvent::VoidAborted {}),
        ("with credit given back", InvoiceEvent::Voided { credit: "5.00".parse().unwrap() }),
        ("usual", InvoiceEvent::WrittenOff { amount, reason, standing: issued }),
    ]
}
