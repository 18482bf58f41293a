//! Durable work in leased lanes: the send queue, the webhook outbox, e-mails, timers. One toolkit, no SQL for its users.
//!
//! Work of one lane is done in order, by one holder at a time; a holder that dies loses its lease and another goes on. Handlers
//! must be harmless when repeated: work is done at least once.

mod claim;
mod dead;
mod desk;
mod finish;
mod serving;
mod status;
mod switch;
mod worker;

use async_trait::async_trait;
use recado_kernel::{AccountId, Cause, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub(crate) use desk::Desk;

pub use dead::{DeadLetter, dead_letters, discard, revive};
pub use status::{TopicStatus, counts, topics};
pub use switch::{LaneState, LaneSwitch, lane_state, set_lanes};
pub use worker::{Worker, back_off};

use crate::StoreError;
use crate::wake::note;

/// Work to be done. The same id is stored once: deterministic ids make reactors repeatable.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWork {
    /// Unique; derive it from its cause ([`crate::RecordedEvent::derived_id`]).
    pub id: Uuid,
    /// Which handler, e.g. "send", "webhook", "mail", "timer".
    pub topic: String,
    /// Order is kept within (topic, lane); for independent work use the id.
    pub lane: String,
    /// The tenant.
    pub account_id: AccountId,
    /// What it is about (a message id, an instance id), for look-ups.
    pub subject: String,
    /// What the handler needs; never message content or personal data in clear.
    pub payload: Value,
    /// Not before this moment (application clock).
    pub due_at: Timestamp,
    /// What it follows from: the event a reactor saw. Work stored alongside events follows from their command by itself.
    pub cause: Option<Cause>,
}

/// Work somebody holds.
#[derive(Debug, Clone)]
pub struct ClaimedWork {
    /// Its id.
    pub id: Uuid,
    /// Its lane.
    pub lane: String,
    /// The tenant.
    pub account_id: AccountId,
    /// What it is about.
    pub subject: String,
    /// What the handler needs.
    pub payload: Value,
    /// When it was due.
    pub due_at: Timestamp,
    /// 1 on the first attempt.
    pub attempts: i32,
    /// What the handler said in [`Outcome::Pause`]; 0 at the beginning.
    pub step: i16,
    /// What it follows from: give it to [`recado_kernel::CommandMeta::following`] of the commands that do the work.
    pub cause: Option<Cause>,
    pub(crate) topic: String,
    pub(crate) fence: i64,
}

impl ClaimedWork {
    /// The payload as a type.
    ///
    /// # Errors
    /// It does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        T::deserialize(&self.payload)
            .map_err(|error| StoreError::Unreadable(format!("work {} of topic {}: {error}", self.id, self.topic)))
    }
}

/// How a piece of work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the lane goes on, but not before the given moment (pacing).
    Done {
        /// Earliest next work of this lane.
        not_before: Option<Timestamp>,
    },
    /// Failed for now: the same work again at `at`, the lane waits.
    Retry {
        /// When.
        at: Timestamp,
        /// Shown to people.
        error: String,
    },
    /// Not an attempt, only too early (e.g. the session is not online): again at `until`.
    Hold {
        /// When.
        until: Timestamp,
    },
    /// In the middle: called again at `until` with this `step`, by whichever process. Not an attempt. Nobody sleeps over it.
    Pause {
        /// When.
        until: Timestamp,
        /// Where it goes on: [`ClaimedWork::step`].
        step: i16,
    },
    /// Given up: kept as a dead letter, the lane goes on.
    Dead {
        /// Shown to people.
        error: String,
    },
}

impl Outcome {
    /// Done, no pacing.
    #[must_use]
    pub const fn done() -> Self {
        Self::Done { not_before: None }
    }
}

/// Does the work of one topic.
#[async_trait]
pub trait WorkHandler: Send + Sync + 'static {
    /// The topic.
    fn topic(&self) -> &'static str;

    /// How many lanes at once in this process.
    fn concurrency(&self) -> usize {
        8
    }

    /// How long a lease lasts without a sign of life: a dead process is replaced after at most this. Renewed while work goes on.
    fn lease(&self) -> std::time::Duration {
        std::time::Duration::from_secs(9)
    }

    /// Does it. Holds no database connection while it waits for others.
    async fn handle(&self, work: &ClaimedWork) -> Outcome;
}

/// Adds work inside a projection's transaction (that is what makes a projection a reactor).
///
/// # Errors
/// The database.
pub async fn enqueue(db: &mut PgConnection, work: &[NewWork]) -> Result<(), StoreError> {
    if work.is_empty() {
        return Ok(());
    }
    note(work.iter().map(|w| w.topic.as_str()));
    sqlx::query(
        "WITH new_work AS (
             INSERT INTO work (id, topic, lane, account_id, subject, payload, due_at, correlation_id, causation_id)
             SELECT w.id, w.topic, w.lane, w.account_id, w.subject, w.payload, w.due_at, w.correlation_id, w.causation_id
               FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[], $7::timestamptz[], $8::uuid[], $9::uuid[]) WITH ORDINALITY
                 AS w(id, topic, lane, account_id, subject, payload, due_at, correlation_id, causation_id, ordinal)
              ORDER BY w.ordinal
             ON CONFLICT (id) DO NOTHING
             RETURNING topic, lane, due_at
         )
         INSERT INTO work_lane AS l (topic, lane, due_at)
         SELECT topic, lane, min(due_at) FROM new_work GROUP BY topic, lane ORDER BY topic, lane
         ON CONFLICT (topic, lane) DO UPDATE
            SET signals = l.signals + 1, due_at = GREATEST(l.not_before, LEAST(l.due_at, excluded.due_at))",
    )
    .bind(work.iter().map(|w| w.id).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.topic.as_str()).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.lane.as_str()).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.account_id.as_uuid()).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.subject.as_str()).collect::<Vec<_>>())
    .bind(work.iter().map(|w| &w.payload).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.due_at).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.cause.map(|cause| cause.correlation_id)).collect::<Vec<_>>())
    .bind(work.iter().map(|w| w.cause.map(|cause| cause.command_id.as_uuid())).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Drops waiting work by id, e.g. a timer that is no longer wanted.
///
/// # Errors
/// The database.
pub async fn cancel(db: &mut PgConnection, ids: &[Uuid]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM work WHERE id = ANY ($1)").bind(ids).execute(db).await?;
    Ok(())
}
