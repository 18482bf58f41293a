//! Given / when / then.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrono::Duration;
use cqrs_es::test::TestFramework;
use recado_kernel::{AccountId, Sealed, Timestamp};
use uuid::Uuid;

use super::*;

type Scenario = TestFramework<Instance>;

fn owner() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(1))
}

fn stranger() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(2))
}

fn start() -> Timestamp {
    "2026-10-05T12:00:00Z".parse().unwrap()
}

fn hours(n: i64) -> Timestamp {
    start() + Duration::hours(n)
}

fn created() -> InstanceEvent {
    InstanceEvent::Created {
        account: owner(),
        name: "Vendas".to_owned(),
        trial_ends_at: hours(48),
        token_protected: "p".to_owned(),
        token_digest: "d".to_owned(),
        webhook_secret_protected: "w".to_owned(),
    }
}

fn sealed(text: &str) -> Sealed {
    Sealed::from_token(text.to_owned())
}

fn paired(digest: &str, previous: Option<&str>) -> InstanceEvent {
    InstanceEvent::Paired {
        number: sealed(digest),
        number_digest: digest.to_owned(),
        previous_digest: previous.map(str::to_owned),
    }
}

fn subscribed() -> InstanceEvent {
    InstanceEvent::Subscribed { plan: "PRO".to_owned() }
}

fn ended(reason: DisconnectReason, released: Option<&str>) -> InstanceEvent {
    InstanceEvent::Disconnected { reason, released_digest: released.map(str::to_owned) }
}

fn pair(digest: &str) -> InstanceAction {
    InstanceAction::Pair { number: sealed(digest), number_digest: digest.to_owned() }
}

fn at(when: Timestamp, action: InstanceAction) -> InstanceCommand {
    InstanceCommand { account: owner(), at: when, action }
}

fn subscribe() -> InstanceAction {
    InstanceAction::Subscribe { plan: "PRO".to_owned() }
}

fn given(events: Vec<InstanceEvent>) -> cqrs_es::test::AggregateTestExecutor<Instance> {
    Scenario::with(()).given(std::iter::once(created()).chain(events).collect())
}

#[test]
fn another_accounts_instance_does_not_exist() {
    for action in [
        InstanceAction::Rename { name: "x".parse().unwrap() },
        InstanceAction::StartPairing,
        InstanceAction::Disconnect(DisconnectReason::User),
        InstanceAction::Restart,
        subscribe(),
        InstanceAction::ExpireTrial,
        InstanceAction::RotateToken { token_protected: String::new(), token_digest: String::new() },
    ] {
        let command = InstanceCommand { account: stranger(), at: start(), action };
        given(vec![]).when(command.clone()).then_expect_error(InstanceError::NotFound);
        Scenario::with(()).given_no_previous_events().when(command).then_expect_error(InstanceError::NotFound);
    }
}

#[test]
fn the_trial_ends_once_and_only_when_due() {
    given(vec![]).when(at(hours(48) - Duration::seconds(1), InstanceAction::ExpireTrial)).then_expect_events(vec![]);
    given(vec![]).when(at(hours(48), InstanceAction::ExpireTrial)).then_expect_events(vec![InstanceEvent::TrialExpired {}]);
    given(vec![InstanceEvent::TrialExpired {}]).when(at(hours(49), InstanceAction::ExpireTrial)).then_expect_events(vec![]);
    given(vec![subscribed()]).when(at(hours(48), InstanceAction::ExpireTrial)).then_expect_events(vec![]);
}

#[test]
fn the_end_of_the_trial_unlinks_the_number() {
    given(vec![paired("n1", None)])
        .when(at(hours(48), InstanceAction::ExpireTrial))
        .then_expect_events(vec![InstanceEvent::TrialExpired {}, ended(DisconnectReason::TrialExpired, Some("n1"))]);
}

#[test]
fn nothing_connects_after_the_trial_even_before_the_timer_rang() {
    for action in [InstanceAction::StartPairing, pair("n1"), InstanceAction::Reconnect, InstanceAction::Restart] {
        given(vec![]).when(at(hours(48), action)).then_expect_error(InstanceError::SubscribeAgain);
    }
}

#[test]
fn subscribing_twice_subscribes_once() {
    given(vec![]).when(at(start(), subscribe())).then_expect_events(vec![subscribed()]);
    given(vec![subscribed()]).when(at(start(), subscribe())).then_expect_events(vec![]);
}

