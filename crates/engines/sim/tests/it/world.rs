use std::sync::Arc;

use chrono::Duration;
use recado_engine_sim::{ScanTarget, Sim, SimEngine};
use recado_event_store::{Platform, WorkHandler};
use recado_kernel::{AccountId, Actor, CommandMeta, Door, InstanceId, MessageId, PhoneNumber, WireId};
use recado_messaging::domain::pacing::PacingPolicy;
use recado_messaging::engine::{Outgoing, SessionEngine};
use recado_messaging::media::files::Folder;
use recado_messaging::media::{MediaLibrary, MediaSource};
use recado_messaging::net::AddressPolicy;
use recado_messaging::{AcceptMessage, Connection, Media, MessageContent, Messaging, MessagingSettings, SendResult};
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
    _folder: tempfile::TempDir,
}

pub fn phone(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

/// Messaging and simulator of one process; its files are its own.
pub fn process(platform: Platform) -> (Messaging, Sim) {
    let (messaging, sim, _) = process_with_files(platform);
    (messaging, sim)
}

/// The same with another engine in between, or another pace; its files are nowhere.
pub fn process_with(platform: Platform, engine: Arc<dyn SessionEngine>, pacing: PacingPolicy) -> (Messaging, Sim) {
    let settings = MessagingSettings { allow_local_webhooks: true, pacing, ..MessagingSettings::default() };
    let messaging = Messaging::new(platform.clone(), settings).with_engine(engine);
    let sim = Sim::new(platform, messaging.clone());
    (messaging, sim)
}

fn process_with_files(platform: Platform) -> (Messaging, Sim, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let media = MediaLibrary::new(platform.clone(), Arc::new(Folder::new(folder.path())));
    let settings = MessagingSettings {
        allow_local_webhooks: true,
        pacing: PacingPolicy { min_gap_ms: 0, max_gap_ms: 0 },
        ..MessagingSettings::default()
    };
    let engine = Arc::new(SimEngine::new(platform.clone()).with_media(media.clone()));
    let messaging = Messaging::new(platform.clone(), settings).with_media(media.clone()).with_engine(engine);
    let sim = Sim::new(platform, messaging.clone()).with_media(media);
    (messaging, sim, folder)
}

impl World {
    /// One account with one instance that nobody has paired.
    pub async fn start() -> Self {
        Self::begin(process_with_files).await
    }

    /// The same on a process of the test's own making.
    pub async fn start_with(process: impl FnOnce(Platform) -> (Messaging, Sim)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::begin(|platform| {
            let (messaging, sim) = process(platform);
            (messaging, sim, folder)
        })
        .await
    }

    async fn begin(process: impl FnOnce(Platform) -> (Messaging, Sim, tempfile::TempDir)) -> Self {
        let t = TestPlatform::start().await;
        let (messaging, sim, folder) = process(t.platform.clone());
        let account = AccountId::from_uuid(t.platform.new_uuid());
        let meta = t.platform.meta(account, Actor::System("test".into()), Door::Job);
        let instance = messaging.create_instance(meta, "Loja".parse().unwrap()).await.unwrap().id;
        let world = Self { t, messaging, sim, account, instance, _folder: folder };
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
        self.messaging.accept(&access, AcceptMessage::text(to.parse().unwrap(), text)).await.unwrap()
    }

    /// A message with one file (of a phone, so that tests need no network) on its way through the queue.
    pub async fn accepted(&self, content: impl Into<MessageContent>) -> SendResult {
        let mut content = content.into();
        let file = content.media()[0].1.stored().unwrap().clone();
        let pieces = self.sim.open_file(&file).await.unwrap().unwrap();
        let bytes: Vec<Vec<u8>> = futures::TryStreamExt::try_collect(pieces).await.unwrap();
        let data = format!(
            "data:{};base64,{}",
            file.mime_type,
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes.concat())
        );
        for media in content.media_mut() {
            *media = Media::to_come();
        }
        let usage = content.media()[0].0;
        let source = MediaSource::parse(data, usage, AddressPolicy { allow_local: false }).unwrap();
        let access =
            self.messaging.instance_access(self.account, self.instance, Actor::System("test".into()), Door::Api).await.unwrap();
        let accept = AcceptMessage { media: vec![source], ..AcceptMessage::new(OTHER.parse().unwrap(), content) };
        let sent = self.messaging.accept(&access, accept).await.unwrap();
        self.settle().await;
        sent
    }

    /// The engine of this world.
    pub fn engine(&self) -> &dyn SessionEngine {
        self.messaging.engine().unwrap()
    }

    /// A content on its way to `to`, under an id of its own.
    pub fn outgoing(&self, to: &str, content: MessageContent) -> Outgoing {
        let message = MessageId::from_uuid(self.t.platform.new_uuid());
        Outgoing {
            account: self.account,
            instance: self.instance,
            message,
            wire_id: WireId::parse(&message.zaap_id()).unwrap(),
            attempt: 1,
            to: to.parse().unwrap(),
            content,
            reply_to: None,
            typing: std::time::Duration::ZERO,
        }
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

/// Ids in tests are valid.
pub trait ParseWire {
    fn parse_wire(&self) -> WireId;
}

impl ParseWire for str {
    fn parse_wire(&self) -> WireId {
        WireId::parse(self).unwrap()
    }
}
