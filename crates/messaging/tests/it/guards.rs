//! Opt-out, warm-up and the 24-hour rule on a real database.

use chrono::Duration;
use futures::future::join_all;
use recado_kernel::{ChatAddress, InstanceId, WireId};
use recado_messaging::{
    AcceptMessage, BeginSending, GuardMode, GuardRules, Incoming, KeyWords, MessageContent, MessageStatus, MessagingError,
    OptOutSource, Ripeness, WarmUpPlan,
};

use crate::stage::Stage;

const ANA: &str = "5562988887777";
const ANA_WITHOUT_NINE: &str = "556288887777";

fn chat(text: &str) -> ChatAddress {
    text.parse().unwrap()
}

impl Stage {
    async fn say(&self, instance: InstanceId, from: &str, text: &str, wire_id: &str) {
        let incoming = Incoming::from_chat(WireId::parse(wire_id).unwrap(), chat(from), MessageContent::text(text));
        self.messaging.record_incoming(&self.fact(instance), incoming).await.unwrap();
    }

    async fn write(&self, instance: InstanceId, to: &str) -> Result<(), MessagingError> {
        let access = self.access(instance).await;
        self.messaging.accept(&access, AcceptMessage::text(chat(to), "Olá")).await.map(drop)
    }

    async fn confirmations(&self) {
        let handlers = self.messaging.handlers();
        let wanted: Vec<_> = handlers.into_iter().filter(|handler| handler.topic() == "opt_out_confirmation").collect();
        self.kit.drain(&wanted).await;
        self.catch_up().await;
    }
}

#[tokio::test]
async fn a_word_takes_a_contact_off_at_once_with_proof_and_one_confirmation() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.pair(id, "5562900000001").await.unwrap();
    stage.write(id, ANA).await.unwrap();
    stage.say(id, ANA, " saír! ", "3EB0A1C9D2E47F0B6C01").await;
    // No read model has caught up: the claim alone refuses, however the number is written.
    for number in [ANA, ANA_WITHOUT_NINE] {
        let refused = stage.write(id, number).await.unwrap_err();
        assert!(matches!(refused, MessagingError::OptedOut), "{refused:?}");
    }
    stage.say(id, ANA_WITHOUT_NINE, "SAIR", "3EB0A1C9D2E47F0B6C02").await;
    stage.confirmations().await;
    assert_eq!(stage.count("opt_out.recorded").await, 1);

    let list = stage.messaging.opt_outs(stage.account, "8888", 1).await.unwrap();
    let ana = &list.contacts[0];
    assert_eq!((list.total, ana.contact.clone(), ana.source), (1, Some(chat(ANA)), OptOutSource::Word));
    assert_eq!((ana.word.as_deref(), ana.instance), (Some("SAIR"), Some(id)));
    assert_eq!(ana.wire_id.as_deref(), Some("3EB0A1C9D2E47F0B6C01"));
    assert!(stage.messaging.message(stage.account, ana.message.unwrap()).await.unwrap().is_some(), "the proof is a message");

    // The message from before waits and will not go out; the confirmation will.
    let waiting = stage.messaging.queue(stage.account, id, recado_messaging::QueuePage::default()).await.unwrap().items;
    let texts: Vec<&str> = waiting.iter().map(|item| item.content.as_ref().unwrap().as_text()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[1].contains("VOLTAR"), "{texts:?}");
    let begin = async |n: usize| stage.messaging.begin_sending(stage.account, id, waiting[n].message, 1, None).await.unwrap();
    assert!(matches!(begin(0).await, BeginSending::Skip));
    assert!(matches!(begin(1).await, BeginSending::Go(_)));
    stage.catch_up().await;
    let refused = stage.messaging.message(stage.account, waiting[0].message).await.unwrap().unwrap();
    assert_eq!((refused.status, refused.reason.as_deref()), (MessageStatus::Refused, Some("opted_out")));
    assert!(stage.messaging.message_content(stage.account, waiting[0].message).await.unwrap().is_none());
}

