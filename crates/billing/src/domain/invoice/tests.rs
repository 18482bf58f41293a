//! Given an invoice, when it is issued, then.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use cqrs_es::Aggregate as _;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, InvoiceId};
use uuid::Uuid;

use super::*;
use crate::rules::{FrozenSettings, Ledger, MonthInput, StatementState, compute};

fn document(number: &str) -> InvoiceIssued {
    let (account, competencia, settings) =
        (AccountId::from_uuid(Uuid::from_u128(1)), "2026-10".parse().unwrap(), FrozenSettings::default());
    let ledger = Ledger::default();
    let now = "2026-11-01T06:00:00Z".parse().unwrap();
    let input = MonthInput { account, competencia, revision: 0, settings: &settings, instances: &[], ledger: &ledger, now };
    InvoiceIssued {
        invoice: InvoiceId::from_uuid(Uuid::from_u128(9)),
        account,
        revision: 0,
        number: number.to_owned(),
        statement: compute(&input).unwrap(),
        settings,
    }
}

async fn issue(invoice: &mut Invoice, document: InvoiceIssued) -> Result<usize, InvoiceError> {
    let sink = EventSink::default();
    invoice.handle(InvoiceCommand::Issue(Box::new(document)), &(), &sink).await?;
    Ok(sink.collect().await.len())
}

#[tokio::test]
async fn is_issued_once_and_never_with_other_contents() {
    let mut invoice = Invoice::default();
    assert_eq!(issue(&mut invoice, document("2026-000001")).await, Ok(1));
    assert_eq!(issue(&mut invoice, document("2026-000001")).await, Ok(0));
    assert!(matches!(issue(&mut invoice, document("2026-000002")).await, Err(InvoiceError::Differs(_))));
    assert_eq!(invoice.document().unwrap().number, "2026-000001");
}

#[test]
fn states_are_named_and_follow_the_statement() {
    for state in [InvoiceState::Open, InvoiceState::SettledZero, InvoiceState::Carried] {
        assert_eq!(state.as_str().parse::<InvoiceState>().unwrap(), state);
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    assert_eq!(InvoiceState::issued(StatementState::Issued), InvoiceState::Open);
    assert!("lost".parse::<InvoiceState>().is_err());
}
