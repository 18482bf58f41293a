//! A core that writes down what it is told before it takes it.

use std::sync::{Arc, Mutex};

use recado_engine_sim::{Draft, Hand, Sim};
use recado_kernel::WireId;
use recado_messaging::engine::{EngineEvent, EngineEvents, EngineEventsError, Happening, Outgoing, Received};
use recado_messaging::{MessageContent, Messaging};

use crate::world::*;

#[derive(Clone)]
struct Listening {
    core: Messaging,
    told: Arc<Mutex<Vec<EngineEvent>>>,
}

#[async_trait::async_trait]
impl EngineEvents for Listening {
    async fn deliver(&self, batch: &[EngineEvent]) -> Result<(), EngineEventsError> {
        self.told.lock().unwrap().extend(batch.iter().cloned());
        self.core.deliver(batch).await
    }
}

/// A connected world, a phone in somebody's hand, and what the core hears of it.
pub struct Stage {
    pub world: World,
    pub sim: Sim,
    pub hand: Hand,
    told: Arc<Mutex<Vec<EngineEvent>>>,
}

impl Stage {
    pub async fn set() -> Self {
        let world = World::connected(None).await;
        let told = Arc::new(Mutex::new(vec![]));
        let core = Listening { core: world.messaging.clone(), told: told.clone() };
        let sim = Sim::new(world.t.platform.clone(), core).with_media(world.messaging.media().clone());
        let hand = Hand { account: world.account, phone: phone(OTHER), chat: phone(OWN) };
        Self { world, sim, hand, told }
    }

    pub async fn send(&self, content: impl Into<MessageContent>) -> WireId {
        self.sim.send(&self.hand, Draft::from(content.into())).await.unwrap()
    }

    /// Hands a content to the engine as the core does, and lets it arrive.
    pub async fn receive(&self, content: impl Into<MessageContent>) -> WireId {
        let outgoing = self.world.outgoing(OTHER, content.into());
        let wire_id = outgoing.wire_id.clone();
        self.hand_out(outgoing).await;
        self.world.pass(chrono::Duration::milliseconds(300)).await;
        wire_id
    }

    pub async fn hand_out(&self, outgoing: Outgoing) {
        self.world.engine().send(outgoing).await.unwrap();
    }

    /// Everything the core was told about messages that came in, edits and deletions.
    pub fn told(&self) -> Vec<Happening> {
        let told = self.told.lock().unwrap();
        let all = told.iter().map(|event| event.what.clone());
        all.filter(|what| !matches!(what, Happening::Receipt { .. })).collect()
    }

    /// The newest of them, an incoming message.
    pub fn last(&self) -> Received {
        match self.told().pop() {
            Some(Happening::Incoming(message)) => *message,
            other => unreachable!("{other:?}"),
        }
    }

    /// Kinds of the incoming messages that the log holds, in the order they came.
    pub async fn kinds_in_the_log(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT payload ->> 'kind' FROM events WHERE event_type = 'message.incoming' ORDER BY global_position")
            .fetch_all(&self.world.t.database.pool)
            .await
            .unwrap()
    }
}
