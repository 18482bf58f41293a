//! "Leitura automática" (plugzapi-api.md 2.1, `update-auto-read-message`): each incoming message of an instance that wants it is marked read in
//! WhatsApp by a piece of durable work. Which instances want it the reactor folds itself (table `auto_read`), so that a message is judged by
//! the settings that held when it came.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::{self, back_off};
use recado_event_store::{ClaimedWork, NewWork, Outcome, Projection, ProjectionError, RecordedEvent, StoreError, WorkHandler};
use recado_kernel::{ChatAddress, InstanceId, MessageId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::instance::{InstanceEvent, WebhookKind};
use crate::domain::message::MessageEvent;
use crate::engine::{DirectoryError, SessionEngine};
use crate::use_cases::EngineFact;
use crate::webhooks::callback::Callback;
use crate::webhooks::direct::Telling;
use crate::webhooks::facts;
use crate::{Messaging, MessagingError};

const TOPIC: &str = "auto_read";
const NAME: &str = "auto_read@1";
/// A session that is away this often in a row (about ten minutes) gets its messages read by a person.
const ATTEMPTS: i32 = 10;

/// What is to be read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct ReadOrder {
    instance: InstanceId,
    message: MessageId,
}

/// The reactor.
pub(crate) struct AutoReadOrders;

#[async_trait]
impl Projection for AutoReadOrders {
    fn name(&self) -> &'static str {
        NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["instance.settings_changed", "message.incoming"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let poison = |event: &RecordedEvent, reason: &str| ProjectionError::Poison {
            position: event.position.position,
            reason: reason.to_owned(),
        };
        let mut incoming: HashMap<i64, (InstanceId, MessageId)> = HashMap::new();
        for event in batch.iter().filter(|event| event.event_type == "message.incoming") {
            let message = event.aggregate_id.parse().map_err(|_| poison(event, "not a message id"))?;
            if let MessageEvent::Incoming { instance, .. } = event.decode()? {
                incoming.insert(event.position.position, (instance, message));
            }
        }
        let asked: HashSet<Uuid> = incoming.values().map(|(instance, _)| instance.as_uuid()).collect();
        let mut on = enabled(db, &asked.into_iter().collect::<Vec<_>>()).await?;
        let mut orders = Vec::new();
        for event in batch {
            if let Some((instance, message)) = incoming.get(&event.position.position) {
                if on.contains(&instance.as_uuid()) {
                    orders.push(order(event, *instance, *message));
                }
            } else if let InstanceEvent::SettingsChanged { settings } = event.decode()? {
                let id: InstanceId = event.aggregate_id.parse().map_err(|_| poison(event, "not an instance id"))?;
                if settings.auto_read_message {
                    on.insert(id.as_uuid())
                } else {
                    on.remove(&id.as_uuid())
                };
                store(db, event, id, settings.auto_read_message).await?;
            }
        }
        work::enqueue(db, &orders).await?;
        Ok(())
    }
}

fn order(event: &RecordedEvent, instance: InstanceId, message: MessageId) -> NewWork {
    NewWork {
        id: event.derived_id(NAME, 0),
        topic: TOPIC.to_owned(),
        lane: format!("{instance}/read"),
        account_id: event.account_id,
        subject: instance.to_string(),
        // Two ids always serialise.
        payload: serde_json::to_value(ReadOrder { instance, message }).unwrap_or_default(),
        due_at: event.occurred_at,
        cause: Some(event.as_cause()),
    }
}

async fn enabled(db: &mut PgConnection, instances: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
    if instances.is_empty() {
        return Ok(HashSet::new());
    }
    let on: Vec<Uuid> = sqlx::query_scalar("SELECT instance_id FROM auto_read WHERE instance_id = ANY ($1)")
        .bind(instances)
        .fetch_all(db)
        .await?;
    Ok(on.into_iter().collect())
}

async fn store(db: &mut PgConnection, event: &RecordedEvent, id: InstanceId, on: bool) -> Result<(), StoreError> {
    let statement = match on {
        true => "INSERT INTO auto_read (instance_id, account_id) VALUES ($1, $2) ON CONFLICT (instance_id) DO NOTHING",
        false => "DELETE FROM auto_read WHERE instance_id = $1 AND account_id = $2",
    };
    sqlx::query(statement).bind(id.as_uuid()).bind(event.account_id.as_uuid()).execute(db).await?;
    Ok(())
}

/// The handler.
pub(crate) struct AutoReader {
    messaging: Messaging,
    engine: Arc<dyn SessionEngine>,
}

impl AutoReader {
    pub(crate) fn new(messaging: Messaging, engine: Arc<dyn SessionEngine>) -> Self {
        Self { messaging, engine }
    }

    async fn read(&self, work: &ClaimedWork) -> Result<(), MessagingError> {
        let order: ReadOrder = work.decode()?;
        let Some(directory) = self.engine.directory() else { return Ok(()) };
        let mut connection = self.messaging.platform.pool().acquire().await?;
        let facts = facts::load(&mut connection, &[order.message]).await?.remove(&order.message);
        drop(connection);
        let Some(facts) = facts.filter(|facts| facts.account == work.account_id) else { return Ok(()) };
        let chat = self.messaging.platform.vault.unseal(&facts.chat).await?;
        let Some(chat) = chat.and_then(|chat| chat.parse::<ChatAddress>().ok()) else { return Ok(()) };
        directory.mark_read(order.instance, &chat, &facts.wire_id).await?;
        let fact = EngineFact {
            account: work.account_id,
            instance: order.instance,
            engine: self.engine.kind().as_str().to_owned(),
            key: format!("read_by_me/{}", order.message),
            at: self.messaging.platform.now(),
            cause: work.cause,
        };
        // In the message's own lane, behind what was told about it before.
        let mut telling = Telling::of(&fact, order.message.to_string());
        let callback = Callback::MessageStatus { message: order.message, status: "READ_BY_ME".to_owned() };
        telling.add(WebhookKind::MessageStatus, callback);
        Ok(self.messaging.tell(telling).await?)
    }
}

#[async_trait]
impl WorkHandler for AutoReader {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn concurrency(&self) -> usize {
        8
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let again = |error: &MessagingError| Outcome::Retry {
            at: back_off(self.messaging.platform.now(), work.attempts, Duration::seconds(2), Duration::minutes(2)),
            error: error.to_string(),
        };
        match self.read(work).await {
            Ok(()) => Outcome::done(),
            Err(error) if error.is_ours() => again(&error),
            Err(error @ (MessagingError::NotConnected | MessagingError::Directory(DirectoryError::Silent(_))))
                if work.attempts < ATTEMPTS =>
            {
                again(&error)
            }
            Err(error) => {
                tracing::info!(%error, "a message was not marked read");
                Outcome::done()
            }
        }
    }
}
