#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use cqrs_es::DomainEvent as _;
use cqrs_es::test::TestFramework;
use recado_kernel::{Locale, Sealed, Timestamp, UserId};
use uuid::Uuid;

use super::*;

fn owner() -> UserId {
    UserId::from_uuid(Uuid::from_u128(7))
}

fn sealed(text: &str) -> Sealed {
    Sealed::from_token(format!("sealed:{text}"))
}

fn token(text: &str) -> NewToken {
    NewToken { protected: format!("protected:{text}"), digest: format!("digest:{text}") }
}

fn registration(already_verified: bool) -> Registration {
    Registration {
        owner: owner(),
        name: sealed("Ana"),
        email: sealed("ana@exemplo.com"),
        email_digest: "digest:email".into(),
        document: None,
        locale: Locale::PtBr,
        password_protected: "protected:hash".into(),
        client_token: token("F"),
        partner_token: token("P"),
        already_verified,
    }
}

fn erasure(key_generation: i32, kind: SubjectKind) -> Erasure {
    let report = ErasureReport { events: 3, ..ErasureReport::default() };
    Erasure { subject: Uuid::from_u128(9), kind, key_generation, chat_digest: None, report }
}

fn erased(key_generation: i32, kind: SubjectKind, user: Option<UserId>) -> AccountEvent {
    let Erasure { subject, chat_digest, report, .. } = erasure(key_generation, kind);
    AccountEvent::SubjectErased(Box::new(SubjectErased { subject, kind, user, key_generation, chat_digest, report }))
}

#[test]
fn a_key_is_erased_once_and_a_later_one_of_the_same_subject_again() {
    let erase = |generation| AccountCommand::EraseSubject(Box::new(erasure(generation, SubjectKind::Contact)));
    let first = erased(1, SubjectKind::Contact, None);
    let account = || TestFramework::<Account>::with(()).given(vec![registered(), first.clone()]);
    TestFramework::<Account>::with(()).given(vec![registered()]).when(erase(1)).then_expect_events(vec![first.clone()]);
    account().when(erase(1)).then_expect_events(vec![]);
    account().when(erase(2)).then_expect_events(vec![erased(2, SubjectKind::Contact, None)]);
    TestFramework::<Account>::with(()).given_no_previous_events().when(erase(1)).then_expect_error(AccountError::Unknown);
}

#[test]
fn erasing_the_owner_says_which_person_that_was() {
    let command = AccountCommand::EraseSubject(Box::new(erasure(1, SubjectKind::Owner)));
    let wanted = erased(1, SubjectKind::Owner, Some(owner()));
    TestFramework::<Account>::with(()).given(vec![registered()]).when(command).then_expect_events(vec![wanted]);
}

fn registered() -> AccountEvent {
    AccountEvent::Registered {
        owner: owner(),
        name: sealed("Ana"),
        email: sealed("ana@exemplo.com"),
        email_digest: "digest:email".into(),
        document: None,
        locale: Locale::PtBr,
        password_protected: "protected:hash".into(),
        client_token_protected: "protected:F".into(),
        client_token_digest: "digest:F".into(),
        partner_token_protected: "protected:P".into(),
        partner_token_digest: "digest:P".into(),
    }
}

fn verified() -> AccountEvent {
    AccountEvent::Verified { user: owner() }
}

fn changed(how: PasswordChange) -> (AccountCommand, AccountEvent) {
    let (user, password_protected, kept_session) = (owner(), "protected:new".to_owned(), Some(Uuid::from_u128(1)));
    (
        AccountCommand::ChangePassword { user, password_protected: password_protected.clone(), how, kept_session },
        AccountEvent::PasswordChanged { user, password_protected, how, kept_session },
    )
}

type Framework = TestFramework<Account>;

