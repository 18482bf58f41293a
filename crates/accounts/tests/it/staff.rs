//! The operator's people.

use recado_accounts::{
    CreateStaff, CreateStaffError, Permission, Principal, PrincipalKind, StaffPermission, StaffRole, SupportError,
};
use recado_kernel::AccountId;

use crate::world::{EMAIL, NAME, PASSWORD, World, secret, token_in};

const SUPPORT: &str = "suporte@recado.example";

async fn staff(w: &World, email: &str, role: StaffRole) -> Principal {
    w.accounts.create_staff(CreateStaff { email: email.into(), password: secret(PASSWORD), role }).await.unwrap();
    w.settle().await;
    let signed_in = w.sign_in(email, PASSWORD).await.unwrap();
    w.accounts.session(signed_in.token.as_str()).await.unwrap().unwrap()
}

#[tokio::test]
async fn staff_come_in_through_the_same_door() {
    let w = World::start().await;
    let support = staff(&w, SUPPORT, StaffRole::Support).await;
    assert!(matches!(support.kind, PrincipalKind::Staff { role: StaffRole::Support, .. }));
    assert_eq!((support.name.as_str(), support.email.as_str()), ("suporte", SUPPORT));
    assert!(support.staff_may(StaffPermission::ReadTimeline) && !support.staff_may(StaffPermission::CloseMonth));
    assert!(support.require(Permission::ViewInstances).is_err());
    w.accounts.change_password(&support, secret(PASSWORD), secret("outra senha longa")).await.unwrap();
    w.accounts.forgotten_password(SUPPORT).await.unwrap();
    w.settle().await;
    let mails = w.mails().await;
    let reset = mails.iter().find(|mail| mail.subject == "Nova senha no Recado").unwrap();
    w.accounts.reset_password(&token_in(reset), secret("mais uma senha")).await.unwrap();
    assert!(w.sign_in(SUPPORT, "mais uma senha").await.is_ok());
}

#[tokio::test]
async fn an_address_is_a_customers_or_staffs_never_both() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let form = CreateStaff { email: EMAIL.into(), password: secret(PASSWORD), role: StaffRole::Admin };
    assert!(matches!(w.accounts.create_staff(form).await, Err(CreateStaffError::EmailTaken)));
    let form = CreateStaff { email: SUPPORT.into(), password: secret("curta"), role: StaffRole::Admin };
    assert!(matches!(w.accounts.create_staff(form).await, Err(CreateStaffError::Password(_))));
}

#[tokio::test]
async fn support_finds_accounts_and_leaves_a_trace() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let bia = w.customer("bia_100%@exemplo.com").await;
    let support = staff(&w, SUPPORT, StaffRole::Support).await;
    let found = async |text: &str| {
        let rows = w.accounts.search_accounts(&support, text).await.unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(found(EMAIL).await, [ana.account_id]);
    assert_eq!(found("PADEIRA unica").await.len(), 2, "both carry the name {NAME}");
    assert_eq!(found("100%").await, [bia.account_id]);
    assert_eq!(found("%%%").await, []);
    assert_eq!(found("an").await, [], "too short");
    assert_eq!(found(&ana.account_id.to_string()).await, [ana.account_id]);
    let refused = w.accounts.search_accounts(&ana.principal, EMAIL).await;
    assert!(matches!(refused, Err(SupportError::Forbidden(_))));

    w.accounts.record_support_read(&support, ana.account_id, "timeline").await.unwrap();
    w.accounts.record_support_read(&support, ana.account_id, "timeline").await.unwrap();
    let filter = recado_event_store::history::TimelineFilter::default();
    let events = recado_event_store::history::timeline(w.t.platform.pool(), ana.account_id, &filter, 10).await.unwrap();
    assert_eq!(events[0].event_type, "account.support_viewed");
    assert_eq!(events[0].actor, support.actor());
    assert_eq!(w.events("account.support_viewed").await, 2, "every read");
    let nobody = AccountId::from_uuid(w.t.platform.new_uuid());
    let finance = staff(&w, "financeiro@recado.example", StaffRole::Finance).await;
    assert!(!finance.staff_may(StaffPermission::ReadTimeline) && !finance.staff_may(StaffPermission::FindAccounts));
    w.accounts.record_support_read(&finance, ana.account_id, "charge").await.unwrap();
    let unknown = w.accounts.record_support_read(&support, nobody, "timeline").await;
    assert!(matches!(unknown, Err(SupportError::UnknownAccount)));
    assert!(w.accounts.record_support_read(&ana.principal, ana.account_id, "timeline").await.is_err());
}
