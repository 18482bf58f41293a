//! Given an invoice, when it is issued, paid, credited, taken back or given up, then.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrono::NaiveDate;
use cqrs_es::Aggregate as _;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, InvoiceId, Money};
use uuid::Uuid;

use super::*;
use crate::rules::{FrozenSettings, Ledger, MonthInput, Statement, StatementState, compute};

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn statement(total: &str, due: Option<&str>) -> Statement {
    let settings = FrozenSettings::default();
    let (ledger, now) = (Ledger::default(), "2026-11-01T06:00:00Z".parse().unwrap());
    let account = AccountId::from_uuid(Uuid::from_u128(1));
    let competencia = "2026-04".parse().unwrap();
    let input = MonthInput { account, competencia, revision: 0, settings: &settings, instances: &[], ledger: &ledger, now };
    let state = if due.is_some() { StatementState::Issued } else { StatementState::SettledZero };
    Statement { total: money(total), due: due.map(date), state, ..compute(&input).unwrap() }
}

fn document(number: &str, statement: Statement) -> InvoiceIssued {
    InvoiceIssued {
        invoice: InvoiceId::from_uuid(Uuid::from_u128(9)),
        account: AccountId::from_uuid(Uuid::from_u128(1)),
        revision: 0,
        number: number.to_owned(),
        statement,
        settings: FrozenSettings::default(),
    }
}

/// 300.00 due on 11 May 2026 (golden case G18).
async fn open() -> Invoice {
    let mut invoice = Invoice::default();
    let issue = InvoiceCommand::Issue(Box::new(document("2026-000001", statement("300.00", Some("2026-05-11")))));
    when(&mut invoice, issue).await.unwrap();
    invoice
}

async fn when(invoice: &mut Invoice, command: InvoiceCommand) -> Result<Vec<InvoiceEvent>, InvoiceError> {
    let sink = EventSink::default();
    invoice.handle(command, &(), &sink).await?;
    Ok(sink.collect().await)
}

fn pay(id: &str, on: &str, amount: &str) -> InvoiceCommand {
    InvoiceCommand::RecordPayment(NewPayment {
        reference: PaymentRef::new("manual", id).unwrap(),
        method: PaymentMethod::Pix,
        paid_on: date(on),
        amount: money(amount),
    })
}

fn credit(id: u128, amount: &str) -> InvoiceCommand {
    let (id, reason) = (Uuid::from_u128(id), "instabilidade em abril".to_owned());
    InvoiceCommand::Credit(NewCreditNote { id, on: date("2026-05-05"), amount: money(amount), reason })
}

fn void() -> InvoiceCommand {
    InvoiceCommand::RequestVoid { reason: "emitida por engano".to_owned() }
}

fn given_credit(events: &[InvoiceEvent]) -> Money {
    let of = |event: &InvoiceEvent| match event {
        InvoiceEvent::PaymentRecorded(paid) => paid.credit,
        InvoiceEvent::CreditNoteIssued(note) => note.credit,
        InvoiceEvent::Voided { credit } => *credit,
        _ => Money::ZERO,
    };
    events.iter().map(of).sum()
}

#[tokio::test]
async fn is_issued_once_and_never_with_other_contents() {
    let mut invoice = open().await;
    let again = |number| InvoiceCommand::Issue(Box::new(document(number, statement("300.00", Some("2026-05-11")))));
    assert_eq!(when(&mut invoice, again("2026-000001")).await, Ok(vec![]));
    assert!(matches!(when(&mut invoice, again("2026-000002")).await, Err(InvoiceError::Differs(_))));
    assert_eq!(invoice.document().unwrap().number, "2026-000001");
    assert_eq!(when(&mut Invoice::default(), void()).await, Err(InvoiceError::NotIssued));
}

/// G18: part of it late, the rest later.
#[tokio::test]
async fn a_late_payment_pays_fine_and_interest_first() {
    let mut invoice = open().await;
    let first = when(&mut invoice, pay("1", "2026-05-21", "100.00")).await.unwrap();
    let [InvoiceEvent::PaymentRecorded(paid)] = &first[..] else { unreachable!("{first:?}") };
    let standing = paid.standing.unwrap();
    assert_eq!(
        (standing.late_fees, standing.paid_principal, standing.principal),
        (money("7.00"), money("93.00"), money("207.00"))
    );
    assert_eq!((paid.state, paid.credit), (InvoiceState::PartiallyPaid, Money::ZERO));
    assert_eq!(invoice.receivable().unwrap().quote(date("2026-05-31")).total, money("207.69"));
    let second = when(&mut invoice, pay("2", "2026-05-31", "207.69")).await.unwrap();
    assert!(matches!(&second[..], [InvoiceEvent::PaymentRecorded(_), InvoiceEvent::Paid {}]), "{second:?}");
    assert_eq!(invoice.state(), InvoiceState::Paid);
}

