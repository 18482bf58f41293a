//! Three of the four ledgers as the database and the receiver hold them; the fourth is what the clients know.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

use crate::receiver::Call;

/// A message's events in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// WhatsApp's id of it.
    pub wire_id: String,
    /// `customId`, for those we sent.
    pub own_id: Option<String>,
    /// Event type and how often.
    pub events: BTreeMap<String, i64>,
    /// Why it was refused or is uncertain.
    pub reason: Option<String>,
}

/// A message as the simulated WhatsApp has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// WhatsApp's id.
    pub wire_id: String,
    /// Who wrote it.
    pub sender: String,
    /// To whom.
    pub recipient: String,
    /// Typed on a simulated phone, not sent through us.
    pub typed: bool,
}

/// What was read at one moment.
#[derive(Debug, Clone, Default)]
pub struct Ledgers {
    /// Events, by message.
    pub stories: Vec<Story>,
    /// The simulated WhatsApp, in the order in which it took them.
    pub seen: Vec<Seen>,
    /// Calls at the receiver, in the order in which they came.
    pub calls: Vec<Call>,
    /// Deliveries the store made more than once for one fact; empty where the table cannot be read so.
    pub doubled: Vec<String>,
}

impl Ledgers {
    /// Reads events and the simulated WhatsApp.
    pub async fn read(pool: &PgPool, calls: Vec<Call>) -> anyhow::Result<Self> {
        Ok(Self { stories: stories(pool).await?, seen: seen(pool).await?, calls, doubled: doubled(pool).await })
    }
}

async fn stories(pool: &PgPool) -> anyhow::Result<Vec<Story>> {
    let rows = sqlx::query(
        "SELECT aggregate_id, event_type, count(*) AS times, min(payload->>'wire_id') AS wire_id, min(payload->>'custom_id') AS own_id,
                min(payload->>'reason') AS reason
           FROM events WHERE aggregate_type = 'message' GROUP BY aggregate_id, event_type",
    )
    .fetch_all(pool)
    .await?;
    let mut stories: HashMap<String, Story> = HashMap::new();
    for row in rows {
        let story = stories.entry(row.try_get("aggregate_id")?).or_default();
        story.events.insert(row.try_get("event_type")?, row.try_get("times")?);
        if let Some(wire_id) = row.try_get("wire_id")? {
            story.wire_id = wire_id;
        }
        story.own_id = story.own_id.take().or(row.try_get("own_id")?);
        story.reason = story.reason.take().or(row.try_get("reason")?);
    }
    Ok(stories.into_values().collect())
}

async fn seen(pool: &PgPool) -> anyhow::Result<Vec<Seen>> {
    let rows =
        sqlx::query("SELECT wire_id, sender, recipient, instance_id FROM sim_message ORDER BY seq").fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            Ok(Seen {
                wire_id: row.try_get("wire_id")?,
                sender: row.try_get("sender")?,
                recipient: row.try_get("recipient")?,
                typed: row.try_get::<Option<Uuid>, _>("instance_id")?.is_none(),
            })
        })
        .collect()
}

/// The receiver can only tell two deliveries of one fact apart when calls name their delivery; the store's own list can always.
async fn doubled(pool: &PgPool) -> Vec<String> {
    let found: Result<Vec<Value>, _> = sqlx::query_scalar(
        "SELECT jsonb_build_object('message', message_id, 'callback', callback, 'detail', detail, 'times', count(*)) FROM webhook_delivery
          WHERE message_id IS NOT NULL GROUP BY message_id, callback, detail HAVING count(*) > 1",
    )
    .fetch_all(pool)
    .await;
    found.unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// Work that is still to be done for messages and callbacks; `None` where it cannot be counted so.
pub async fn work_left(pool: &PgPool) -> Option<i64> {
    sqlx::query_scalar(
        "SELECT count(*) FROM work WHERE dead_at IS NULL AND topic IN ('send', 'webhook', 'sim', 'session') AND due_at < now() + interval '2 days'",
    )
    .fetch_one(pool)
    .await
    .ok()
}
