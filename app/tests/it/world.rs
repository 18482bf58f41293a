//! A running installation: database, contexts, simulated WhatsApp, and the panel's router.

use std::sync::Arc;

use axum::Router;
use leptos::prelude::LeptosOptions;
use recado_accounts::{Accounts, AccountsSettings, CreateAccount, CreateStaff, CreatedAccount, FolderMailer, StaffRole};
use recado_app::{AssetUrls, PanelState};
use recado_billing::{Billing, BillingSettings, PixReceiver};
use recado_engine_sim::{Sim, SimEngine};
use recado_event_store::audit::{AuditKeys, AuditSeal};
use recado_event_store::health::HealthProbe;
use recado_event_store::{Projection, Projector, WorkHandler};
use recado_kernel::{AccountId, Actor, Door, InstanceId, Secret};
use recado_messaging::engine::SessionEngine;
use recado_messaging::{EngineFact, Messaging, MessagingSettings};
use recado_testkit::TestPlatform;
use tokio::sync::watch;

use crate::browser::Browser;

pub const PASSWORD: &str = "uma frase bem longa";

pub struct World {
    pub test: TestPlatform,
    pub accounts: Accounts,
    pub messaging: Messaging,
    pub billing: Billing,
    pub sim: Sim,
    pub mail: FolderMailer,
    pub health: HealthProbe,
    projections: Vec<Arc<dyn Projection>>,
    handlers: Vec<Arc<dyn WorkHandler>>,
    router: Router,
    _folder: tempfile::TempDir,
    // Dropped last: ends the projections' loop.
    _stop: watch::Sender<bool>,
}

impl World {
    pub async fn start() -> Self {
        let test = TestPlatform::start().await;
        let folder = tempfile::tempdir().unwrap();
        let mail = FolderMailer::new(folder.path(), "Recado <recado@example.com>").unwrap();
        let settings = AccountsSettings { public_url: "http://painel.test".into(), mail: Arc::new(mail.clone()) };
        let accounts = Accounts::new(test.platform.clone(), settings);
        let core = Messaging::new(
            test.platform.clone(),
            MessagingSettings { allow_local_webhooks: true, ..MessagingSettings::default() },
        );
        let sim = Sim::new(test.platform.clone(), core.clone());
        let engine: Arc<dyn SessionEngine> = Arc::new(SimEngine::new(test.platform.clone()));
        let messaging = core.with_engine(engine.clone());
        let receiver = PixReceiver::new("financeiro@exemplo.com".parse().unwrap(), "Recado Tecnologia", "Goiânia").unwrap();
        let billing = Billing::new(test.platform.clone(), BillingSettings::default()).with_pix(receiver);
        let seal: Arc<dyn Projection> = Arc::new(AuditSeal::new(AuditKeys::of(&test.platform.vault)));
        let accounts = accounts.with_subject_holders(vec![Arc::new(messaging.clone()), Arc::new(billing.clone())]);
        let projections: Vec<_> =
            [accounts.projections(), messaging.projections(), billing.projections(), vec![seal]].into_iter().flatten().collect();
        let handlers: Vec<_> = [accounts.handlers(), messaging.handlers(), sim.handlers()].into_iter().flatten().collect();
        let (stop, stopped) = watch::channel(false);
        let projector = projections.iter().cloned().fold(Projector::new(test.platform.log.clone()), Projector::with);
        tokio::spawn(projector.run(stopped.clone()));
        let health = HealthProbe::new(test.platform.clone(), projections.clone());
        let router = recado_app::router(PanelState {
            platform: test.platform.clone(),
            health: health.clone(),
            accounts: accounts.clone(),
            messaging: messaging.clone(),
            billing: billing.clone(),
            aggregates: [Accounts::aggregates(), Messaging::aggregates(), Billing::aggregates()].into_iter().flatten().collect(),
            engine,
            sim: Some(sim.clone()),
            assets: AssetUrls::default(),
            leptos: LeptosOptions::builder().output_name("frontend").build(),
            dev_mode: true,
            mail_folder: Some(folder.path().to_owned()),
            secure: false,
            api_url: "http://painel.test".into(),
            api: Arc::new(crate::docs::api()),
            stopping: stopped,
        });
        Self {
            test,
            accounts,
            messaging,
            billing,
            sim,
            mail,
            health,
            projections,
            handlers,
            router,
            _folder: folder,
            _stop: stop,
        }
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    pub async fn account(&self, email: &str) -> CreatedAccount {
        let form = CreateAccount { email: email.into(), password: Secret::new(PASSWORD.into()), name: "Padaria Ipê".into() };
        self.accounts.create_verified_account(form).await.unwrap()
    }

    /// A signed-in customer with a new account.
    pub async fn customer(&self, email: &str) -> (CreatedAccount, Browser) {
        let account = self.account(email).await;
        (account, self.signed_in(email).await)
    }

    /// A signed-in person of the operator.
    pub async fn staff(&self, email: &str, role: StaffRole) -> Browser {
        let form = CreateStaff { email: email.into(), password: Secret::new(PASSWORD.into()), role };
        self.accounts.create_staff(form).await.unwrap();
        self.signed_in(email).await
    }

    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.visitor();
        browser.open("/entrar").await;
        browser.post("/entrar", &[("email", email), ("senha", PASSWORD)]).await.goes_to("/");
        browser.open("/").await;
        browser
    }

    /// A new instance; returns its public id.
    pub async fn instance(&self, account: &CreatedAccount, name: &str) -> String {
        let meta = self.test.platform.meta(account.account_id, Actor::System("test".into()), Door::Job);
        let born = self.messaging.create_instance(meta, name.parse().unwrap()).await.unwrap();
        self.test.catch_up(&self.projections).await;
        born.id.public()
    }

    /// Every read model and reactor.
    pub fn projections(&self) -> &[Arc<dyn Projection>] {
        &self.projections
    }

    /// The same by account; returns its id.
    pub async fn instance_of(&self, account: AccountId, name: &str) -> InstanceId {
        let meta = self.test.platform.meta(account, Actor::System("test".into()), Door::Job);
        let born = self.messaging.create_instance(meta, name.parse().unwrap()).await.unwrap();
        self.test.catch_up(&self.projections).await;
        born.id
    }

    /// A phone scanned the instance's code.
    pub async fn pair(&self, account: AccountId, instance: InstanceId, number: &str) {
        let at = self.test.platform.now();
        let fact = EngineFact { account, instance, engine: "sim".into(), key: "paired".into(), at, cause: None };
        self.messaging.record_paired(&fact, &number.parse().unwrap()).await.unwrap();
        self.test.catch_up(&self.projections).await;
    }

    /// Lets everything that is due happen.
    pub async fn settle(&self) {
        self.test.settle(&self.projections, &self.handlers).await;
    }

    /// The newest mail's text.
    pub async fn last_mail(&self) -> String {
        self.settle().await;
        self.mail.list(1).await.unwrap().remove(0).mail.text
    }
}
