//! How today's code writes the events of instances and messages; the golden files say how every version was written. See
//! `recado_testkit::GoldenFiles`.

use recado_kernel::{AccountId, InstanceId, Sealed, Timestamp, WireId};
use recado_messaging::{DisconnectReason, InstanceEvent, InstanceSettings, MessageEvent, MessageKind, WebhookUrl, Webhooks};
use recado_testkit::GoldenFiles;

fn account() -> AccountId {
    "019a0000-0000-7000-8000-000000000001".parse().unwrap()
}

fn instance() -> InstanceId {
    "019a0000-0000-7000-8000-000000000002".parse().unwrap()
}

fn seal() -> Sealed {
    Sealed::from_token("5f0c6d1e9b5a5c0f8a4f0e2b7d3c1a90.1.c2VhbGVk".to_owned())
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn wire_id(text: &str) -> WireId {
    WireId::parse(text).unwrap()
}

fn url(path: &str) -> Option<WebhookUrl> {
    Some(WebhookUrl::parse(&format!("https://example.com/{path}"), false).unwrap())
}

fn instance_samples() -> Vec<(&'static str, InstanceEvent)> {
    use InstanceEvent as E;
    let ended = |reason| E::Disconnected { reason, released_digest: None };
    let every = Webhooks {
        received: url("r"),
        received_delivery: url("rd"),
        delivery: url("d"),
        message_status: url("s"),
        connected: url("c"),
        disconnected: url("x"),
        presence: url("p"),
    };
    let all = InstanceSettings {
        disable_enqueue_when_disconnected: true,
        call_reject_auto: true,
        call_reject_message: Some("Não atendemos chamadas.".into()),
        auto_read_message: true,
        auto_read_status: true,
    };
    let created = E::Created {
        account: account(),
        name: "Loja".into(),
        trial_ends_at: moment("2026-10-07T12:00:00Z"),
        token_protected: "p1".into(),
        token_digest: "d1".into(),
        webhook_secret_protected: "p2".into(),
    };
    vec![
        ("usual", created),
        ("usual", E::Renamed { name: "Padaria".into() }),
        ("every URL", E::WebhooksChanged { webhooks: every, notify_sent_by_me: true }),
        ("none", E::WebhooksChanged { webhooks: Webhooks::default(), notify_sent_by_me: false }),
        ("everything on", E::SettingsChanged { settings: all }),
        ("everything off", E::SettingsChanged { settings: InstanceSettings::default() }),
        ("usual", E::PairingStarted {}),
        ("first number", E::Paired { number: seal(), number_digest: "d1".into(), previous_digest: None }),
        ("another number", E::Paired { number: seal(), number_digest: "d1".into(), previous_digest: Some("d2".into()) }),
        ("asked for", E::Disconnected { reason: DisconnectReason::User, released_digest: Some("d1".into()) }),
        ("on the phone", ended(DisconnectReason::Phone)),
        ("trial over", ended(DisconnectReason::TrialExpired)),
        ("service over", ended(DisconnectReason::ServiceEnded)),
        ("connection lost", ended(DisconnectReason::ConnectionLost)),
        ("never scanned", ended(DisconnectReason::PairingAbandoned)),
        ("usual", E::Reconnected {}),
        ("usual", E::Restarted {}),
        ("usual", E::Subscribed { plan: "PRO".into() }),
        ("usual", E::SubscriptionCancelled { ends_at: moment("2026-11-07T12:00:00Z") }),
        ("usual", E::TrialExpired {}),
        ("usual", E::ServiceEnded {}),
        ("usual", E::TokenRotated { token_protected: "p1".into(), token_digest: "d1".into() }),
    ]
}

fn message_samples() -> Vec<(&'static str, MessageEvent)> {
    use MessageEvent as E;
    let accepted = |delay_message, delay_typing, custom_id: Option<&str>, reply_to| E::Accepted {
        account: account(),
        instance: instance(),
        wire_id: wire_id("3EB0A1C9D2E47F0B6C18"),
        kind: MessageKind::Text,
        chat: seal(),
        chat_digest: "d1".into(),
        size: 7,
        digest: "d2".into(),
        delay_message,
        delay_typing,
        custom_id: custom_id.map(str::to_owned),
        reply_to,
    };
    let incoming = |sender_name, group: bool| E::Incoming {
        account: account(),
        instance: instance(),
        wire_id: wire_id("3EB0A1C9D2E47F0B6C18"),
        kind: MessageKind::Text,
        chat: seal(),
        chat_digest: "d1".into(),
        size: 7,
        digest: "d2".into(),
        sender_name,
        participant: group.then(seal),
        chat_name: group.then(seal),
        reply_to: group.then(|| wire_id("3EB0A1C9D2E47F0B6C19")),
        forwarded: group,
    };
    vec![
        ("without options", accepted(None, 0, None, None)),
        ("with every option", accepted(Some(15), 3, Some("pedido-7"), Some(wire_id("3EB0A1C9D2E47F0B6C19")))),
        ("usual", E::Sending { attempt: 1 }),
        ("usual", E::Sent {}),
        ("usual", E::Received {}),
        ("usual", E::Read {}),
        ("usual", E::Played {}),
        ("usual", E::Refused { reason: "not_on_whatsapp".into() }),
        ("usual", E::Cancelled {}),
        ("usual", E::Uncertain { reason: "no_answer".into() }),
        ("without a name", incoming(None, false)),
        ("with a name", incoming(Some(seal()), false)),
        ("an answer in a group", incoming(Some(seal()), true)),
        ("usual", E::Revoked {}),
    ]
}

#[test]
fn golden_events() {
    GoldenFiles::of(env!("CARGO_MANIFEST_DIR")).events(&instance_samples()).events(&message_samples()).check();
}
