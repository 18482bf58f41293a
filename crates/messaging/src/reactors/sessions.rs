//! Sessions follow their instance: events become orders of topic "session", carried out by comparing what the instance is now with what the
//! engine does. So old and repeated orders are harmless.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::{self, back_off};
use recado_event_store::{ClaimedWork, NewWork, Outcome, Projection, ProjectionError, RecordedEvent, WorkHandler};
use recado_kernel::InstanceId;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::domain::instance::{Connection, DisconnectReason, InstanceEvent};
use crate::engine::{EngineError, SessionEngine, SessionState};
use crate::use_cases::EngineFact;
use crate::{Messaging, MessagingError};

const TOPIC: &str = "session";
const NAME: &str = "session_orders@1";

/// What an order says; the instance's state decides the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// Bring the engine in line.
    Follow,
    /// The same, and close and open the connection.
    Restart,
}

/// The reactor.
pub(crate) struct SessionOrders;

#[async_trait]
impl Projection for SessionOrders {
    fn name(&self) -> &'static str {
        NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "instance.pairing_started",
            "instance.restarted",
            "instance.disconnected",
            "instance.suspended",
            "instance.reactivated",
            "instance.deleted",
        ]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut orders = Vec::new();
        for event in batch {
            let order = match event.decode()? {
                // What the engine reported itself needs no order.
                InstanceEvent::Disconnected { reason: DisconnectReason::Phone | DisconnectReason::ConnectionLost, .. } => {
                    continue;
                }
                // A suspended session kept its link: it comes back without a new code.
                InstanceEvent::Restarted {} | InstanceEvent::Reactivated {} => Order::Restart,
                _ => Order::Follow,
            };
            orders.push(NewWork {
                id: event.derived_id(NAME, 0),
                topic: TOPIC.to_owned(),
                lane: event.aggregate_id.clone(),
                account_id: event.account_id,
                subject: event.aggregate_id.clone(),
                payload: serde_json::to_value(order).unwrap_or_default(),
                due_at: event.occurred_at,
                cause: Some(event.as_cause()),
            });
        }
        work::enqueue(db, &orders).await?;
        Ok(())
    }
}

/// The handler.
pub(crate) struct SessionKeeper {
    messaging: Messaging,
    engine: Arc<dyn SessionEngine>,
}

/// Why an order was not carried out.
enum Trouble {
    Engine(EngineError),
    Core(MessagingError),
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<MessagingError> for Trouble {
    fn from(error: MessagingError) -> Self {
        Self::Core(error)
    }
}

impl SessionKeeper {
    pub(crate) fn new(messaging: Messaging, engine: Arc<dyn SessionEngine>) -> Self {
        Self { messaging, engine }
    }

    async fn carry_out(&self, work: &ClaimedWork) -> Result<(), Trouble> {
        let order: Order = work.decode().map_err(MessagingError::from)?;
        let Ok(id) = work.subject.parse::<InstanceId>() else { return Ok(()) };
        let instance = self.messaging.instances.load(&id.to_string()).await.map_err(MessagingError::from)?.aggregate;
        if instance.deleted && instance.account == Some(work.account_id) {
            return Ok(self.engine.logout(id).await?);
        }
        if !instance.belongs_to(work.account_id) {
            return Ok(());
        }
        let usable = instance.terms.may_send(self.messaging.platform.now());
        match instance.connection {
            Connection::Disconnected => self.engine.logout(id).await?,
            _ if !usable => self.engine.disconnect(id).await?,
            Connection::Pairing => drop(self.engine.start_pairing(work.account_id, id).await?),
            Connection::Connected | Connection::Lost if order == Order::Restart => {
                self.engine.disconnect(id).await?;
                self.engine.reconnect(id).await?;
                if matches!(self.engine.state(id).await?, SessionState::Online { .. }) {
                    self.report_online(work, id).await?;
                }
            }
            Connection::Connected | Connection::Lost => {}
        }
        Ok(())
    }

    async fn report_online(&self, work: &ClaimedWork, id: InstanceId) -> Result<(), MessagingError> {
        let fact = EngineFact {
            account: work.account_id,
            instance: id,
            engine: self.engine.kind().as_str().to_owned(),
            key: format!("restart/{}", work.id),
            at: self.messaging.platform.now(),
            cause: work.cause,
        };
        self.messaging.record_reconnected(&fact).await.map(drop)
    }
}

#[async_trait]
impl WorkHandler for SessionKeeper {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let now = self.messaging.platform.now();
        let again = |error: String| Outcome::Retry {
            at: back_off(now, work.attempts, Duration::seconds(1), Duration::seconds(60)),
            error,
        };
        match self.carry_out(work).await {
            Ok(()) | Err(Trouble::Engine(EngineError::NotLinked | EngineError::Unsupported)) => Outcome::done(),
            Err(Trouble::Engine(error)) => again(error.to_string()),
            Err(Trouble::Core(error)) if error.is_ours() => again(error.to_string()),
            // The instance moved on (trial over, unlinked): the order that goes with that follows.
            Err(Trouble::Core(_)) => Outcome::done(),
        }
    }
}
