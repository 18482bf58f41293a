//! Each kind of loss, doubling and disorder is found, and none is invented.

use super::*;
use crate::receiver::Call;

fn chat() -> Chat {
    Chat { index: 0, instance: 0, phone: "5562900000001".into(), answers: true, keyed: true, messages: 2 }
}

fn wish(number: usize) -> Intention {
    Intention { number, keyed: true, acknowledged: Some(format!("W{number}")), ..Intention::default() }
}

fn story(number: usize, wire_id: &str) -> Story {
    let events = ["message.accepted", "message.sending", "message.sent", "message.received", "message.read"];
    Story {
        wire_id: wire_id.into(),
        own_id: Some(format!("rig-0-{number}")),
        events: events.iter().map(|event| ((*event).to_owned(), 1)).collect(),
        reason: None,
    }
}

fn seen(wire_id: &str) -> Seen {
    Seen { wire_id: wire_id.into(), sender: "5563900007777".into(), recipient: "5562900000001".into(), typed: false }
}

fn calls(wire_id: &str) -> Vec<Call> {
    [Kind::Delivery, Kind::Sent, Kind::Received, Kind::Read]
        .into_iter()
        .map(|kind| Call {
            fact: Fact { message: wire_id.into(), kind },
            delivery: Some(format!("{wire_id}/{}", kind.as_str())),
            taken: true,
        })
        .collect()
}

fn ledgers() -> Ledgers {
    Ledgers {
        stories: vec![story(0, "W0"), story(1, "W1")],
        seen: vec![seen("W0"), seen("W1")],
        calls: [calls("W0"), calls("W1")].concat(),
        doubled: vec![],
    }
}

fn found(intentions: &[Intention], ledgers: &Ledgers) -> Findings {
    compare(&[chat()], intentions, ledgers, true)
}

#[test]
fn ledgers_that_agree_are_clean() {
    let found = found(&[wish(0), wish(1)], &ledgers());
    assert!(found.is_clean(), "{found:?}");
}

#[test]
fn what_is_missing_anywhere_is_lost() {
    let cases: [fn(&mut Ledgers); 5] = [
        |l| drop(l.stories.pop()),
        |l| drop(l.seen.pop()),
        |l| drop(l.calls.pop()),
        |l| {
            l.stories[0].events.remove("message.read");
        },
        |l| l.calls[2].taken = false,
    ];
    for (n, spoil) in cases.into_iter().enumerate() {
        let mut ledgers = ledgers();
        spoil(&mut ledgers);
        assert_eq!(found(&[wish(0), wish(1)], &ledgers).lost.len(), 1, "case {n}");
    }
}

#[test]
fn an_answer_from_a_phone_needs_its_event_and_its_callback() {
    let mut ledgers = ledgers();
    ledgers.seen.push(Seen { typed: true, ..seen("A0") });
    assert_eq!(found(&[wish(0), wish(1)], &ledgers).lost.len(), 2);
}

#[test]
fn a_second_message_is_excused_only_by_a_lost_answer_without_a_key() {
    let mut ledgers = ledgers();
    ledgers.stories.push(story(1, "W9"));
    ledgers.seen.push(seen("W9"));
    ledgers.calls.extend(calls("W9"));
    let unlucky = |keyed| Intention { keyed, unanswered: 1, ..wish(1) };
    let found = |second: Intention| found(&[wish(0), second], &ledgers);
    assert_eq!(found(unlucky(true)).duplicated.len(), 1);
    let excused = found(unlucky(false));
    assert!(excused.is_clean() && excused.unacknowledged_repeats == 1, "{excused:?}");
    // It was refused and stored all the same: the contract's hard rule is broken.
    assert_eq!(found(Intention { keyed: false, refused: 1, ..wish(1) }).duplicated.len(), 1);
    assert!(compare(&[chat()], &[wish(0), unlucky(true)], &ledgers, false).is_clean());
}

#[test]
fn another_delivery_of_the_same_fact_is_a_duplicate_and_another_call_is_not() {
    let mut ledgers = ledgers();
    ledgers.calls.push(ledgers.calls[7].clone());
    let repeated = found(&[wish(0), wish(1)], &ledgers);
    assert!(repeated.is_clean() && repeated.repeated_calls == 1, "{repeated:?}");
    ledgers.calls.push(Call { delivery: Some("another".into()), ..ledgers.calls[7].clone() });
    assert_eq!(found(&[wish(0), wish(1)], &ledgers).duplicated.len(), 1);
}

#[test]
fn disorder_is_found_in_chats_and_in_callbacks() {
    let mut swapped = ledgers();
    swapped.seen.swap(0, 1);
    assert_eq!(found(&[wish(0), wish(1)], &swapped).reordered.len(), 1);
    let mut swapped = ledgers();
    swapped.calls.swap(0, 1);
    assert_eq!(found(&[wish(0), wish(1)], &swapped).reordered.len(), 1);
}

#[test]
fn a_message_nobody_sent_and_a_client_without_an_answer_are_told() {
    let mut ledgers = ledgers();
    ledgers.stories[1].own_id = Some("rig-7-7".into());
    assert_eq!(found(&[wish(0), wish(1)], &ledgers).offences.len(), 1);
    let silent = Intention { acknowledged: None, ..wish(1) };
    assert_eq!(found(&[wish(0), silent], &super::tests::ledgers()).offences.len(), 1);
}
