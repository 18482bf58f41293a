//! How mails leave.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::Duration;
use recado_accounts::{Accounts, AccountsSettings, Mail, MailError, MailSettings, Mailer};
use recado_testkit::TestPlatform;

use crate::world::{EMAIL, World, form, secret};

/// Fails as it is told.
#[derive(Default)]
struct Moody {
    answers: Mutex<Vec<MailError>>,
    sent: Mutex<Vec<Mail>>,
}

#[async_trait]
impl Mailer for Moody {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        if let Some(error) = self.answers.lock().unwrap().pop() {
            return Err(error);
        }
        self.sent.lock().unwrap().push(mail);
        Ok(())
    }
}

async fn accounts_with(mailer: &Arc<Moody>) -> (TestPlatform, Accounts) {
    let t = TestPlatform::start().await;
    let settings = AccountsSettings { public_url: "https://painel.recado.example".into(), mail: mailer.clone() };
    let accounts = Accounts::new(t.platform.clone(), settings);
    accounts.register(form(EMAIL)).await.unwrap();
    (t, accounts)
}

#[tokio::test]
async fn a_mail_waits_for_its_server() {
    let mailer = Arc::new(Moody::default());
    mailer.answers.lock().unwrap().push(MailError::Temporary("greylisted".into()));
    let (t, accounts) = accounts_with(&mailer).await;
    t.drain(&accounts.handlers()).await;
    assert!(mailer.sent.lock().unwrap().is_empty());
    t.clock.advance(Duration::seconds(5));
    t.drain(&accounts.handlers()).await;
    assert_eq!(mailer.sent.lock().unwrap().len(), 1);
    assert_eq!(t.dump(&["content", "work"]).await, "");
}

#[tokio::test]
async fn a_refused_mail_is_given_up_and_its_content_erased() {
    let mailer = Arc::new(Moody::default());
    mailer.answers.lock().unwrap().push(MailError::Permanent("no such mailbox".into()));
    let (t, accounts) = accounts_with(&mailer).await;
    t.drain(&accounts.handlers()).await;
    assert!(mailer.sent.lock().unwrap().is_empty());
    assert_eq!(t.dump(&["content"]).await, "");
    assert!(t.dump(&["work"]).await.contains("no such mailbox"));
}

#[tokio::test]
async fn the_folder_keeps_mails_for_development() {
    let w = World::start().await;
    assert!(w.folder().list(10).await.unwrap().is_empty(), "no folder yet");
    w.register(EMAIL).await;
    let stored = w.folder().list(10).await.unwrap().remove(0);
    let again = w.folder().read(stored.mail.id).await.unwrap();
    assert_eq!(again.as_ref(), Some(&stored));
    assert_eq!(w.folder().read(w.t.platform.new_uuid()).await.unwrap(), None);
    let eml = std::fs::read_to_string(&stored.file).unwrap();
    assert!(eml.contains(&format!("To: {EMAIL}")) && eml.contains("multipart/alternative"), "{eml}");
    assert!(eml.contains(&format!("Message-ID: <{}@recado.example>", stored.mail.id.simple())), "{eml}");
}

#[tokio::test]
async fn settings_are_checked_at_start() {
    let settings = |smtp: Option<&str>, from: &str| MailSettings {
        smtp_url: smtp.map(secret),
        from: from.to_owned(),
        data_folder: std::env::temp_dir(),
    };
    let from = "Recado <nao-responda@recado.example>";
    assert!(settings(None, from).mailer().is_ok());
    assert!(settings(Some("smtp://localhost:1025"), from).mailer().is_ok());
    assert!(settings(Some("smtps://u:p@mail.example:465"), from).mailer().is_ok());
    assert!(settings(Some("http://mail.example"), from).mailer().is_err());
    assert!(settings(None, "nobody").mailer().is_err());
}
