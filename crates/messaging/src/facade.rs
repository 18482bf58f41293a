//! The face of the context.

use std::sync::Arc;
use std::time::Duration;

use recado_event_store::history::AggregateKind;
use recado_event_store::{CommandBus, Platform, Position, Projection, WorkHandler};

use crate::domain::guard_policy::GuardPolicy;
use crate::domain::instance::Instance;
use crate::domain::instance_guard::InstanceGuard;
use crate::domain::message::Message;
use crate::domain::opt_out::OptOut;
use crate::engine::SessionEngine;
use crate::lookups::Lookups;
use crate::media::files::Nowhere;
use crate::media::{MediaLibrary, MediaLinks};
use crate::projections::contacts_seen::ContactsSeen;
use crate::projections::guards::Guards;
use crate::projections::instance_lanes::InstanceLanes;
use crate::projections::instances::InstanceList;
use crate::projections::messages::MessageList;
use crate::projections::opt_outs::OptOutList;
use crate::rooms::Rooms;
use crate::settings::MessagingSettings;
use crate::timers::InstanceTimers;
use crate::use_cases::{Confirmations, InstanceCleanup};
use crate::webhooks::feed::Bells;

/// Instances and messages. Cheap to clone.
#[derive(Clone)]
pub struct Messaging {
    pub(crate) platform: Platform,
    pub(crate) settings: Arc<MessagingSettings>,
    pub(crate) instances: CommandBus<Instance>,
    pub(crate) messages: CommandBus<Message>,
    pub(crate) opt_outs: CommandBus<OptOut>,
    pub(crate) instance_guards: CommandBus<InstanceGuard>,
    pub(crate) guard_policies: CommandBus<GuardPolicy>,
    pub(crate) engine: Option<Arc<dyn SessionEngine>>,
    pub(crate) lookups: Arc<Lookups>,
    pub(crate) media: MediaLibrary,
    pub(crate) bells: Arc<Bells>,
    pub(crate) rooms: Rooms,
}

impl std::fmt::Debug for Messaging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Messaging(…)")
    }
}

impl Messaging {
    /// Without an engine: commands and queries work, sessions do not (the command line beside a running server).
    #[must_use]
    pub fn new(platform: Platform, settings: MessagingSettings) -> Self {
        Self {
            instances: CommandBus::new(platform.log.clone()),
            messages: CommandBus::new(platform.log.clone()),
            opt_outs: CommandBus::new(platform.log.clone()),
            instance_guards: CommandBus::new(platform.log.clone()),
            guard_policies: CommandBus::new(platform.log.clone()),
            settings: Arc::new(settings),
            media: MediaLibrary::new(platform.clone(), Arc::new(Nowhere)),
            platform,
            engine: None,
            lookups: Arc::default(),
            bells: Arc::default(),
            rooms: Rooms::default(),
        }
    }

    /// Adds the engine that runs this process's sessions.
    #[must_use]
    pub fn with_engine(mut self, engine: Arc<dyn SessionEngine>) -> Self {
        self.engine = Some(engine);
        self
    }

    /// Adds the content store; without one no file is taken.
    #[must_use]
    pub fn with_media(mut self, media: MediaLibrary) -> Self {
        self.media = media;
        self
    }

    /// The content store.
    #[must_use]
    pub const fn media(&self) -> &MediaLibrary {
        &self.media
    }

    /// Addresses of its files, for webhooks and the door that serves them.
    #[must_use]
    pub fn media_links(&self) -> MediaLinks {
        MediaLinks::new(self.media.clone(), &self.settings.public_url)
    }

    /// The ground this context stands on.
    #[must_use]
    pub const fn platform(&self) -> &Platform {
        &self.platform
    }

    /// What the operator decided.
    #[must_use]
    pub fn settings(&self) -> &MessagingSettings {
        &self.settings
    }

    /// The aggregates whose past can be told.
    #[must_use]
    pub fn aggregates() -> Vec<AggregateKind> {
        vec![
            AggregateKind::of::<Instance>(),
            AggregateKind::of::<Message>(),
            AggregateKind::of::<OptOut>(),
            AggregateKind::of::<InstanceGuard>(),
            AggregateKind::of::<GuardPolicy>(),
        ]
    }

    /// Read models and reactors of this context.
    #[must_use]
    pub fn projections(&self) -> Vec<Arc<dyn Projection>> {
        let mut all: Vec<Arc<dyn Projection>> = vec![
            Arc::new(InstanceList::new(self.platform.clone())),
            Arc::new(MessageList::new(self.platform.clone())),
            Arc::new(InstanceLanes),
            Arc::new(OptOutList::new(self.platform.clone())),
            Arc::new(Guards),
            Arc::new(ContactsSeen::new(self.platform.clone())),
        ];
        all.extend(crate::reactors::projections(self));
        all
    }

    /// Handlers of this context's durable work.
    #[must_use]
    pub fn handlers(&self) -> Vec<Arc<dyn WorkHandler>> {
        let mut all: Vec<Arc<dyn WorkHandler>> = vec![
            Arc::new(InstanceTimers::new(self.clone())),
            Arc::new(Confirmations::new(self.clone())),
            Arc::new(InstanceCleanup::new(self.clone())),
        ];
        all.extend(crate::reactors::handlers(self));
        all
    }

    /// Waits (at most 2 s) until the instance read model shows what a use case answered with `position`, and webhooks go by it: what happens
    /// after the answer is told to the URL that was just set. `false`: show what there is.
    pub async fn instance_visible(&self, position: Position) -> bool {
        let (log, patience) = (&self.platform.log, Duration::from_secs(2));
        let (shown, told) = tokio::join!(
            log.wait_for(InstanceList::NAME, position, patience),
            log.wait_for(crate::webhooks::outbox::NAME, position, patience)
        );
        shown && told
    }

    /// The same for the opt-out list.
    pub async fn opt_out_visible(&self, position: Position) -> bool {
        self.platform.log.wait_for(OptOutList::NAME, position, Duration::from_secs(2)).await
    }

    /// The same for what people decide about guards.
    pub async fn guards_visible(&self, position: Position) -> bool {
        self.platform.log.wait_for(Guards::NAME, position, Duration::from_secs(2)).await
    }

    /// The same for the message read model.
    pub async fn message_visible(&self, position: Position) -> bool {
        self.platform.log.wait_for(MessageList::NAME, position, Duration::from_secs(2)).await
    }
}
