//! From the form to the panel and out again.

use chrono::Duration;
use recado_accounts::{
    AccountStatus, LinkError, Permission, PrincipalKind, Register, RegisterError, RequestError, Role, SignInError,
};

use crate::world::{EMAIL, NAME, PASSWORD, World, form, token_in};

#[tokio::test]
async fn the_whole_way() {
    let w = World::start().await;
    w.register(EMAIL).await;
    let mails = w.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), (EMAIL, "Confirme seu e-mail no Recado"));
    assert!(mails[0].text.contains("\nhttps://painel.recado.example/verificar?token="), "{}", mails[0].text);

    assert!(matches!(w.sign_in(EMAIL, PASSWORD).await, Err(SignInError::Unverified)));
    let account = w.accounts.verify(&token_in(&mails[0])).await.unwrap();
    let signed_in = w.sign_in(" ANA.Padeira@exemplo.com.br", PASSWORD).await.unwrap();
    let token = signed_in.token.as_str();

    // Before the read models know the person, and after.
    let early = w.accounts.session(token).await.unwrap().unwrap();
    w.settle().await;
    let principal = w.accounts.session(token).await.unwrap().unwrap();
    assert_eq!(early, principal);
    assert_eq!(signed_in.principal, principal);
    assert_eq!((principal.name.as_str(), principal.email.as_str(), principal.verified), (NAME, EMAIL, true));
    assert!(matches!(principal.kind, PrincipalKind::User { account_id, role: Role::Owner, .. } if account_id == account));
    assert_eq!(principal.require(Permission::ManageAccount), Ok(account));

    let row = w.accounts.account(account).await.unwrap().unwrap();
    assert_eq!((row.status, row.document.as_deref()), (AccountStatus::Active, Some("52998224725")));
    assert_eq!(row.last_sign_in_at, Some(w.t.platform.now()));
    assert_eq!(w.events("account.signed_in").await, 1);

    w.accounts.sign_out(token).await.unwrap();
    assert_eq!(w.accounts.session(token).await.unwrap(), None);
    w.accounts.sign_out(token).await.unwrap();
}

#[tokio::test]
async fn a_duplicate_address_gets_the_same_answer_and_its_owner_a_mail() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    w.register("Ana.Padeira@EXEMPLO.com.br").await;
    let mails = w.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), (EMAIL, "Você já tem uma conta no Recado"));
    assert!(!mails[0].text.contains("token="));
    assert_eq!((w.events("account.registered").await, w.events("account.registration_repeated").await), (1, 1));
    assert!(w.sign_in(EMAIL, PASSWORD).await.is_ok(), "the first password stands");
}

#[tokio::test]
async fn registering_again_before_the_proof_sends_another_link() {
    let w = World::start().await;
    w.register(EMAIL).await;
    w.t.clock.advance(Duration::minutes(1));
    w.register(EMAIL).await;
    let mails = w.mails().await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].subject, "Confirme seu e-mail no Recado");
    w.accounts.verify(&token_in(&mails[0])).await.unwrap();
    assert!(matches!(w.accounts.verify(&token_in(&mails[1])).await, Err(LinkError::Used)), "all links of the person are over");
}

#[tokio::test]
async fn two_at_once_with_one_address_make_one_account() {
    let w = World::start().await;
    let (one, two) = tokio::join!(w.accounts.register(form(EMAIL)), w.accounts.register(form(EMAIL)));
    assert!(one.is_ok() && two.is_ok());
    w.settle().await;
    assert_eq!(w.events("account.registered").await, 1);
}

#[tokio::test]
async fn a_link_expires_and_another_is_sent() {
    let w = World::start().await;
    w.register(EMAIL).await;
    let first = token_in(&w.mails().await[0]);
    w.t.clock.advance(Duration::hours(48));
    assert!(matches!(w.accounts.verify(&first).await, Err(LinkError::Expired)));
    w.accounts.resend_verification(EMAIL).await.unwrap();
    w.settle().await;
    let second = token_in(&w.mails().await[0]);
    w.accounts.verify(&second).await.unwrap();
    assert!(matches!(w.accounts.verify(&second).await, Err(LinkError::Used)));
    assert!(matches!(w.accounts.verify("made-up").await, Err(LinkError::Unknown)));
}

#[tokio::test]
async fn bad_input_stores_nothing() {
    let w = World::start().await;
    let bad = Register { document: Some("11.222.333/0001-82".into()), ..form(EMAIL) };
    let Err(RegisterError::Invalid(problems)) = w.accounts.register(bad).await else { unreachable!("an invalid CNPJ") };
    assert_eq!(problems.iter().map(|p| (p.field(), p.code())).collect::<Vec<_>>(), [("document", "document_check_digits")]);
    for name in ["x".repeat(300), "a\u{7}b".to_owned(), " ".to_owned()] {
        assert!(matches!(w.accounts.register(Register { name, ..form(EMAIL) }).await, Err(RegisterError::Invalid(_))));
    }
    w.settle().await;
    assert!(w.mails().await.is_empty());
    assert_eq!(w.events("account.registered").await, 0);
}

#[tokio::test]
async fn requests_for_unknown_addresses_are_answered_alike_and_do_nothing() {
    let w = World::start().await;
    w.accounts.resend_verification("ninguem@exemplo.com").await.unwrap();
    w.accounts.forgotten_password("ninguem@exemplo.com").await.unwrap();
    assert!(matches!(w.accounts.forgotten_password("ninguem").await, Err(RequestError::Email)));
    w.settle().await;
    assert!(w.mails().await.is_empty());
}

#[tokio::test]
async fn a_mailbox_is_not_flooded() {
    let w = World::start().await;
    w.register(EMAIL).await;
    for _ in 0..12 {
        w.accounts.resend_verification(EMAIL).await.unwrap();
    }
    w.settle().await;
    assert_eq!(w.mails().await.len(), 1 + 5);
    w.t.clock.advance(Duration::minutes(61));
    w.accounts.resend_verification(EMAIL).await.unwrap();
    w.settle().await;
    assert_eq!(w.mails().await.len(), 7);
}
