//! What a message is, read from its first event: exact at any time, whatever the read models have seen so far.

use std::collections::HashMap;

use recado_event_store::{StoreError, stored};
use recado_kernel::{AccountId, InstanceId, MessageId, Sealed, WireId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::message::MessageEvent;

/// A message's unchanging side.
#[derive(Debug, Clone)]
pub(crate) struct MessageFacts {
    pub account: AccountId,
    pub instance: InstanceId,
    pub wire_id: WireId,
    pub chat: Sealed,
    pub custom_id: Option<String>,
    pub reply_to: Option<WireId>,
    pub sender_name: Option<Sealed>,
    /// In a group: who wrote it.
    pub participant: Option<Sealed>,
    /// In a group: its name.
    pub chat_name: Option<Sealed>,
    pub forwarded: bool,
}

impl MessageFacts {
    /// From the first event; `None` for any other.
    pub(crate) fn of(event: MessageEvent) -> Option<Self> {
        match event {
            MessageEvent::Accepted { account, instance, wire_id, chat, custom_id, reply_to, .. } => Some(Self {
                account,
                instance,
                wire_id,
                chat,
                custom_id,
                reply_to,
                sender_name: None,
                participant: None,
                chat_name: None,
                forwarded: false,
            }),
            MessageEvent::Incoming {
                account,
                instance,
                wire_id,
                chat,
                sender_name,
                participant,
                chat_name,
                reply_to,
                forwarded,
                ..
            } => Some(Self {
                account,
                instance,
                wire_id,
                chat,
                custom_id: None,
                reply_to,
                sender_name,
                participant,
                chat_name,
                forwarded,
            }),
            _ => None,
        }
    }
}

/// The facts of several messages, by id.
pub(crate) async fn load(db: &mut PgConnection, messages: &[MessageId]) -> Result<HashMap<MessageId, MessageFacts>, StoreError> {
    let ids: Vec<String> = messages.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String, String, serde_json::Value)> = sqlx::query_as(
        // One look by the key for each: given the whole list, PostgreSQL may read every month's partition instead.
        "SELECT k.id, e.event_type, e.event_version, e.payload FROM unnest($1::text[]) AS k(id)
          CROSS JOIN LATERAL (SELECT event_type, event_version, payload FROM events
                               WHERE aggregate_type = 'message' AND aggregate_id = k.id AND sequence = 1 LIMIT 1) AS e",
    )
    .bind(ids)
    .fetch_all(db)
    .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for (id, event_type, version, payload) in rows {
        let unreadable = |what: String| StoreError::Unreadable(format!("first event of message {id}: {what}"));
        let event = stored::decode(&event_type, &version, &payload)?;
        let message = id.parse::<Uuid>().map_err(|error| unreadable(error.to_string()))?;
        if let Some(facts) = MessageFacts::of(event) {
            found.insert(MessageId::from_uuid(message), facts);
        }
    }
    Ok(found)
}
