//! Given a month, when it is closed, then.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use cqrs_es::Aggregate as _;
use cqrs_es::event_sink::EventSink;
use recado_event_store::Position;
use recado_kernel::{AccountId, InstanceId, Timestamp};
use uuid::Uuid;

use super::*;
use crate::rules::{Fact, FactKind, FrozenSettings, InstanceFacts, Ledger, PlanCode, ids};

fn close(now: &str) -> CloseMonth {
    let fact = |n: i64, kind| Fact {
        at: "2026-10-03T12:00:00Z".parse::<Timestamp>().unwrap(),
        position: Position { txid: n, position: n },
        sequence: n,
        kind,
    };
    let facts = vec![fact(1, FactKind::Created { name: "Loja".into() }), fact(2, FactKind::Subscribed { plan: PlanCode::pro() })];
    CloseMonth {
        account: AccountId::from_uuid(Uuid::from_u128(1)),
        competencia: "2026-10".parse().unwrap(),
        revision: 0,
        instances: vec![InstanceFacts { instance: InstanceId::from_uuid(Uuid::from_u128(2)), facts }],
        ledger: Ledger::default(),
        settings: FrozenSettings::default(),
        as_of: Position { txid: 2, position: 2 },
        now: now.parse().unwrap(),
    }
}

async fn decide(month: &mut AccountMonth, command: CloseMonth) -> Result<Vec<AccountMonthEvent>, AccountMonthError> {
    let sink = EventSink::default();
    month.handle(AccountMonthCommand::Close(Box::new(command)), &(), &sink).await?;
    Ok(sink.collect().await)
}

#[tokio::test]
async fn closes_once_and_a_second_close_writes_nothing() {
    let mut month = AccountMonth::default();
    let events = decide(&mut month, close("2026-11-01T03:00:00Z")).await.unwrap();
    let [AccountMonthEvent::Closed(closed)] = events.as_slice() else { unreachable!("{events:?}") };
    assert_eq!(closed.statement.total.to_string(), "99.90");
    assert_eq!(closed.invoice, Some(ids::invoice_id(closed.account, closed.statement.competencia, 0)));
    assert_eq!((closed.ordinal, closed.as_of.position), (1, 2));
    assert_eq!(decide(&mut month, close("2026-12-01T03:00:00Z")).await.unwrap(), []);
}

#[tokio::test]
async fn refuses_a_month_that_still_runs_in_the_zone() {
    let refused = decide(&mut AccountMonth::default(), close("2026-11-01T02:59:59Z")).await.unwrap_err();
    assert_eq!(refused, AccountMonthError::NotOver("2026-10".parse().unwrap()));
}

#[tokio::test]
async fn the_event_survives_storage() {
    let event = decide(&mut AccountMonth::default(), close("2026-11-05T03:00:00Z")).await.unwrap().remove(0);
    let stored = serde_json::to_value(&event).unwrap();
    assert_eq!(stored["type"], "account_month.closed");
    assert_eq!(stored["statement"]["total"], "99.90");
    assert_eq!(stored["settings"]["system"]["rounding"], "nbr5891");
    assert_eq!(serde_json::from_value::<AccountMonthEvent>(stored).unwrap(), event);
}
