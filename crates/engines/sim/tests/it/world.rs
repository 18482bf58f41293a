use std::sync::Arc;

use chrono::Duration;
use recado_engine_sim::{ScanTarget, Sim, SimEngine};
use recado_event_store::{Platform, WorkHandler};
use recado_kernel::{AccountId, Actor, CommandMeta, Door, InstanceId, PhoneNumber};
use recado_messaging::domain::pacing::PacingPolicy;
use recado_messaging::engine::SessionEngine;
use recado_messaging::{AcceptText, Connection, Messaging, MessagingSettings, SendResult};
use recado_testkit::{Receiver, TestPlatform};
use serde_json::Value;

pub const OWN: &str = "5562900010001";
pub const OTHER: &str = "5562988887777";

pub struct World {
    pub t: TestPlatform,
    pub messaging: Messaging,
    pub sim: Sim,
    pub account: AccountId,
    pub instance: InstanceId,
}

pub fn phone(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

/// Messaging and simulator of one process.
pub fn process(platform: Platform) -> (Messaging, Sim) {
    let engine = Arc::new(SimEngine::new(platform.clone()));
    process_with(platform, engine, PacingPolicy { min_gap_ms: 0, max_gap_ms: 0 })
}

/// The same with another engine in between, or another pace.
pub fn process_with(platform: Platform, engine: Arc<dyn SessionEngine>, pacing: PacingPolicy) -> (Messaging, Sim) {
    let settings = MessagingSettings { allow_local_webhooks: true, pacing, ..MessagingSettings::default() };
    let messaging = Messaging::new(platform.clone(), settings).with_engine(engine);
    let sim = Sim::new(platform, messaging.clone());
    (messaging, sim)
}

impl World {
    /// One account with one instance that nobody has paired.
    pub async fn start() -> Self {
        Self::start_with(process).await
    }

    pub async fn start_with(process: impl FnOnce(Platform) -> (Messaging, Sim)) -> Self {
        let t = TestPlatform::start().await;
        let (messaging, sim) = process(t.platform.clone());
        let account = AccountId::from_uuid(t.platform.new_uuid());
        let meta = t.platform.meta(account, Actor::System("test".into()), Door::Job);
        let instance = messaging.create_instance(meta, "Loja".parse().unwrap()).await.unwrap().id;
        let world = Self { t, messaging, sim, account, instance };
        world.settle().await;
        world
    }

    /// The same, paired with [`OWN`] and telling everything to `receiver`.
    pub async fn connected(receiver: Option<&Receiver>) -> Self {
        let world = Self::start().await;
        if let Some(receiver) = receiver {
            let url = receiver.url();
            world.messaging.set_every_webhook(world.meta(), world.instance, Some(&url), Some(false)).await.unwrap();
        }
        world.pair().await;
        world
    }

    pub async fn pair(&self) {
        self.sim.scan(&self.target(), &phone(OWN)).await.unwrap();
        self.settle().await;
    }

    pub fn target(&self) -> ScanTarget {
        ScanTarget::Instance { account: self.account, instance: self.instance }
    }

    pub fn meta(&self) -> CommandMeta {
        self.t.platform.meta(self.account, Actor::System("test".into()), Door::Panel)
    }

    pub fn handlers(&self) -> Vec<Arc<dyn WorkHandler>> {
        self.messaging.handlers().into_iter().chain(self.sim.handlers()).collect()
    }

    pub async fn settle(&self) {
        self.t.settle(&self.messaging.projections(), &self.handlers()).await;
    }

    /// Lets time go by.
    pub async fn pass(&self, by: Duration) {
        self.t.clock.advance(by);
        self.settle().await;
    }

    pub async fn send(&self, to: &str, text: &str) -> SendResult {
        let access =
            self.messaging.instance_access(self.account, self.instance, Actor::System("test".into()), Door::Api).await.unwrap();
        self.messaging.accept_text(&access, AcceptText::new(to.parse().unwrap(), text)).await.unwrap()
    }

    pub async fn connection(&self) -> Connection {
        self.messaging.instance_from_log(self.instance).await.unwrap().unwrap().connection
    }

    /// Wire names of a message's events.
    pub async fn story(&self, sent: &SendResult) -> Vec<String> {
        sqlx::query_scalar("SELECT event_type FROM events WHERE aggregate_id = $1 ORDER BY sequence")
            .bind(sent.message.to_string())
            .fetch_all(&self.t.database.pool)
            .await
            .unwrap()
    }
}

/// `type` and, where there is one, `status` of each body.
pub fn kinds(receiver: &Receiver) -> Vec<String> {
    let name = |body: &Value| match body["type"].as_str().unwrap() {
        "MessageStatusCallback" => format!("status {}", body["status"].as_str().unwrap()),
        "ReceivedCallback" => format!("received fromMe={}", body["fromMe"]),
        other => other.to_owned(),
    };
    receiver.received().iter().map(|request| name(&request.body)).collect()
}
