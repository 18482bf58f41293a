#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use cqrs_es::DomainEvent as _;
use cqrs_es::test::TestFramework;
use recado_kernel::{Locale, Sealed, Timestamp};

use super::*;
use crate::domain::account::PasswordChange;

fn created() -> StaffEvent {
    StaffEvent::Created {
        email: Sealed::from_token("sealed".into()),
        email_digest: "digest".into(),
        role: StaffRole::Support,
        locale: Locale::PtBr,
        password_protected: "protected:hash".into(),
    }
}

fn create() -> StaffCommand {
    StaffCommand::Create {
        email: Sealed::from_token("sealed".into()),
        email_digest: "digest".into(),
        role: StaffRole::Support,
        locale: Locale::PtBr,
        password_protected: "protected:hash".into(),
    }
}

#[tokio::test]
async fn is_created_once() {
    let framework = || TestFramework::<Staff>::with(());
    framework().given_no_previous_events().when_async(create()).await.then_expect_events(vec![created()]);
    framework().given(vec![created()]).when_async(create()).await.then_expect_error(StaffError::AlreadyCreated);
}

#[tokio::test]
async fn does_nothing_before() {
    let sign_in = StaffCommand::RecordSignIn { ip: None, user_agent: None };
    TestFramework::<Staff>::with(()).given_no_previous_events().when_async(sign_in).await.then_expect_error(StaffError::Unknown);
}

#[tokio::test]
async fn takes_a_new_password() {
    let how = PasswordChange::Changed;
    let changed = StaffEvent::PasswordChanged { password_protected: "protected:new".into(), how, kept_session: None };
    TestFramework::<Staff>::with(())
        .given(vec![created()])
        .when_async(StaffCommand::ChangePassword { password_protected: "protected:new".into(), how, kept_session: None })
        .await
        .then_expect_events(vec![changed.clone()]);
    let mut staff = Staff::default();
    cqrs_es::Aggregate::apply(&mut staff, created());
    cqrs_es::Aggregate::apply(&mut staff, changed);
    assert_eq!(staff.profile().unwrap().password_protected, "protected:new");
}

#[test]
fn wire_names() {
    let how = PasswordChange::Reset;
    let events = [
        (created(), "staff.created"),
        (StaffEvent::PasswordResetRequested {}, "staff.password_reset_requested"),
        (StaffEvent::PasswordChanged { password_protected: "p".into(), how, kept_session: None }, "staff.password_changed"),
        (StaffEvent::SignedIn { ip: None, user_agent: None }, "staff.signed_in"),
        (StaffEvent::SignInLocked { until: Timestamp::UNIX_EPOCH }, "staff.sign_in_locked"),
    ];
    for (event, name) in events {
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!((event.event_type().as_str(), json["type"].as_str()), (name, Some(name)));
        assert_eq!(serde_json::from_value::<StaffEvent>(json).unwrap(), event);
    }
}