#[tokio::test]
async fn the_same_word_told_again_is_carried_out_once_and_a_contact_may_come_back() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let sair = "3EB0A1C9D2E47F0B6C01";
    let incoming = || Incoming::from_chat(WireId::parse(sair).unwrap(), chat(ANA), MessageContent::text("parar"));
    let fact = stage.fact(id);
    stage.messaging.record_incoming(&fact, incoming()).await.unwrap();
    stage.say(id, ANA, "voltar", "3EB0A1C9D2E47F0B6C02").await;
    assert!(stage.write(id, ANA).await.is_ok());
    // The engine did not hear our answer and tells the first message again.
    stage.messaging.record_incoming(&fact, incoming()).await.unwrap();
    assert!(stage.write(id, ANA).await.is_ok());
    stage.say(id, ANA, "Stop", "3EB0A1C9D2E47F0B6C03").await;
    assert!(matches!(stage.write(id, ANA).await, Err(MessagingError::OptedOut)));
    stage.confirmations().await;
    assert_eq!((stage.count("opt_out.recorded").await, stage.count("opt_out.lifted").await), (2, 1));
    // "voltar" of somebody who never left changes nothing.
    stage.say(id, "5562977776666", "voltar", "3EB0A1C9D2E47F0B6C04").await;
    assert_eq!(stage.count("opt_out.lifted").await, 1);
}

#[tokio::test]
async fn lists_are_kept_apart_by_account_and_by_person() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let meta = || stage.meta();
    let by_hand =
        async |who: &str| stage.messaging.opt_out_by_hand(meta(), &chat(who), Some("pediu por telefone")).await.unwrap();
    assert!(by_hand(ANA).await.changed);
    assert!(!by_hand(ANA_WITHOUT_NINE).await.changed);
    let group = stage.messaging.opt_out_by_hand(meta(), &chat("120363025486970112-group"), None).await;
    assert!(matches!(group, Err(MessagingError::NotAPerson)));
    assert!(stage.write(id, "120363025486970112-group").await.is_ok());
    // The same contact under its hidden address.
    let lid = "20456789012345@lid";
    assert!(stage.write(id, lid).await.is_ok());
    stage.messaging.opt_out_also_known(meta(), &chat(ANA), &chat(lid)).await.unwrap();
    assert!(matches!(stage.write(id, lid).await, Err(MessagingError::OptedOut)));

    let other = recado_kernel::AccountId::from_uuid(stage.kit.platform.new_uuid());
    assert!(!stage.messaging.has_opted_out(other, &chat(ANA)).await.unwrap());
    stage.catch_up().await;
    let list = stage.messaging.opt_outs(stage.account, "", 1).await.unwrap();
    assert_eq!(stage.messaging.opt_outs(other, "", 1).await.unwrap().total, 0);
    let contact = list.contacts[0].id;
    let stranger = stage.messaging.opt_in_by_hand(stage.meta_of(other), contact, "quero").await;
    assert!(matches!(stranger, Err(MessagingError::NotOnList)));
    assert!(matches!(stage.messaging.opt_in_by_hand(meta(), contact, " ").await, Err(MessagingError::Reason)));
    stage.messaging.opt_in_by_hand(meta(), contact, "pediu de volta").await.unwrap();
    assert!(stage.write(id, lid).await.is_ok() && stage.write(id, ANA).await.is_ok());
    // Numbers and reasons stand nowhere in clear but in the read model.
    let log = stage.kit.dump(&["events", "work", "command_log", "claim"]).await;
    for text in [ANA, "pediu"] {
        assert!(!log.contains(text), "{text} in clear");
    }
}

