//! Given / when / then.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use proptest::prelude::*;
use recado_kernel::{AccountId, Timestamp};
use uuid::Uuid;

use super::*;
use crate::domain::guards::{CheckItem, GuardMode};

type Scenario = TestFramework<InstanceGuard>;

fn account() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(1))
}

fn of(action: InstanceGuardAction) -> InstanceGuardCommand {
    InstanceGuardCommand { account: account(), action }
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, n).unwrap()
}

fn count(on: u32, chat: &str, seen: u32) -> InstanceGuardCommand {
    let chat_digests = vec![chat.to_owned(), format!("{chat}'")];
    of(InstanceGuardAction::CountNewContact { day: day(on), number_digest: "n".to_owned(), chat_digests, seen, allowed: 2 })
}

fn counted(on: u32, chat: &str) -> InstanceGuardEvent {
    InstanceGuardEvent::NewContactCounted {
        account: account(),
        day: day(on),
        number_digest: "n".to_owned(),
        chat_digest: chat.to_owned(),
    }
}

#[test]
fn a_day_has_as_many_new_contacts_as_its_allowance() {
    let both = vec![counted(5, "a"), counted(5, "b")];
    let no_room = InstanceGuardError::NoRoom { allowed: 2 };
    Scenario::with(()).given(vec![counted(5, "a")]).when(count(5, "b", 0)).then_expect_events(vec![counted(5, "b")]);
    Scenario::with(()).given(both.clone()).when(count(5, "c", 0)).then_expect_error(no_room);
    Scenario::with(()).given(both.clone()).when(count(5, "a", 0)).then_expect_events(vec![]);
    Scenario::with(()).given(both.clone()).when(count(6, "c", 0)).then_expect_events(vec![counted(6, "c")]);
    // What was sent before the rule was meant strictly counts, too.
    Scenario::with(()).given_no_previous_events().when(count(5, "a", 2)).then_expect_error(no_room);
}

#[test]
fn a_contact_counts_once_however_it_is_written() {
    Scenario::with(()).given(vec![counted(5, "a'")]).when(count(5, "a", 0)).then_expect_events(vec![]);
}

#[test]
fn checking_twice_is_checking_once() {
    let (item, account) = (CheckItem::ProfilePhoto, account());
    let check = |done| of(InstanceGuardAction::Check { item, done });
    let checked = InstanceGuardEvent::ItemChecked { account, item };
    Scenario::with(()).given_no_previous_events().when(check(true)).then_expect_events(vec![checked.clone()]);
    Scenario::with(()).given(vec![checked.clone()]).when(check(true)).then_expect_events(vec![]);
    let unchecked = InstanceGuardEvent::ItemUnchecked { account, item };
    Scenario::with(()).given(vec![checked]).when(check(false)).then_expect_events(vec![unchecked]);
    Scenario::with(()).given_no_previous_events().when(check(false)).then_expect_events(vec![]);
}

#[test]
fn decisions_are_stored_when_they_differ() {
    let account = account();
    let enforce = of(InstanceGuardAction::ChangeWarmUp { mode: GuardMode::Enforce, plan: None });
    let changed = InstanceGuardEvent::WarmUpChanged { account, mode: GuardMode::Enforce, plan: None };
    Scenario::with(()).given_no_previous_events().when(enforce.clone()).then_expect_events(vec![changed.clone()]);
    Scenario::with(()).given(vec![changed]).when(enforce).then_expect_events(vec![]);
    let rule = of(InstanceGuardAction::ChangeQrRule(None));
    Scenario::with(()).given_no_previous_events().when(rule).then_expect_events(vec![]);
    let told = InstanceGuardEvent::RegistrationTold { account, registered_at: Timestamp::UNIX_EPOCH };
    let tell = of(InstanceGuardAction::TellRegistration(Timestamp::UNIX_EPOCH));
    Scenario::with(()).given(vec![told]).when(tell).then_expect_events(vec![]);
}

#[test]
fn another_account_is_told_nothing() {
    let other = InstanceGuardCommand {
        account: AccountId::from_uuid(Uuid::from_u128(2)),
        action: InstanceGuardAction::ChangeQrRule(Some(GuardMode::Off)),
    };
    Scenario::with(()).given(vec![counted(5, "a")]).when(other).then_expect_error(InstanceGuardError::NotFound);
}

proptest! {
    /// Whatever order contacts come in and however often, no day counts more than its allowance, and none counts less than it could.
    #[test]
    fn the_allowance_holds(chats in prop::collection::vec(0_u8..12, 1..60), allowed in 0_u32..8) {
        use cqrs_es::Aggregate as _;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut guard = InstanceGuard::default();
        let mut let_through = std::collections::BTreeSet::new();
        for chat in &chats {
            let command = of(InstanceGuardAction::CountNewContact {
                day: day(5), number_digest: "n".to_owned(), chat_digests: vec![chat.to_string()], seen: 0, allowed,
            });
            let sink = cqrs_es::event_sink::EventSink::default();
            if runtime.block_on(guard.handle(command, &(), &sink)).is_ok() {
                let_through.insert(*chat);
            }
        }
        let different: std::collections::BTreeSet<_> = chats.iter().copied().collect();
        prop_assert_eq!(let_through.len(), different.len().min(allowed as usize));
    }
}