#[tokio::test]
async fn a_registration_waits_for_the_address_to_be_proved() {
    Framework::with(())
        .given_no_previous_events()
        .when_async(AccountCommand::Register(Box::new(registration(false))))
        .await
        .then_expect_events(vec![registered()]);
    let sign_in = AccountCommand::RecordSignIn { user: owner(), ip: None, user_agent: None };
    Framework::with(()).given(vec![registered()]).when_async(sign_in.clone()).await.then_expect_error(AccountError::NotVerified);
    let signed_in = AccountEvent::SignedIn { user: owner(), ip: None, user_agent: None };
    Framework::with(()).given(vec![registered(), verified()]).when_async(sign_in).await.then_expect_events(vec![signed_in]);
}

#[tokio::test]
async fn the_operator_may_vouch_for_an_address() {
    Framework::with(())
        .given_no_previous_events()
        .when_async(AccountCommand::Register(Box::new(registration(true))))
        .await
        .then_expect_events(vec![registered(), verified()]);
}

#[tokio::test]
async fn an_account_is_registered_once() {
    Framework::with(())
        .given(vec![registered()])
        .when_async(AccountCommand::Register(Box::new(registration(false))))
        .await
        .then_expect_error(AccountError::AlreadyRegistered);
}

#[tokio::test]
async fn nothing_happens_to_an_account_that_does_not_exist() {
    for command in [
        AccountCommand::Verify { user: owner() },
        AccountCommand::ActivateClientToken,
        AccountCommand::RecordRepeatedRegistration,
        AccountCommand::RecordSupportView { what: "timeline".into() },
        changed(PasswordChange::Reset).0,
    ] {
        Framework::with(()).given_no_previous_events().when_async(command).await.then_expect_error(AccountError::Unknown);
    }
}

#[tokio::test]
async fn proving_twice_changes_nothing_and_needs_no_more_links() {
    let given = || Framework::with(()).given(vec![registered(), verified()]);
    given().when_async(AccountCommand::Verify { user: owner() }).await.then_expect_events(vec![]);
    given()
        .when_async(AccountCommand::RequestVerification { user: owner() })
        .await
        .then_expect_error(AccountError::AlreadyVerified);
}

#[tokio::test]
async fn a_stranger_is_refused() {
    let stranger = UserId::from_uuid(Uuid::from_u128(8));
    Framework::with(())
        .given(vec![registered()])
        .when_async(AccountCommand::Verify { user: stranger })
        .await
        .then_expect_error(AccountError::UnknownUser);
}

#[tokio::test]
async fn a_reset_through_the_mailbox_also_proves_it() {
    let (reset, event) = changed(PasswordChange::Reset);
    Framework::with(())
        .given(vec![registered()])
        .when_async(reset.clone())
        .await
        .then_expect_events(vec![event.clone(), verified()]);
    Framework::with(()).given(vec![registered(), verified()]).when_async(reset).await.then_expect_events(vec![event]);
    let (change, event) = changed(PasswordChange::Changed);
    Framework::with(()).given(vec![registered()]).when_async(change).await.then_expect_events(vec![event]);
}

#[tokio::test]
async fn the_client_token_is_activated_once_and_survives_its_rotation() {
    let active = AccountEvent::ClientTokenActivated {};
    Framework::with(())
        .given(vec![registered()])
        .when_async(AccountCommand::ActivateClientToken)
        .await
        .then_expect_events(vec![active.clone()]);
    Framework::with(())
        .given(vec![registered(), active.clone()])
        .when_async(AccountCommand::ActivateClientToken)
        .await
        .then_expect_events(vec![]);
    let account = after(vec![
        registered(),
        active,
        AccountEvent::ClientTokenRotated { token_protected: "protected:F2".into(), token_digest: "digest:F2".into() },
    ]);
    assert!(account.client_token_active());
    assert_eq!(account.client_token().unwrap().digest, "digest:F2");
    assert_eq!(account.partner_token().unwrap().digest, "digest:P");
}

