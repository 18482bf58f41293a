//! One installation: accounts, their mails, their loops on demand.

use std::sync::Arc;

use recado_accounts::{
    Accounts, AccountsSettings, CreateAccount, CreatedAccount, FolderMailer, Mail, Register, SignIn, SignInError, SignedIn,
};
use recado_kernel::{Locale, Secret};
use recado_testkit::TestPlatform;
use tempfile::TempDir;

pub const EMAIL: &str = "ana.padeira@exemplo.com.br";
pub const PASSWORD: &str = "pão de queijo às seis";
pub const NAME: &str = "Ana Padeira Única";

pub struct World {
    pub t: TestPlatform,
    pub accounts: Accounts,
    mails: FolderMailer,
    _folder: TempDir,
}

impl World {
    pub async fn start() -> Self {
        let t = TestPlatform::start().await;
        let folder = TempDir::new().unwrap();
        let mails = FolderMailer::new(folder.path(), "Recado <nao-responda@recado.example>").unwrap();
        let public_url = "https://painel.recado.example/".to_owned();
        let accounts = Accounts::new(t.platform.clone(), AccountsSettings { public_url, mail: Arc::new(mails.clone()) });
        Self { t, accounts, mails, _folder: folder }
    }

    /// Runs projections and durable work until nothing is left.
    pub async fn settle(&self) {
        self.t.settle(&self.accounts.projections(), &self.accounts.handlers()).await;
    }

    pub async fn register(&self, email: &str) {
        self.accounts.register(form(email)).await.unwrap();
        self.settle().await;
    }

    /// Registered and verified, without a mail.
    pub async fn customer(&self, email: &str) -> CreatedAccount {
        let given = CreateAccount { email: email.into(), password: secret(PASSWORD), name: NAME.into() };
        let created = self.accounts.create_verified_account(given).await.unwrap();
        self.settle().await;
        created
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<SignedIn, SignInError> {
        let ip = Some("203.0.113.9".parse().unwrap());
        let user_agent = Some("Navegador de Teste".to_owned());
        self.accounts.sign_in(SignIn { email: email.into(), password: secret(password), ip, user_agent }).await
    }

    /// The mails so far, newest first.
    pub async fn mails(&self) -> Vec<Mail> {
        self.mails.list(100).await.unwrap().into_iter().map(|stored| stored.mail).collect()
    }

    pub const fn folder(&self) -> &FolderMailer {
        &self.mails
    }

    pub async fn events(&self, event_type: &str) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM events WHERE event_type = $1")
            .bind(event_type)
            .fetch_one(self.t.platform.pool())
            .await
            .unwrap()
    }
}

pub fn form(email: &str) -> Register {
    Register {
        name: NAME.into(),
        email: email.into(),
        password: secret(PASSWORD),
        document: Some("529.982.247-25".into()),
        locale: Locale::PtBr,
    }
}

pub fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// The token of the link in a mail.
pub fn token_in(mail: &Mail) -> String {
    let (_, rest) = mail.text.split_once("?token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}