#[tokio::test]
async fn a_file_is_taken_in_and_given_out_again() {
    let stage = Stage::start().await;
    let file = "telefone;motivo\n5562988887777;pediu\n556288887777;de novo\nabc;x\n5562977776666;=1+1\n";
    let meta = stage.meta();
    let done = stage.messaging.import_opt_outs(meta.clone(), file.as_bytes()).await.unwrap();
    assert_eq!((done.added, done.known, done.bad_count), (2, 0, 1));
    assert_eq!(done.bad[0].line, 4);
    let again = stage.messaging.import_opt_outs(stage.meta(), file.as_bytes()).await.unwrap();
    assert_eq!((again.added, again.known), (0, 2));
    assert_eq!(stage.count("opt_out.recorded").await, 2);
    stage.catch_up().await;
    let all = stage.messaging.opt_outs_after(stage.account, None, 1).await.unwrap();
    let last = all.last().unwrap();
    let rest = stage.messaging.opt_outs_after(stage.account, Some((last.recorded_at, last.id)), 10).await.unwrap();
    assert_eq!((all.len(), rest.len()), (1, 1));
    let line = recado_messaging::Messaging::opt_out_file_line(&rest[0], "arquivo").unwrap();
    assert_eq!(line.split(';').nth(3), Some("file"), "{line}");
}

#[tokio::test]
async fn words_and_the_confirmation_are_the_accounts_own() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let words = KeyWords::read("não quero mais", "").unwrap();
    let rules = GuardRules { words, confirmation: Some("  ".into()), ..GuardRules::default() };
    stage.messaging.change_guard_rules(stage.meta(), rules.clone()).await.unwrap();
    stage.catch_up().await;
    stage.say(id, ANA, "SAIR", "3EB0A1C9D2E47F0B6C01").await;
    assert!(stage.write(id, ANA).await.is_ok());
    stage.say(id, ANA, "Nao Quero Mais.", "3EB0A1C9D2E47F0B6C02").await;
    assert!(matches!(stage.write(id, ANA).await, Err(MessagingError::OptedOut)));
    stage.confirmations().await;
    assert_eq!(stage.messaging.queue_count(stage.account, id).await.unwrap(), 1, "no confirmation");
    let long = GuardRules { confirmation: Some("x".repeat(1_001)), ..rules };
    let refused = stage.messaging.change_guard_rules(stage.meta(), long).await;
    assert!(matches!(refused, Err(MessagingError::Confirmation)));
}

async fn warming(stage: &Stage, plan: &str, mode: GuardMode) -> InstanceId {
    let id = stage.instance().await;
    stage.messaging.subscribe(stage.meta(), id, None).await.unwrap();
    stage.pair(id, "5562900000001").await.unwrap();
    let plan = Some(WarmUpPlan::parse(plan).unwrap());
    stage.messaging.change_warm_up(stage.meta(), id, mode, plan).await.unwrap();
    stage.catch_up().await;
    id
}

#[tokio::test]
async fn the_allowance_of_new_contacts_holds_under_parallel_requests_of_two_processes() {
    let stage = Stage::start().await;
    let id = warming(&stage, "5, 8", GuardMode::Enforce).await;
    let other = recado_messaging::Messaging::new(stage.kit.another_process(), stage.messaging.settings().clone());
    let access = stage.access(id).await;
    let requests = (0..30).map(|n| {
        let process = if n % 2 == 0 { &stage.messaging } else { &other };
        process.accept(&access, AcceptMessage::text(chat(&format!("55629777700{n:02}")), "Olá"))
    });
    let answers = join_all(requests).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
    let refusal = answers.into_iter().find_map(Result::err).unwrap();
    assert!(matches!(refusal, MessagingError::WarmUp { allowed: 5 }), "{refusal:?}");
    stage.catch_up().await;
    let state = stage.messaging.guard_state(stage.account, id).await.unwrap();
    assert_eq!((state.warm_up.age, state.warm_up.used, state.warm_up.allowed), (1, 5, Some(5)));

    // Who is known may be written to, also under the other form of the number; who writes first is no new contact.
    stage.say(id, ANA, "Oi", "3EB0A1C9D2E47F0B6C01").await;
    stage.catch_up().await;
    for known in [ANA, ANA_WITHOUT_NINE, ANA] {
        assert!(stage.write(id, known).await.is_ok(), "{known}");
    }
    stage.kit.clock.advance(Duration::days(1));
    for n in 0..8 {
        stage.write(id, &format!("55629666600{n:02}")).await.unwrap();
    }
    assert!(matches!(stage.write(id, "5562955550000").await, Err(MessagingError::WarmUp { allowed: 8 })));
    // After the plan there is no limit.
    stage.kit.clock.advance(Duration::days(1));
    assert!(stage.write(id, "5562955550000").await.is_ok());
}

