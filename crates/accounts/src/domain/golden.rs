//! How today's code writes the events of accounts and staff; the golden files say how every version was written. See
//! `recado_testkit::GoldenFiles`.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use recado_kernel::{Locale, Sealed, Timestamp, UserId};
use recado_testkit::GoldenFiles;
use uuid::Uuid;

use super::account::{AccountEvent, ErasureReport, PasswordChange, SubjectErased, SubjectKind};
use super::staff::{StaffEvent, StaffRole};

fn user() -> UserId {
    "019a0000-0000-7000-8000-000000000001".parse().unwrap()
}

fn session() -> Uuid {
    "019a0000-0000-7000-8000-000000000009".parse().unwrap()
}

fn seal() -> Sealed {
    Sealed::from_token("5f0c6d1e9b5a5c0f8a4f0e2b7d3c1a90.1.c2VhbGVk".to_owned())
}

fn until() -> Timestamp {
    "2026-10-05T12:15:00Z".parse().unwrap()
}

fn registered(document: Option<Sealed>, locale: Locale) -> AccountEvent {
    AccountEvent::Registered {
        owner: user(),
        name: seal(),
        email: seal(),
        email_digest: "d1".into(),
        document,
        locale,
        password_protected: "p1".into(),
        client_token_protected: "p2".into(),
        client_token_digest: "d2".into(),
        partner_token_protected: "p3".into(),
        partner_token_digest: "d3".into(),
    }
}

fn erased(kind: SubjectKind) -> AccountEvent {
    let is_owner = kind == SubjectKind::Owner;
    let (event_type, read_model) =
        if is_owner { ("account.registered", "view_account") } else { ("message.accepted", "view_message") };
    AccountEvent::SubjectErased(Box::new(SubjectErased {
        subject: "5f0c6d1e-9b5a-5c0f-8a4f-0e2b7d3c1a90".parse().unwrap(),
        kind,
        user: is_owner.then(user),
        key_generation: 1,
        chat_digest: (!is_owner).then(|| "d1".to_owned()),
        report: ErasureReport {
            events: 2,
            event_types: [(event_type.to_owned(), 2)].into(),
            contents: 1,
            content_ids: vec![session()],
            cancelled: 1,
            read_models: vec![read_model.to_owned()],
            kept: vec!["1 invoices with amounts and numbers, without a name".to_owned()],
        },
    }))
}

fn account_samples() -> Vec<(&'static str, AccountEvent)> {
    use AccountEvent as E;
    let changed = |how, kept_session| E::PasswordChanged { user: user(), password_protected: "p1".into(), how, kept_session };
    vec![
        ("without a document", registered(None, Locale::PtBr)),
        ("with a document", registered(Some(seal()), Locale::En)),
        ("usual", E::RegistrationRepeated {}),
        ("usual", E::VerificationRequested { user: user() }),
        ("usual", E::Verified { user: user() }),
        ("usual", E::PasswordResetRequested { user: user() }),
        ("changed while signed in", changed(PasswordChange::Changed, Some(session()))),
        ("through a link", changed(PasswordChange::Reset, None)),
        ("known address and browser", E::SignedIn { user: user(), ip: Some(seal()), user_agent: Some(seal()) }),
        ("unknown address and browser", E::SignedIn { user: user(), ip: None, user_agent: None }),
        ("usual", E::SignInLocked { user: user(), until: until() }),
        ("usual", E::ClientTokenActivated {}),
        ("usual", E::ClientTokenRotated { token_protected: "p1".into(), token_digest: "d1".into() }),
        ("usual", E::PartnerTokenRotated { token_protected: "p1".into(), token_digest: "d1".into() }),
        ("active", E::IpListChanged { active: true, addresses_protected: "p1".into(), addresses_digest: "d1".into() }),
        ("with a document", E::ProfileChanged { user: user(), name: seal(), document: Some(seal()), locale: Locale::En }),
        ("without a document", E::ProfileChanged { user: user(), name: seal(), document: None, locale: Locale::PtBr }),
        ("usual", E::SupportViewed { what: "timeline".into() }),
        ("a contact", erased(SubjectKind::Contact)),
        ("the owner", erased(SubjectKind::Owner)),
    ]
}

fn staff_samples() -> Vec<(&'static str, StaffEvent)> {
    use StaffEvent as E;
    let created = |role| E::Created {
        email: seal(),
        email_digest: "d1".into(),
        role,
        locale: Locale::PtBr,
        password_protected: "p1".into(),
    };
    let changed = |how, kept_session| E::PasswordChanged { password_protected: "p1".into(), how, kept_session };
    vec![
        ("support", created(StaffRole::Support)),
        ("finance", created(StaffRole::Finance)),
        ("admin", created(StaffRole::Admin)),
        ("usual", E::PasswordResetRequested {}),
        ("changed while signed in", changed(PasswordChange::Changed, Some(session()))),
        ("through a link", changed(PasswordChange::Reset, None)),
        ("known address and browser", E::SignedIn { ip: Some(seal()), user_agent: Some(seal()) }),
        ("unknown address and browser", E::SignedIn { ip: None, user_agent: None }),
        ("usual", E::SignInLocked { until: until() }),
    ]
}

#[test]
fn golden_events() {
    GoldenFiles::of(env!("CARGO_MANIFEST_DIR")).events(&account_samples()).events(&staff_samples()).check();
}
