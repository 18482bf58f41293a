//! What must not be found where it does not belong.

use recado_accounts::SignIn;

use crate::world::{EMAIL, NAME, PASSWORD, World, secret, token_in};

#[tokio::test]
async fn nothing_personal_stands_in_the_log_in_clear() {
    let w = World::start().await;
    w.accounts.register(crate::world::form(EMAIL)).await.unwrap();
    w.accounts.forgotten_password(EMAIL).await.unwrap();
    // Mails and requests that still wait are sealed, too.
    let waiting = w.t.dump(&["events", "work", "content", "link_token", "claim"]).await;
    w.settle().await;
    let token = token_in(w.mails().await.iter().find(|mail| mail.text.contains("/verificar?")).unwrap());
    w.accounts.verify(&token).await.unwrap();
    let ip = Some("203.0.113.77".parse().unwrap());
    let form = SignIn { email: EMAIL.into(), password: secret(PASSWORD), ip, user_agent: Some("NavegadorXYZ".into()) };
    let signed_in = w.accounts.sign_in(form).await.unwrap();
    w.settle().await;
    let tables = ["events", "command_log", "claim", "work", "content", "session", "link_token", "sign_in_attempt"];
    let stored = waiting + &w.t.dump(&tables).await;
    let account = w.accounts.session(signed_in.token.as_str()).await.unwrap().unwrap();
    let client_token = w.accounts.client_token(&account).await.unwrap();
    let secrets = [
        EMAIL,
        "ana.padeira",
        NAME,
        "52998224725",
        PASSWORD,
        "argon2",
        "203.0.113.77",
        "NavegadorXYZ",
        token.as_str(),
        signed_in.token.as_str(),
        client_token.token.expose(),
    ];
    for secret in secrets {
        assert!(!stored.contains(secret), "{secret} was found");
    }
    assert_eq!(w.t.dump(&["content"]).await, "", "the content of mails is erased once they are sent");
}

#[tokio::test]
async fn erasing_the_owner_makes_the_log_unreadable() {
    let w = World::start().await;
    let ana = w.customer(EMAIL).await;
    let signed_in = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    w.t.platform.vault.erase_subject(ana.account_id, "owner", w.t.platform.now()).await.unwrap();
    sqlx::query("TRUNCATE view_user, view_account").execute(w.t.platform.pool()).await.unwrap();
    sqlx::query("UPDATE projection SET txid = 0, position = 0").execute(w.t.platform.pool()).await.unwrap();
    w.settle().await;
    let row = w.accounts.account(ana.account_id).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.email.as_str(), row.document), ("", "", None));
    assert_eq!(w.accounts.session(signed_in.token.as_str()).await.unwrap(), None);
}
