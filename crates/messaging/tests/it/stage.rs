//! What the tests have in common.

use chrono::Duration;
use recado_event_store::history::{self, TimelineFilter};
use recado_kernel::{AccountId, Actor, CommandMeta, Door, InstanceId, PhoneNumber, UserId};
use recado_messaging::{
    AcceptMessage, EngineFact, InstanceAccess, Messaging, MessagingError, MessagingSettings, Recorded, SendResult,
};
use recado_testkit::TestPlatform;

/// A context without an engine on a database of its own.
pub struct Stage {
    pub kit: TestPlatform,
    pub messaging: Messaging,
    pub account: AccountId,
}

impl Stage {
    pub async fn start() -> Self {
        Self::with(MessagingSettings::default()).await
    }

    pub async fn with(settings: MessagingSettings) -> Self {
        let kit = TestPlatform::start().await;
        let messaging = Messaging::new(kit.platform.clone(), settings);
        let account = AccountId::from_uuid(kit.platform.new_uuid());
        Self { kit, messaging, account }
    }

    /// A command of the account's owner in the panel.
    pub fn meta(&self) -> CommandMeta {
        self.meta_of(self.account)
    }

    pub fn meta_of(&self, account: AccountId) -> CommandMeta {
        let user = UserId::from_uuid(account.as_uuid());
        self.kit.platform.meta(account, Actor::User(user), Door::Panel)
    }

    pub async fn instance(&self) -> InstanceId {
        self.messaging.create_instance(self.meta(), "Vendas".parse().unwrap()).await.unwrap().id
    }

    pub async fn access(&self, instance: InstanceId) -> InstanceAccess {
        let user = UserId::from_uuid(self.account.as_uuid());
        self.messaging.instance_access(self.account, instance, Actor::User(user), Door::Panel).await.unwrap()
    }

    /// A report of the engine; each has a key of its own.
    pub fn fact(&self, instance: InstanceId) -> EngineFact {
        EngineFact {
            account: self.account,
            instance,
            engine: "sim".to_owned(),
            key: self.kit.platform.new_uuid().to_string(),
            at: self.kit.platform.now(),
            cause: None,
        }
    }

    pub async fn pair(&self, instance: InstanceId, number: &str) -> Result<Recorded, MessagingError> {
        self.messaging.record_paired(&self.fact(instance), &number.parse::<PhoneNumber>().unwrap()).await
    }

    pub async fn send(&self, instance: InstanceId, text: &str) -> Result<SendResult, MessagingError> {
        let access = self.access(instance).await;
        self.messaging.accept(&access, AcceptMessage::text("5562911112222".parse().unwrap(), text)).await
    }

    /// Read models and reactors up to the end of the log.
    pub async fn catch_up(&self) {
        self.kit.catch_up(&self.messaging.projections()).await;
    }

    /// The timers that are due, and what follows.
    pub async fn ring_timers(&self) {
        let timers: Vec<_> =
            self.messaging.handlers().into_iter().filter(|handler| handler.topic() == "instance_timer").collect();
        self.kit.drain(&timers).await;
        self.catch_up().await;
    }

    pub async fn later(&self, by: Duration) {
        self.kit.clock.advance(by);
        self.ring_timers().await;
    }

    /// Wire names of an account's events, oldest first.
    pub async fn told(&self, account: AccountId) -> Vec<String> {
        let mut events = history::timeline(self.kit.platform.pool(), account, &TimelineFilter::default(), 10_000).await.unwrap();
        events.reverse();
        events.into_iter().map(|event| event.event_type).collect()
    }

    pub async fn count(&self, event_type: &str) -> usize {
        self.told(self.account).await.iter().filter(|name| *name == event_type).count()
    }
}