#[tokio::test]
async fn advice_refuses_nothing_and_counts_all_the_same() {
    let stage = Stage::start().await;
    let id = warming(&stage, "2", GuardMode::Advise).await;
    for n in 0..4 {
        stage.write(id, &format!("55629777700{n:02}")).await.unwrap();
    }
    stage.write(id, "5562977770000").await.unwrap();
    stage.write(id, "120363025486970112-group").await.unwrap();
    stage.catch_up().await;
    let state = stage.messaging.guard_state(stage.account, id).await.unwrap();
    assert_eq!((state.warm_up.used, state.warm_up.has_room()), (4, false));
    // Meant strictly from now on, today is over.
    stage.messaging.change_warm_up(stage.meta(), id, GuardMode::Enforce, Some(WarmUpPlan::parse("2").unwrap())).await.unwrap();
    stage.catch_up().await;
    assert!(matches!(stage.write(id, "5562955550000").await, Err(MessagingError::WarmUp { .. })));
}

#[tokio::test]
async fn what_was_queued_without_a_number_counts_for_the_number_that_sends_it() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    stage.write(id, ANA).await.unwrap();
    stage.catch_up().await;
    stage.pair(id, "5562900000001").await.unwrap();
    stage.catch_up().await;
    assert_eq!(stage.messaging.guard_state(stage.account, id).await.unwrap().warm_up.used, 1);
}

#[tokio::test]
async fn a_young_number_waits_where_the_rule_is_meant_strictly() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let now = stage.kit.platform.now();
    stage.messaging.tell_registration(stage.meta(), id, now - Duration::hours(2)).await.unwrap();
    stage.catch_up().await;
    let (mode, ripeness) = stage.messaging.qr_rule(stage.account, id).await.unwrap();
    assert_eq!((mode, ripeness), (GuardMode::Advise, Ripeness::Until(now + Duration::hours(22))));
    assert!(stage.messaging.start_pairing(stage.meta(), id).await.is_ok(), "advice lets through");
    stage.messaging.disconnect(stage.meta(), id).await.unwrap();

    stage.messaging.change_qr_rule(stage.meta(), id, Some(GuardMode::Enforce)).await.unwrap();
    let young = stage.messaging.start_pairing(stage.meta(), id).await;
    assert!(matches!(young, Err(MessagingError::NumberTooYoung { .. })), "{young:?}");
    // The REST API has no such rule unless the account says so.
    let api = |stage: &Stage| {
        let client = recado_kernel::Actor::Api(id.public());
        stage.kit.platform.meta(stage.account, client, recado_kernel::Door::Api)
    };
    assert!(stage.messaging.start_pairing(api(&stage), id).await.is_ok());
    stage.messaging.disconnect(stage.meta(), id).await.unwrap();
    let rules = GuardRules { qr_rule_in_api: true, ..GuardRules::default() };
    stage.messaging.change_guard_rules(stage.meta(), rules).await.unwrap();
    stage.catch_up().await;
    assert!(matches!(stage.messaging.start_pairing(api(&stage), id).await, Err(MessagingError::NumberTooYoung { .. })));
    stage.kit.clock.advance(Duration::hours(22));
    assert!(stage.messaging.start_pairing(stage.meta(), id).await.is_ok());

    let other = stage.instance().await;
    stage.messaging.change_qr_rule(stage.meta(), other, Some(GuardMode::Enforce)).await.unwrap();
    let unknown = stage.messaging.start_pairing(stage.meta(), other).await;
    assert!(matches!(unknown, Err(MessagingError::RegistrationUnknown)), "{unknown:?}");
}