#[tokio::test]
async fn the_same_payment_is_recorded_once_and_more_than_owed_becomes_credit() {
    let mut invoice = open().await;
    when(&mut invoice, pay("1", "2026-05-10", "300.00")).await.unwrap();
    assert_eq!(when(&mut invoice, pay("1", "2026-05-10", "300.00")).await, Ok(vec![]));
    assert_eq!(when(&mut invoice, pay("1", "2026-05-10", "299.00")).await, Err(InvoiceError::PaymentDiffers));
    let double = when(&mut invoice, pay("2", "2026-05-12", "300.00")).await.unwrap();
    assert_eq!((given_credit(&double), double.len()), (money("300.00"), 1), "paid was said already");
    let refused = when(&mut invoice, pay("3", "2026-05-12", "0.00")).await;
    assert_eq!(refused, Err(InvoiceError::Amount));
    assert_eq!(when(&mut invoice, pay("3", "2025-05-12", "1.00")).await, Err(InvoiceError::PaidTooEarly));
}

/// Payments are dated by the payer's date: one that becomes known late makes the fee of another undue.
#[tokio::test]
async fn a_payment_known_late_counts_from_its_date() {
    let mut invoice = open().await;
    when(&mut invoice, pay("1", "2026-05-21", "307.00")).await.unwrap();
    assert_eq!(invoice.state(), InvoiceState::Paid);
    let late = when(&mut invoice, pay("2", "2026-05-11", "300.00")).await.unwrap();
    assert_eq!(given_credit(&late), money("307.00"), "paid in time with the second, all of the first is too much");
}

#[tokio::test]
async fn credit_notes_lower_what_is_open_and_never_exceed_the_total() {
    let mut invoice = open().await;
    let note = when(&mut invoice, credit(1, "100.00")).await.unwrap();
    assert_eq!((given_credit(&note), invoice.receivable().unwrap().principal()), (Money::ZERO, money("200.00")));
    assert_eq!(when(&mut invoice, credit(1, "100.00")).await, Ok(vec![]), "the same note");
    assert_eq!(when(&mut invoice, credit(2, "200.01")).await, Err(InvoiceError::CreditTooLarge { left: money("200.00") }));
    when(&mut invoice, pay("1", "2026-05-11", "200.00")).await.unwrap();
    let after = when(&mut invoice, credit(3, "50.00")).await.unwrap();
    assert_eq!(given_credit(&after), money("50.00"), "it was paid already");
}

#[tokio::test]
async fn is_taken_back_only_while_nothing_is_paid_and_a_payment_in_between_wins() {
    let mut invoice = open().await;
    assert_eq!(when(&mut invoice, InvoiceCommand::ConfirmVoid).await, Err(InvoiceError::NotRequested));
    when(&mut invoice, void()).await.unwrap();
    assert!(invoice.is_void_requested());
    let paid = when(&mut invoice, pay("1", "2026-05-11", "10.00")).await.unwrap();
    assert!(matches!(&paid[..], [InvoiceEvent::VoidAborted {}, InvoiceEvent::PaymentRecorded(_)]), "{paid:?}");
    assert_eq!(when(&mut invoice, InvoiceCommand::ConfirmVoid).await, Err(InvoiceError::NotRequested));
    assert_eq!(when(&mut invoice, void()).await, Err(InvoiceError::AlreadyPaid));

    let mut invoice = open().await;
    when(&mut invoice, void()).await.unwrap();
    when(&mut invoice, InvoiceCommand::ConfirmVoid).await.unwrap();
    assert_eq!(invoice.state(), InvoiceState::Void);
    assert_eq!(when(&mut invoice, InvoiceCommand::ConfirmVoid).await, Ok(vec![]));
    let late = when(&mut invoice, pay("1", "2026-05-11", "300.00")).await.unwrap();
    assert_eq!(given_credit(&late), money("300.00"), "the money is the customer's");
}

#[tokio::test]
async fn what_is_given_up_is_owed_no_more() {
    let mut invoice = open().await;
    let give_up = || InvoiceCommand::WriteOff { reason: "empresa encerrada".to_owned() };
    let events = when(&mut invoice, give_up()).await.unwrap();
    assert!(matches!(&events[..], [InvoiceEvent::WrittenOff { amount, .. }] if *amount == money("300.00")), "{events:?}");
    assert_eq!((invoice.state(), when(&mut invoice, give_up()).await), (InvoiceState::WrittenOff, Ok(vec![])));
    let settled = InvoiceCommand::Issue(Box::new(document("2026-000002", statement("0.00", None))));
    let mut nothing = Invoice::default();
    when(&mut nothing, settled).await.unwrap();
    assert_eq!(when(&mut nothing, give_up()).await, Err(InvoiceError::NothingOpen));
    assert_eq!(nothing.state(), InvoiceState::SettledZero);
}

#[test]
fn states_are_named_and_follow_the_statement() {
    for state in ["open", "partially_paid", "paid", "settled_zero", "carried", "void", "written_off"] {
        let known: InvoiceState = state.parse().unwrap();
        assert_eq!((known.as_str(), serde_json::to_value(known).unwrap().as_str()), (state, Some(state)));
    }
    assert_eq!(InvoiceState::issued(StatementState::Issued), InvoiceState::Open);
    assert!("lost".parse::<InvoiceState>().is_err());
}