#[test]
fn a_subscription_revives_and_can_be_taken_up_again() {
    given(vec![InstanceEvent::TrialExpired {}]).when(at(hours(50), subscribe())).then_expect_events(vec![subscribed()]);
    let cancelled = InstanceEvent::SubscriptionCancelled { ends_at: hours(720) };
    given(vec![subscribed(), cancelled.clone()]).when(at(hours(51), subscribe())).then_expect_events(vec![subscribed()]);
    given(vec![subscribed(), cancelled, InstanceEvent::ServiceEnded {}])
        .when(at(hours(900), subscribe()))
        .then_expect_events(vec![subscribed()]);
    given(vec![InstanceEvent::TrialExpired {}, subscribed()])
        .when(at(hours(51), InstanceAction::StartPairing))
        .then_expect_events(vec![InstanceEvent::PairingStarted {}]);
}

#[test]
fn service_ends_at_its_date_and_not_after_a_new_subscription() {
    let cancel = InstanceAction::CancelSubscription { ends_at: hours(720) };
    let cancelled = InstanceEvent::SubscriptionCancelled { ends_at: hours(720) };
    given(vec![]).when(at(start(), cancel.clone())).then_expect_error(InstanceError::NotSubscribed);
    given(vec![subscribed()]).when(at(start(), cancel.clone())).then_expect_events(vec![cancelled.clone()]);
    given(vec![subscribed(), cancelled.clone()]).when(at(start(), cancel)).then_expect_events(vec![]);
    let history = vec![subscribed(), paired("n1", None), cancelled];
    given(history.clone()).when(at(hours(719), InstanceAction::EndService)).then_expect_events(vec![]);
    given(history.clone())
        .when(at(hours(720), InstanceAction::EndService))
        .then_expect_events(vec![InstanceEvent::ServiceEnded {}, ended(DisconnectReason::ServiceEnded, Some("n1"))]);
    let taken_up = history.into_iter().chain([subscribed()]).collect();
    given(taken_up).when(at(hours(720), InstanceAction::EndService)).then_expect_events(vec![]);
}

#[test]
fn pairing_is_repeatable_and_the_number_exchangeable() {
    given(vec![InstanceEvent::PairingStarted {}]).when(at(start(), InstanceAction::StartPairing)).then_expect_events(vec![]);
    given(vec![InstanceEvent::PairingStarted {}]).when(at(start(), pair("n1"))).then_expect_events(vec![paired("n1", None)]);
    given(vec![paired("n1", None)]).when(at(start(), pair("n1"))).then_expect_events(vec![]);
    given(vec![paired("n1", None)]).when(at(start(), pair("n2"))).then_expect_events(vec![paired("n2", Some("n1"))]);
    given(vec![paired("n1", None)])
        .when(at(start(), InstanceAction::StartPairing))
        .then_expect_error(InstanceError::AlreadyConnected);
}

#[test]
fn a_lost_connection_keeps_the_link_and_a_logout_does_not() {
    let lost = ended(DisconnectReason::ConnectionLost, None);
    let online = vec![paired("n1", None)];
    let disconnect = |reason| at(start(), InstanceAction::Disconnect(reason));
    given(online.clone()).when(disconnect(DisconnectReason::ConnectionLost)).then_expect_events(vec![lost.clone()]);
    given(vec![paired("n1", None), lost.clone()])
        .when(at(start(), InstanceAction::Reconnect))
        .then_expect_events(vec![InstanceEvent::Reconnected {}]);
    given(vec![paired("n1", None), lost])
        .when(disconnect(DisconnectReason::User))
        .then_expect_events(vec![ended(DisconnectReason::User, Some("n1"))]);
    let unlinked = vec![paired("n1", None), ended(DisconnectReason::Phone, Some("n1"))];
    given(unlinked.clone()).when(at(start(), InstanceAction::Reconnect)).then_expect_error(InstanceError::NotConnected);
    given(unlinked.clone()).when(at(start(), InstanceAction::Restart)).then_expect_error(InstanceError::NotConnected);
    given(unlinked).when(disconnect(DisconnectReason::User)).then_expect_events(vec![]);
}

#[test]
fn giving_up_a_new_pairing_keeps_the_old_link() {
    let history = vec![
        paired("n1", None),
        ended(DisconnectReason::ConnectionLost, None),
        InstanceEvent::PairingStarted {},
        ended(DisconnectReason::PairingAbandoned, None),
    ];
    given(history).when(at(start(), InstanceAction::Reconnect)).then_expect_events(vec![InstanceEvent::Reconnected {}]);
}

