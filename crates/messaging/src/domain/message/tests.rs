//! Given / when / then, and every order in which receipts may come.

use cqrs_es::Aggregate as _;
use cqrs_es::test::TestFramework;
use proptest::prelude::*;
use recado_kernel::{AccountId, InstanceId, Sealed, WireId};
use uuid::Uuid;

use super::*;

type Scenario = TestFramework<Message>;

fn owner() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(1))
}

fn instance() -> InstanceId {
    InstanceId::from_uuid(Uuid::from_u128(7))
}

fn accepted() -> MessageEvent {
    MessageEvent::Accepted {
        account: owner(),
        instance: instance(),
        wire_id: WireId::from_digest(&[1; 9]),
        kind: MessageKind::Text,
        chat: Sealed::from_token("s".to_owned()),
        chat_digest: "c".to_owned(),
        size: 3,
        digest: "d".to_owned(),
        delay_message: None,
        delay_typing: 0,
        custom_id: None,
        reply_to: None,
    }
}

fn command(action: MessageAction) -> MessageCommand {
    MessageCommand { account: owner(), instance: instance(), action }
}

fn given(events: Vec<MessageEvent>) -> cqrs_es::test::AggregateTestExecutor<Message> {
    Scenario::with(()).given(std::iter::once(accepted()).chain(events).collect())
}

fn refuse() -> MessageAction {
    MessageAction::Refuse { reason: "not_on_whatsapp".to_owned() }
}

#[test]
fn another_account_or_instance_finds_nothing() {
    let foreign =
        MessageCommand { account: AccountId::from_uuid(Uuid::from_u128(2)), instance: instance(), action: MessageAction::Cancel };
    given(vec![]).when(foreign).then_expect_error(MessageError::NotFound);
    let other_instance =
        MessageCommand { account: owner(), instance: InstanceId::from_uuid(Uuid::nil()), action: MessageAction::Cancel };
    given(vec![]).when(other_instance).then_expect_error(MessageError::NotFound);
}

#[test]
fn only_a_waiting_message_can_be_cancelled() {
    given(vec![]).when(command(MessageAction::Cancel)).then_expect_events(vec![MessageEvent::Cancelled {}]);
    given(vec![MessageEvent::Cancelled {}]).when(command(MessageAction::Cancel)).then_expect_events(vec![]);
    given(vec![MessageEvent::Sending { attempt: 1 }])
        .when(command(MessageAction::Cancel))
        .then_expect_error(MessageError::NotWaiting { status: MessageStatus::Sending });
    given(vec![MessageEvent::Cancelled {}])
        .when(command(MessageAction::StartSending { attempt: 1 }))
        .then_expect_error(MessageError::NotWaiting { status: MessageStatus::Cancelled });
}

#[test]
fn an_attempt_is_marked_once() {
    given(vec![])
        .when(command(MessageAction::StartSending { attempt: 1 }))
        .then_expect_events(vec![MessageEvent::Sending { attempt: 1 }]);
    let sending = vec![MessageEvent::Sending { attempt: 1 }];
    given(sending.clone()).when(command(MessageAction::StartSending { attempt: 1 })).then_expect_events(vec![]);
    given(sending)
        .when(command(MessageAction::StartSending { attempt: 2 }))
        .then_expect_events(vec![MessageEvent::Sending { attempt: 2 }]);
}

#[test]
fn an_early_receipt_implies_acceptance() {
    given(vec![MessageEvent::Sending { attempt: 1 }])
        .when(command(MessageAction::Confirm(Receipt::Read)))
        .then_expect_events(vec![MessageEvent::Sent {}, MessageEvent::Read {}]);
    given(vec![MessageEvent::Uncertain { reason: "timeout".to_owned() }])
        .when(command(MessageAction::Confirm(Receipt::Received)))
        .then_expect_events(vec![MessageEvent::Sent {}, MessageEvent::Received {}]);
}

#[test]
fn late_and_repeated_receipts_change_nothing() {
    let read = vec![MessageEvent::Sent {}, MessageEvent::Read {}];
    for receipt in [Receipt::Sent, Receipt::Received, Receipt::Read] {
        given(read.clone()).when(command(MessageAction::Confirm(receipt))).then_expect_events(vec![]);
        given(vec![MessageEvent::Cancelled {}]).when(command(MessageAction::Confirm(receipt))).then_expect_events(vec![]);
    }
    given(read).when(command(refuse())).then_expect_events(vec![]);
}

#[test]
fn a_message_is_accepted_once() {
    let again = MessageAction::Accept {
        wire_id: WireId::from_digest(&[1; 9]),
        kind: MessageKind::Text,
        chat: Sealed::from_token("s".to_owned()),
        chat_digest: String::new(),
        size: 0,
        digest: String::new(),
        delay_message: None,
        delay_typing: 0,
        custom_id: None,
        reply_to: None,
    };
    given(vec![]).when(command(again)).then_expect_error(MessageError::AlreadyExists);
}

#[test]
fn texts_are_bounded_and_never_empty() {
    assert_eq!(check_text("  \n"), Err(InvalidText::Empty));
    assert_eq!(check_text(&"x".repeat(70 * 1024)), Err(InvalidText::TooLong));
    assert_eq!(check_text(&"x".repeat(MAX_TEXT_BYTES)), Ok(()));
    assert_eq!(check_text("a\0b"), Err(InvalidText::NulCharacter));
    assert_eq!(format!("{:?}", MessageContent::text("segredo")), "MessageContent(text, 7 bytes)");
}

fn any_action() -> impl Strategy<Value = MessageAction> {
    prop_oneof![
        (1_u32..4).prop_map(|attempt| MessageAction::StartSending { attempt }),
        prop_oneof![Just(Receipt::Sent), Just(Receipt::Received), Just(Receipt::Read)].prop_map(MessageAction::Confirm),
        Just(refuse()),
        Just(MessageAction::Cancel),
        Just(MessageAction::MarkUncertain { reason: "timeout".to_owned() }),
    ]
}

proptest! {
    #[test]
    fn the_rank_never_falls_and_exits_are_final(actions in proptest::collection::vec(any_action(), 0..12)) {
        let mut message = Message::default();
        message.apply(accepted());
        for action in actions {
            let before = message.status;
            let events = match Scenario::with(()).given(replay(&message)).when(command(action)).inspect_result() {
                Ok(events) => events,
                Err(_) => continue,
            };
            for event in events {
                message.apply(event);
            }
            prop_assert!(message.status.rank() >= before.rank());
            if matches!(before, MessageStatus::Refused | MessageStatus::Cancelled) {
                prop_assert_eq!(message.status, before);
            }
        }
    }
}

/// Events that lead to the same state.
fn replay(message: &Message) -> Vec<MessageEvent> {
    let reason = || "timeout".to_owned();
    let mut events = vec![accepted()];
    if message.attempt > 0 {
        events.push(MessageEvent::Sending { attempt: message.attempt });
    }
    events.extend(match message.status {
        MessageStatus::Sent => Some(MessageEvent::Sent {}),
        MessageStatus::Received => Some(MessageEvent::Received {}),
        MessageStatus::Read => Some(MessageEvent::Read {}),
        MessageStatus::Refused => Some(MessageEvent::Refused { reason: reason() }),
        MessageStatus::Cancelled => Some(MessageEvent::Cancelled {}),
        MessageStatus::Uncertain => Some(MessageEvent::Uncertain { reason: reason() }),
        _ => None,
    });
    events
}
