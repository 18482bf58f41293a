//! Forgotten and changed passwords.

use chrono::Duration;
use recado_accounts::{ChangePasswordError, LinkError, PasswordProblem, ResetPasswordError, SignInError};

use crate::world::{EMAIL, PASSWORD, World, secret, token_in};

const NEW: &str = "broa de milho às sete";

async fn reset_token(w: &World) -> String {
    w.accounts.forgotten_password(EMAIL).await.unwrap();
    w.settle().await;
    token_in(&w.mails().await[0])
}

#[tokio::test]
async fn a_reset_link_works_once_and_ends_every_session() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let session = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    let token = reset_token(&w).await;
    assert_eq!(w.mails().await[0].subject, "Nova senha no Recado");

    let short = w.accounts.reset_password(&token, secret("curta")).await;
    assert!(matches!(short, Err(ResetPasswordError::Password(PasswordProblem::TooShort))), "the link still works");
    w.t.clock.advance(Duration::minutes(1));
    w.accounts.reset_password(&token, secret(NEW)).await.unwrap();
    let again = w.accounts.reset_password(&token, secret("outra senha longa")).await;
    assert!(matches!(again, Err(ResetPasswordError::Link(LinkError::Used))));

    assert_eq!(w.accounts.session(session.token.as_str()).await.unwrap(), None);
    assert!(matches!(w.sign_in(EMAIL, PASSWORD).await, Err(SignInError::WrongCredentials)));
    assert!(w.sign_in(EMAIL, NEW).await.is_ok());
    w.settle().await;
    assert_eq!(w.mails().await[0].subject, "Sua senha do Recado foi trocada");
    assert!(w.sign_in(EMAIL, NEW).await.is_ok());
}

#[tokio::test]
async fn two_clicks_at_the_same_moment_set_one_password() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let token = reset_token(&w).await;
    let (one, two) = tokio::join!(
        w.accounts.reset_password(&token, secret("primeira senha nova")),
        w.accounts.reset_password(&token, secret("segunda senha nova"))
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(w.events("account.password_changed").await, 1);
}

#[tokio::test]
async fn a_reset_link_lasts_two_hours_and_opens_a_locked_door() {
    let w = World::start().await;
    w.register(EMAIL).await;
    w.t.clock.advance(Duration::minutes(1));
    let token = reset_token(&w).await;
    w.t.clock.advance(Duration::hours(2));
    let late = w.accounts.reset_password(&token, secret(NEW)).await;
    assert!(matches!(late, Err(ResetPasswordError::Link(LinkError::Expired))));

    for _ in 0..10 {
        assert!(w.sign_in(EMAIL, "senha errada!").await.is_err());
    }
    let token = reset_token(&w).await;
    w.accounts.reset_password(&token, secret(NEW)).await.unwrap();
    assert!(w.sign_in(EMAIL, NEW).await.is_ok(), "the mailbox proved the address and opened the door");
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let here = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    let there = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    let wrong = w.accounts.change_password(&here.principal, secret("senha errada!"), secret(NEW)).await;
    assert!(matches!(wrong, Err(ChangePasswordError::WrongPassword)));
    let email_as_password = w.accounts.change_password(&here.principal, secret(PASSWORD), secret(EMAIL)).await;
    assert!(matches!(email_as_password, Err(ChangePasswordError::Password(PasswordProblem::IsEmail))));

    w.accounts.change_password(&here.principal, secret(PASSWORD), secret(NEW)).await.unwrap();
    assert!(w.accounts.session(here.token.as_str()).await.unwrap().is_some());
    assert_eq!(w.accounts.session(there.token.as_str()).await.unwrap(), None);
    w.settle().await;
    assert!(w.accounts.session(here.token.as_str()).await.unwrap().is_some(), "the reactor keeps it, too");
    assert!(w.sign_in(EMAIL, NEW).await.is_ok());
}