#[test]
fn webhooks_change_kind_by_kind_and_only_when_different() {
    let url = WebhookUrl::parse("https://example.com/hook", false).unwrap();
    let change = WebhookChange::one(WebhookKind::ReceivedDelivery, Some(url.clone()));
    let webhooks = Webhooks { received_delivery: Some(url), ..Webhooks::default() };
    let changed = InstanceEvent::WebhooksChanged { webhooks, notify_sent_by_me: true };
    let command = at(start(), InstanceAction::ChangeWebhooks(change));
    given(vec![]).when(command.clone()).then_expect_events(vec![changed.clone()]);
    given(vec![changed]).when(command).then_expect_events(vec![]);
}

#[test]
fn the_terms_say_what_may_be_done_and_until_when() {
    let mut terms = ServiceTerms { trial_ends_at: hours(48), ..ServiceTerms::default() };
    assert_eq!(terms.payment_status(hours(47)), PaymentStatus::Trial);
    assert_eq!(terms.payment_status(hours(48)), PaymentStatus::Pending);
    assert!(terms.may_send(hours(48) - Duration::seconds(1)) && !terms.may_send(hours(48)));
    assert_eq!(terms.due(start()), hours(48));
    terms.subscription = Subscription::Active { plan: "PRO".to_owned() };
    assert_eq!(terms.payment_status(hours(480)), PaymentStatus::Paid);
    // Midnight of 1 November in São Paulo is 03:00 in UTC.
    assert_eq!(terms.due(start()), "2026-11-01T03:00:00Z".parse::<Timestamp>().unwrap());
    let last_hour: Timestamp = "2027-01-01T02:59:59Z".parse().unwrap();
    assert_eq!(terms.due(last_hour), "2027-01-01T03:00:00Z".parse::<Timestamp>().unwrap());
    terms.subscription = Subscription::Cancelling { plan: "PRO".to_owned(), ends_at: hours(720) };
    assert_eq!(terms.payment_status(hours(719)), PaymentStatus::Canceling);
    assert_eq!(terms.payment_status(hours(720)), PaymentStatus::Canceled);
    assert!(!terms.may_send(hours(720)));
}

#[test]
fn wire_names_and_fields_are_the_contract() {
    let json = serde_json::to_value(ended(DisconnectReason::ConnectionLost, None)).unwrap();
    assert_eq!(json, serde_json::json!({"type": "instance.disconnected", "reason": "connection_lost", "released_digest": null}));
    let old: InstanceEvent =
        serde_json::from_value(serde_json::json!({"type": "instance.disconnected", "reason": "user"})).unwrap();
    assert_eq!(old, ended(DisconnectReason::User, None));
    for event in [created(), subscribed(), paired("n", None), InstanceEvent::Restarted {}] {
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["type"], event.wire_name());
        assert_eq!(serde_json::from_value::<InstanceEvent>(json).unwrap(), event);
    }
}

#[test]
fn settings_change_one_by_one_and_only_when_they_differ() {
    let adjust = |change: SettingsChange| at(start(), InstanceAction::AdjustSettings(change));
    let reading = SettingsChange { auto_read_message: Some(true), ..SettingsChange::default() };
    let on = InstanceSettings { auto_read_message: true, ..InstanceSettings::default() };
    let changed = |settings: &InstanceSettings| InstanceEvent::SettingsChanged { settings: settings.clone() };
    given(vec![]).when(adjust(reading.clone())).then_expect_events(vec![changed(&on)]);
    given(vec![changed(&on)]).when(adjust(reading.clone())).then_expect_events(vec![]);
    given(vec![]).when(adjust(SettingsChange::default())).then_expect_events(vec![]);
    // The rest stays as it was.
    let text = SettingsChange { call_reject_message: Some(" Só por texto. ".to_owned()), ..SettingsChange::default() };
    let both = InstanceSettings { call_reject_message: Some("Só por texto.".to_owned()), ..on.clone() };
    given(vec![changed(&on)]).when(adjust(text)).then_expect_events(vec![changed(&both)]);
    let none = SettingsChange { call_reject_message: Some(String::new()), ..SettingsChange::default() };
    given(vec![changed(&both)]).when(adjust(none)).then_expect_events(vec![changed(&on)]);
    let foreign = InstanceCommand { account: stranger(), ..adjust(reading) };
    given(vec![]).when(foreign).then_expect_error(InstanceError::NotFound);
}

#[test]
fn a_text_for_rejected_calls_is_bounded() {
    let text = |text: String| SettingsChange { call_reject_message: Some(text), ..SettingsChange::default() }.is_valid();
    assert!(text("x".repeat(4_096)) && !text("x".repeat(4_097)) && !text("a\0b".to_owned()));
}
