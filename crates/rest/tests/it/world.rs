//! A running installation: database, contexts, simulated WhatsApp, the API on a free port, a webhook receiver.

use std::sync::Arc;
use std::time::Duration;

use recado_accounts::{Accounts, AccountsSettings, CreateAccount, CreatedAccount, FolderMailer};
use recado_engine_sim::{Hand, ScanTarget, Sim, SimEngine};
use recado_event_store::{Projection, Projector, WorkHandler};
use recado_kernel::{Actor, Clock as _, Door, Secret};
use recado_messaging::media::MediaLibrary;
use recado_messaging::media::files::Folder;
use recado_messaging::{Messaging, MessagingSettings};
use recado_rest::{RestSettings, RestState};
use recado_testkit::{Receiver, TestPlatform};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::client::Client;

pub struct World {
    test: TestPlatform,
    pub receiver: Receiver,
    accounts: Accounts,
    messaging: Messaging,
    sim: Sim,
    projections: Vec<Arc<dyn Projection>>,
    handlers: Vec<Arc<dyn WorkHandler>>,
    owner: CreatedAccount,
    base: String,
    files: tempfile::TempDir,
    http: reqwest::Client,
    // Dropped last: ends the projections' loop.
    _stop: watch::Sender<bool>,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(RestSettings::default()).await
    }

    /// With `strict_zapi_status`.
    pub async fn start_strict() -> Self {
        Self::start_with(RestSettings { strict_zapi_status: true, ..RestSettings::default() }).await
    }

    /// Without permission for local webhooks.
    pub async fn start_in_production() -> Self {
        Self::with(RestSettings::default(), MessagingSettings::default()).await
    }

    /// With these settings of the API.
    pub async fn start_with(settings: RestSettings) -> Self {
        Self::with(settings, local_webhooks()).await
    }

    /// With a short queue for disconnected instances.
    pub async fn start_with_queue_limit(limit: i64) -> Self {
        let messaging = MessagingSettings { disconnected_queue_limit: limit, ..local_webhooks() };
        Self::with(RestSettings::default(), messaging).await
    }

    async fn with(settings: RestSettings, messaging: MessagingSettings) -> Self {
        let test = TestPlatform::start().await;
        let mails = std::env::temp_dir().join("recado-rest-tests");
        let mail = Arc::new(FolderMailer::new(&mails, "Recado <recado@example.com>").unwrap());
        let accounts = Accounts::new(test.platform.clone(), AccountsSettings { public_url: "http://localhost".into(), mail });
        let files = tempfile::tempdir().unwrap();
        let media = MediaLibrary::new(test.platform.clone(), Arc::new(Folder::new(files.path())));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let messaging = MessagingSettings { public_url: base.clone(), ..messaging };
        let core = Messaging::new(test.platform.clone(), messaging).with_media(media.clone());
        let sim = Sim::new(test.platform.clone(), core.clone()).with_media(media.clone());
        let messaging = core.with_engine(Arc::new(SimEngine::new(test.platform.clone()).with_media(media)));

        let projections: Vec<_> = accounts.projections().into_iter().chain(messaging.projections()).collect();
        let handlers: Vec<_> = [accounts.handlers(), messaging.handlers(), sim.handlers()].into_iter().flatten().collect();
        let (stop, stopped) = watch::channel(false);
        let projector = projections.iter().cloned().fold(Projector::new(test.platform.log.clone()), Projector::with);
        tokio::spawn(projector.run(stopped));

        let state = RestState::new(accounts.clone(), messaging.clone(), settings);
        let site = recado_rest::router(state).merge(recado_rest::media_router(messaging.clone()));
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });

        let owner = create_account(&accounts, "dona@example.com").await;
        let receiver = Receiver::start().await;
        let http = reqwest::Client::new();
        Self { test, receiver, accounts, messaging, sim, projections, handlers, owner, base, files, http, _stop: stop }
    }

    /// A client of a new instance of the first account.
    pub async fn client(&self) -> Client {
        self.client_of(&self.owner).await
    }

    pub async fn client_of_another_account(&self) -> Client {
        self.client_of(&create_account(&self.accounts, "outra@example.com").await).await
    }

    async fn client_of(&self, account: &CreatedAccount) -> Client {
        let meta = self.test.platform.meta(account.account_id, Actor::System("test".into()), Door::Job);
        let born = self.messaging.create_instance(meta, "Loja".parse().unwrap()).await.unwrap();
        let (id, token) = (born.id.public(), born.token.expose().clone());
        Client { http: self.http.clone(), base: self.base.clone(), id, token, client_token: None }
    }

    /// "Ativar Token"; returns it.
    pub async fn activate_client_token(&self) -> String {
        self.accounts.activate_client_token(&self.owner.principal).await.unwrap();
        self.owner.client_token.expose().clone()
    }

    pub async fn partner_token(&self) -> String {
        self.owner.partner_token.expose().clone()
    }

    /// The account security token, which also opens the partner's routes.
    pub fn first_token(&self) -> String {
        self.owner.client_token.expose().clone()
    }

    pub fn now_ms(&self) -> i64 {
        self.test.clock.now().timestamp_millis()
    }

    pub fn advance_hours(&self, hours: i64) {
        self.test.clock.advance(chrono::Duration::hours(hours));
    }

    /// A phone scans what the instance shows; everything that follows happens.
    pub async fn scan(&self, client: &Client, phone: &str) {
        let target = ScanTarget::Instance { account: self.owner.account_id, instance: client.id.parse().unwrap() };
        self.sim.scan(&target, &phone.parse().unwrap()).await.unwrap();
        self.settle().await;
    }

    /// The other side reads a message.
    pub async fn read(&self, client: &Client, message_id: &str) {
        self.sim.read(client.id.parse().unwrap(), message_id).await.unwrap();
    }

    /// The other side writes.
    pub async fn say(&self, client: &Client, from: &str, text: &str) {
        self.sim.say(client.id.parse().unwrap(), &from.parse().unwrap(), text).await.unwrap();
    }

    /// What a phone shows of its conversation with the instance's number.
    pub async fn seen(&self, phone: &str, number: &str) -> Vec<Value> {
        let shown = self.sim.messages(None, phone, number).await.unwrap();
        let shown = shown.into_iter().map(|message| {
            json!({ "id": message.wire_id, "own": message.own, "text": message.text, "content": message.content,
                "files": message.has_files, "forwarded": message.forwarded, "earlier": message.earlier, "revoked": message.revoked,
                "quote": message.quote.map(|quote| quote.wire_id),
                "reactions": message.reactions.iter().map(|reaction| reaction.emoji.clone()).collect::<Vec<_>>(),
                "votes": message.votes.iter().map(|vote| vote.options.clone()).collect::<Vec<_>>(),
                "read": message.read_at.is_some() })
        });
        shown.collect()
    }

    /// A phone in somebody's hand, in its conversation with the instance's number.
    pub async fn hand(&self, client: &Client, phone: &str) -> (&Sim, Hand) {
        (&self.sim, self.sim.hand(client.id.parse().unwrap(), phone.parse().unwrap()).await.unwrap())
    }

    /// Files in the content store.
    pub fn stored_files(&self) -> usize {
        fn walk(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().flatten();
            entries.map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { 1 }).sum()
        }
        walk(self.files.path())
    }

    /// What the server does once a minute, as far as files are concerned.
    pub async fn sweep(&self) {
        let now = self.test.platform.now();
        self.test.platform.vault.sweep_expired(now).await.unwrap();
        self.messaging.media().sweep(now).await.unwrap();
    }

    /// The simulator's number for this (its last digits decide).
    pub const fn number_without_whatsapp(&self) -> &'static str {
        "5562900000404"
    }

    /// Everything that is due now.
    pub async fn settle(&self) {
        self.test.settle(&self.projections, &self.handlers).await;
    }

    /// Moves the clock.
    pub fn pass(&self, milliseconds: i64) {
        self.test.clock.advance(chrono::Duration::milliseconds(milliseconds));
    }

    /// Lets time pass until this is so.
    pub async fn pass_until(&self, so: impl AsyncFn() -> bool) {
        for _ in 0..120 {
            self.settle().await;
            if so().await {
                return;
            }
            self.pass(500);
        }
        unreachable!("waited a minute in vain")
    }

    /// Lets time pass until a phone shows this message.
    pub async fn wait_for_arrival(&self, phone: &str, number: &str, id: &str) {
        self.pass_until(async || self.seen(phone, number).await.iter().any(|message| message["id"] == json!(id))).await;
    }

    /// Brings the read models up to date; no work is done.
    pub async fn settle_projections(&self) {
        self.test.catch_up(&self.projections).await;
    }

    /// Lets time pass until `n` webhooks of `kind` came; returns their bodies in order.
    pub async fn wait_for(&self, kind: &str, n: usize) -> Vec<Value> {
        for _ in 0..120 {
            self.settle().await;
            let found: Vec<Value> = self.bodies().into_iter().filter(|body| body["type"] == kind).collect();
            if found.len() >= n {
                return found;
            }
            self.test.clock.advance(chrono::Duration::milliseconds(500));
        }
        let came: Vec<_> = self.bodies().iter().map(|body| body["type"].clone()).collect();
        unreachable!("waited a minute for {n} {kind}, got {came:?}")
    }

    /// Every webhook body so far.
    pub fn bodies(&self) -> Vec<Value> {
        self.receiver.received().into_iter().map(|request| request.body).collect()
    }

    /// How many rows of content the database holds.
    pub async fn rows_of_content(&self) -> usize {
        self.test.dump(&["content"]).await.lines().count()
    }

    /// All of the event log and the work as text.
    pub async fn dump_log(&self) -> String {
        self.test.dump(&["events", "work", "command_log"]).await
    }

    /// Cuts the server off its database for good.
    pub async fn close_database(&self) {
        let closing = self.test.database.pool.close();
        tokio::time::timeout(Duration::from_secs(20), closing).await.unwrap();
    }
}

fn local_webhooks() -> MessagingSettings {
    MessagingSettings { allow_local_webhooks: true, ..MessagingSettings::default() }
}

async fn create_account(accounts: &Accounts, email: &str) -> CreatedAccount {
    let given = CreateAccount {
        email: email.into(),
        password: Secret::new("uma senha bem comprida 1".into()),
        name: "Padaria Ipê".into(),
    };
    accounts.create_verified_account(given).await.unwrap()
}
