//! How today's code writes the events of months and invoices; the golden files say how every version was written. See
//! `recado_testkit::GoldenFiles`.

use recado_billing::domain::account_month::{AccountMonthEvent, MonthClosed};
use recado_billing::domain::invoice::{InvoiceEvent, InvoiceIssued};
use recado_billing::rules::{
    ClosedMonth, Fact, FactKind, FrozenSettings, InstanceFacts, Ledger, MonthInput, PlanCode, Statement, compute, ids,
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
    let invoices = [("one instance", issued("2026-000001", usual)), ("with an adjustment", issued("2026-000002", late))];
    GoldenFiles::of(env!("CARGO_MANIFEST_DIR")).events(&months).events(&invoices).check();
}
