//! Events as they are read back.

use std::str::FromStr;

use recado_kernel::{AccountId, Actor, Cause, CommandId, Door, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::{StoreError, StoredEvent, stored};

/// A place in the log. Ordered by (txid, position): position alone loses rows (event-sourcing.md 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Position {
    /// Transaction that stored the event.
    pub txid: i64,
    /// Global position; has holes, never wait for one.
    pub position: i64,
}

/// One stored event with all its circumstances.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    /// Where it stands in the log.
    pub position: Position,
    /// The tenant.
    pub account_id: AccountId,
    /// `Aggregate::TYPE`.
    pub aggregate_type: String,
    /// Id within the type.
    pub aggregate_id: String,
    /// 1, 2, 3 … within the aggregate.
    pub sequence: i64,
    /// Wire name, e.g. `instance.created`.
    pub event_type: String,
    /// Wire version, e.g. `1`.
    pub event_version: String,
    /// The event itself.
    pub payload: Value,
    /// Who caused it.
    pub actor: Actor,
    /// Through which door.
    pub door: Door,
    /// The command that produced it.
    pub command_id: CommandId,
    /// The story it belongs to.
    pub correlation_id: Uuid,
    /// The id of the command that directly caused the one behind this event, if any.
    pub causation_id: Option<Uuid>,
    /// Business time.
    pub occurred_at: Timestamp,
    /// When the log learnt of it (database clock).
    pub recorded_at: Timestamp,
}

impl RecordedEvent {
    /// The columns [`Self::from_row`] wants, in any order, with the table alias `e`.
    pub const COLUMNS: &'static str = "e.txid, e.global_position, e.account_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, \
         e.event_version, e.payload, e.actor, e.door, e.command_id, e.correlation_id, e.causation_id, e.occurred_at, e.recorded_at";

    /// The domain's event, whatever version was stored.
    ///
    /// # Errors
    /// [`StoreError::Newer`] or [`StoreError::Unreadable`]: the event is poison for the reader that asked.
    pub fn decode<E: StoredEvent>(&self) -> Result<E, StoreError> {
        self.decode_as::<E, E>()
    }

    /// Some fields (`T`) of an event of `E`, for readers of other contexts: they are spared what they do not need, not the upcasting.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_as<E: StoredEvent, T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        stored::decode_as::<E, T>(&self.event_type, &self.event_version, &self.payload).map_err(|error| match error {
            StoreError::Unreadable(text) => StoreError::Unreadable(format!("{text} (position {})", self.position.position)),
            other => other,
        })
    }

    /// For what follows from this event.
    #[must_use]
    pub const fn as_cause(&self) -> Cause {
        Cause { correlation_id: self.correlation_id, command_id: self.command_id }
    }

    /// A deterministic id for the `n`-th consequence of this event within `namespace` (a reactor's name): a re-run after a crash
    /// produces the same ids and is absorbed.
    #[must_use]
    pub fn derived_id(&self, namespace: &str, n: usize) -> Uuid {
        Uuid::new_v5(
            &self.command_id.as_uuid(),
            format!("{namespace}/{}/{}/{}/{n}", self.aggregate_type, self.aggregate_id, self.sequence).as_bytes(),
        )
    }

    pub(crate) fn from_row(row: &PgRow) -> Result<Self, StoreError> {
        let actor: String = row.try_get("actor")?;
        let door: String = row.try_get("door")?;
        Ok(Self {
            position: Position { txid: row.try_get("txid")?, position: row.try_get("global_position")? },
            account_id: AccountId::from_uuid(row.try_get("account_id")?),
            aggregate_type: row.try_get("aggregate_type")?,
            aggregate_id: row.try_get("aggregate_id")?,
            sequence: row.try_get("sequence")?,
            event_type: row.try_get("event_type")?,
            event_version: row.try_get("event_version")?,
            payload: row.try_get("payload")?,
            actor: Actor::from_str(&actor).map_err(|error| StoreError::Unreadable(error.to_string()))?,
            door: Door::from_str(&door).map_err(|error| StoreError::Unreadable(error.to_string()))?,
            command_id: CommandId::from_uuid(row.try_get("command_id")?),
            correlation_id: row.try_get("correlation_id")?,
            causation_id: row.try_get("causation_id")?,
            occurred_at: row.try_get("occurred_at")?,
            recorded_at: row.try_get("recorded_at")?,
        })
    }
}