fn after(events: Vec<AccountEvent>) -> Account {
    let mut account = Account::default();
    for event in events {
        cqrs_es::Aggregate::apply(&mut account, event);
    }
    account
}

#[test]
fn a_new_password_and_a_new_profile_take_effect() {
    let profile = AccountEvent::ProfileChanged { user: owner(), name: sealed("Bia"), document: None, locale: Locale::En };
    let account = after(vec![registered(), changed(PasswordChange::Changed).1, profile]);
    let (id, member) = account.member_by_email("digest:email").unwrap();
    assert_eq!((id, member.role), (owner(), Role::Owner));
    assert_eq!(member.password_protected, "protected:new");
    assert_eq!((&member.name, member.locale), (&sealed("Bia"), Locale::En));
    assert_eq!(account.member_by_email("digest:other"), None);
}

/// The names on the wire are for ever, and the tag in the payload is the event's type.
#[test]
fn wire_names() {
    let user = owner();
    let until = Timestamp::UNIX_EPOCH;
    let rotated = || ("p".to_owned(), "d".to_owned());
    let events = [
        (registered(), "account.registered"),
        (AccountEvent::RegistrationRepeated {}, "account.registration_repeated"),
        (AccountEvent::VerificationRequested { user }, "account.verification_requested"),
        (verified(), "account.verified"),
        (AccountEvent::PasswordResetRequested { user }, "account.password_reset_requested"),
        (changed(PasswordChange::Reset).1, "account.password_changed"),
        (AccountEvent::SignedIn { user, ip: None, user_agent: None }, "account.signed_in"),
        (AccountEvent::SignInLocked { user, until }, "account.sign_in_locked"),
        (AccountEvent::ClientTokenActivated {}, "account.client_token_activated"),
        (
            AccountEvent::ClientTokenRotated { token_protected: rotated().0, token_digest: rotated().1 },
            "account.client_token_rotated",
        ),
        (
            AccountEvent::PartnerTokenRotated { token_protected: rotated().0, token_digest: rotated().1 },
            "account.partner_token_rotated",
        ),
        (AccountEvent::ProfileChanged { user, name: sealed("x"), document: None, locale: Locale::En }, "account.profile_changed"),
        (
            AccountEvent::IpListChanged { active: true, addresses_protected: rotated().0, addresses_digest: rotated().1 },
            "account.ip_list_changed",
        ),
        (AccountEvent::SupportViewed { what: "timeline".into() }, "account.support_viewed"),
    ];
    for (event, name) in events {
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!((event.event_type().as_str(), json["type"].as_str()), (name, Some(name)));
        assert_eq!(serde_json::from_value::<AccountEvent>(json).unwrap(), event);
    }
}

#[test]
fn a_list_of_addresses_changes_only_when_it_differs() {
    let list = |active: bool, digest: &str| IpList { active, protected: "protected:list".into(), digest: digest.to_owned() };
    let changed = |active: bool, digest: &str| AccountEvent::IpListChanged {
        active,
        addresses_protected: "protected:list".into(),
        addresses_digest: digest.to_owned(),
    };
    let account = |events: Vec<AccountEvent>| Framework::with(()).given(std::iter::once(registered()).chain(events).collect());
    let change = |active: bool, digest: &str| AccountCommand::ChangeIpList(list(active, digest));
    account(vec![]).when(change(true, "d1")).then_expect_events(vec![changed(true, "d1")]);
    account(vec![changed(true, "d1")]).when(change(true, "d1")).then_expect_events(vec![]);
    account(vec![changed(true, "d1")]).when(change(false, "d1")).then_expect_events(vec![changed(false, "d1")]);
    account(vec![changed(true, "d1")]).when(change(true, "d2")).then_expect_events(vec![changed(true, "d2")]);
    Framework::with(()).given_no_previous_events().when(change(true, "d1")).then_expect_error(AccountError::Unknown);
}
