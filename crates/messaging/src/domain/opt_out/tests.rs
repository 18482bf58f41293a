//! Given / when / then.

use cqrs_es::test::TestFramework;
use recado_kernel::{AccountId, Sealed};
use uuid::Uuid;

use super::*;

type Scenario = TestFramework<OptOut>;

fn account(n: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(n))
}

fn sealed(text: &str) -> Sealed {
    Sealed::from_token(text.to_owned())
}

fn digests(all: &[&str]) -> Vec<String> {
    all.iter().map(|digest| (*digest).to_owned()).collect()
}

fn record(owner: u128) -> OptOutCommand {
    let asked = Asked { word: Some("SAIR".to_owned()), ..Asked::by(Source::Word, None) };
    OptOutCommand::Record {
        account: account(owner),
        contact: sealed("c"),
        digests: digests(&["a", "b"]),
        asked,
        confirmation: None,
    }
}

fn recorded(all: &[&str]) -> OptOutEvent {
    OptOutEvent::Recorded {
        account: account(1),
        contact: sealed("c"),
        digests: digests(all),
        source: Source::Word,
        word: Some("SAIR".to_owned()),
        instance: None,
        message: None,
        wire_id: None,
        reason: None,
        confirmation: None,
    }
}

fn lifted() -> OptOutEvent {
    let (word, instance, message, wire_id) = (None, None, None, None);
    OptOutEvent::Lifted { source: Source::Hand, word, instance, message, wire_id, reason: Some(sealed("r")) }
}

fn lift(owner: u128) -> OptOutCommand {
    OptOutCommand::Lift { account: account(owner), asked: Asked::by(Source::Hand, Some(sealed("r"))) }
}

fn also() -> OptOutEvent {
    OptOutEvent::AlsoKnown { contact: sealed("lid"), digests: digests(&["l"]) }
}

#[test]
fn a_contact_leaves_once() {
    Scenario::with(()).given_no_previous_events().when(record(1)).then_expect_events(vec![recorded(&["a", "b"])]);
    Scenario::with(()).given(vec![recorded(&["a", "b"])]).when(record(1)).then_expect_events(vec![]);
}

#[test]
fn it_comes_back_once_and_may_leave_again_under_every_address() {
    Scenario::with(()).given(vec![recorded(&["a", "b"])]).when(lift(1)).then_expect_events(vec![lifted()]);
    Scenario::with(()).given(vec![recorded(&["a", "b"]), lifted()]).when(lift(1)).then_expect_events(vec![]);
    Scenario::with(())
        .given(vec![recorded(&["a", "b"]), also(), lifted()])
        .when(record(1))
        .then_expect_events(vec![recorded(&["a", "b", "l"])]);
}

#[test]
fn an_address_is_learnt_once() {
    let add = OptOutCommand::AddAddress { account: account(1), contact: sealed("lid"), digests: digests(&["l"]) };
    Scenario::with(()).given(vec![recorded(&["a"])]).when(add.clone()).then_expect_events(vec![also()]);
    Scenario::with(()).given(vec![recorded(&["a"]), also()]).when(add).then_expect_events(vec![]);
}

#[test]
fn another_accounts_list_is_nobodys_business() {
    Scenario::with(()).given(vec![recorded(&["a"])]).when(lift(2)).then_expect_error(OptOutError::NotFound);
    Scenario::with(()).given(vec![recorded(&["a"])]).when(record(2)).then_expect_error(OptOutError::NotFound);
    Scenario::with(()).given_no_previous_events().when(lift(1)).then_expect_error(OptOutError::NotFound);
}
