//! The Client-Token and the partner token.

use recado_accounts::{ChangeProfile, ClientTokenCheck, PartnerTokenKind, Principal, PrincipalKind, Role};
use recado_kernel::Locale;

use crate::world::{EMAIL, PASSWORD, World};

fn as_role(principal: &Principal, role: Role) -> Principal {
    let PrincipalKind::User { account_id, user_id, .. } = principal.kind else { unreachable!("a customer") };
    Principal { kind: PrincipalKind::User { account_id, user_id, role }, ..principal.clone() }
}

#[tokio::test]
async fn the_client_token_counts_once_activated() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let check = async |given: Option<&str>| w.accounts.check_client_token(ana.account_id, given).await.unwrap();
    let token = ana.client_token.expose().as_str();
    assert_eq!(token.len(), 34);
    assert!(token.starts_with('F') && token.ends_with('S'));
    assert!(token[1..33].bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));

    assert_eq!(check(None).await, ClientTokenCheck::Ok);
    assert_eq!(check(Some("whatever")).await, ClientTokenCheck::Ok);
    let shown = w.accounts.client_token(&ana.principal).await.unwrap();
    assert_eq!((shown.token.expose().as_str(), shown.active), (token, false));

    w.accounts.activate_client_token(&ana.principal).await.unwrap();
    w.settle().await;
    assert_eq!(check(None).await, ClientTokenCheck::Missing);
    assert_eq!(check(Some(" ")).await, ClientTokenCheck::Missing);
    assert_eq!(check(Some("F00")).await, ClientTokenCheck::Wrong);
    assert_eq!(check(Some(token)).await, ClientTokenCheck::Ok);

    let new = w.accounts.rotate_client_token(&ana.principal).await.unwrap();
    w.settle().await;
    assert!(new.active);
    assert_eq!(check(Some(token)).await, ClientTokenCheck::Wrong);
    assert_eq!(check(Some(new.token.expose())).await, ClientTokenCheck::Ok);
}

#[tokio::test]
async fn a_new_account_is_known_before_the_read_models_know_it() {
    let w = World::start().await;
    let given =
        recado_accounts::CreateAccount { email: EMAIL.into(), password: crate::world::secret(PASSWORD), name: "Ana".into() };
    let ana = w.accounts.create_verified_account(given).await.unwrap();
    assert_eq!(w.accounts.check_client_token(ana.account_id, None).await.unwrap(), ClientTokenCheck::Ok);
    let found = w.accounts.find_by_partner_token(ana.partner_token.expose()).await.unwrap();
    assert_eq!(found, Some(ana.account_id));
}

#[tokio::test]
async fn partner_routes_take_both_tokens_and_forget_rotated_ones() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let access = async |token: &str| w.accounts.partner_access(token).await.unwrap();
    let first = access(ana.client_token.expose()).await.unwrap();
    assert_eq!((first.account_id, first.kind), (ana.account_id, PartnerTokenKind::First));
    let partner = access(ana.partner_token.expose()).await.unwrap();
    assert_eq!((partner.account_id, partner.kind), (ana.account_id, PartnerTokenKind::Partner));
    assert_eq!(access("P0S").await, None);

    let new = w.accounts.rotate_partner_token(&ana.principal).await.unwrap();
    assert_eq!(access(ana.partner_token.expose()).await, None);
    assert_eq!(access(new.token.expose()).await.map(|a| a.account_id), Some(ana.account_id));
    assert_ne!(new.token.expose(), ana.partner_token.expose());
}

#[tokio::test]
async fn roles_are_asked() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let developer = as_role(&ana.principal, Role::Developer);
    let operator = as_role(&ana.principal, Role::Operator);
    assert!(w.accounts.client_token(&developer).await.is_ok());
    assert!(w.accounts.activate_client_token(&developer).await.is_err());
    assert!(w.accounts.client_token(&operator).await.is_err());
    assert!(w.accounts.partner_token(&operator).await.is_err());
    assert!(w.accounts.rotate_client_token(&operator).await.is_err());
}

#[tokio::test]
async fn the_profile_changes_the_address_does_not() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let session = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    let document = Some("12.ABC.345/01DE-35".to_owned());
    let form = ChangeProfile { name: "Padaria da Ana".into(), document, locale: Locale::En };
    w.accounts.change_profile(&ana.principal, form).await.unwrap();
    w.settle().await;
    let row = w.accounts.account(ana.account_id).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.document.as_deref()), ("Padaria da Ana", Some("12ABC34501DE35")));
    let principal = w.accounts.session(session.token.as_str()).await.unwrap().unwrap();
    assert_eq!((principal.name.as_str(), principal.locale, principal.email.as_str()), ("Padaria da Ana", Locale::En, EMAIL));
    let bad = ChangeProfile { name: "x".repeat(300), document: None, locale: Locale::En };
    assert_eq!(w.accounts.change_profile(&ana.principal, bad).await.unwrap_err().code(), "name_too_long");
}

#[tokio::test]
async fn integrator_tokens_are_shown_once_used_and_made_void() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let other = w.customer("outra@exemplo.com").await;
    let access = async |token: &str| w.accounts.partner_access(token).await.unwrap();
    let token = w.accounts.create_partner_token(&ana.principal, ana.account_id, "ERP da loja").await.unwrap();
    let list = async || w.accounts.partner_tokens(&ana.principal, ana.account_id).await.unwrap();
    w.settle().await;
    let row = list().await.remove(0);
    assert_eq!((row.name.as_str(), row.revoked_at, row.last_used_at), ("ERP da loja", None, None));
    assert!(token.expose().ends_with(&format!("{}S", row.tail)), "{row:?}");

    let found = access(token.expose()).await.unwrap();
    assert_eq!((found.account_id, found.kind), (ana.account_id, PartnerTokenKind::Partner));
    assert!(list().await[0].last_used_at.is_some());
    // Only the digest is kept.
    let kept = w.t.dump(&["events", "view_partner_token", "claim", "partner_token_use"]).await;
    assert!(!kept.contains(token.expose().as_str()), "the token is stored in clear");

    let developer = as_role(&ana.principal, Role::Developer);
    assert!(w.accounts.create_partner_token(&developer, ana.account_id, "x").await.is_err());
    for (principal, account) in [(&other.principal, ana.account_id), (&ana.principal, other.account_id)] {
        assert!(w.accounts.revoke_partner_token(principal, account, row.token_id).await.is_err());
        assert!(w.accounts.partner_tokens(principal, account).await.is_err());
    }
    assert_eq!(w.accounts.create_partner_token(&ana.principal, ana.account_id, " ").await.unwrap_err().code(), "name_invalid");

    w.accounts.revoke_partner_token(&ana.principal, ana.account_id, row.token_id).await.unwrap();
    w.accounts.revoke_partner_token(&ana.principal, ana.account_id, row.token_id).await.unwrap();
    assert_eq!(access(token.expose()).await, None);
    w.settle().await;
    assert!(list().await[0].revoked_at.is_some());
}
