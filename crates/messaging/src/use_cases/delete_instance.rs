//! The end of an instance: session, number and place are given back with the event, and what was queued is erased.

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{Alongside, Claim, ClaimedWork, CommandOutcome, NewWork, Outcome, WorkHandler};
use recado_kernel::{AccountId, Actor, CommandId, CommandMeta, Door, InstanceId, Timestamp};
use uuid::Uuid;

use super::Recorded;
use super::record_session::released;
use crate::domain::instance::{
    DeletionReason, FIRST_TOKEN_INSTANCES, INSTANCE_SLOT, InstanceAction, InstanceCommand, InstanceEvent,
};
use crate::domain::message::{MessageAction, MessageCommand, MessageEvent};
use crate::{Messaging, MessagingError};

/// Topic of the work that erases what a deleted instance had queued.
const TOPIC: &str = "instance_cleanup";
/// When it looks a second time: a request that was let in just before may have queued something just after.
const AGAIN_MINUTES: i64 = 10;

impl Messaging {
    /// Deletes an instance for good: session and link end, what was queued is erased, its number and its place are free. Its history stays.
    /// Doing so twice is harmless.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn delete_instance(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        reason: DeletionReason,
    ) -> Result<Recorded, MessagingError> {
        let known = self.instances.load(&id.to_string()).await?.aggregate;
        if known.deleted && known.account == Some(meta.account_id) {
            return Ok(Recorded { position: recado_event_store::Position::default(), changed: false });
        }
        Ok(self.end_instance(meta, id, InstanceAction::Delete(reason)).await?.into())
    }

    pub(crate) async fn end_instance(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        action: InstanceAction,
    ) -> Result<CommandOutcome<InstanceEvent>, MessagingError> {
        let account = meta.account_id;
        let place = self.place_of(account, id).await?;
        let now = self.platform.now();
        let at = meta.occurred_at.max(now);
        let command = InstanceCommand { account, at, action };
        let alongside = move |_: &_, events: &[InstanceEvent]| {
            let gone = events.iter().any(|event| matches!(event, InstanceEvent::Deleted { .. }));
            let place = if gone { place.clone() } else { None };
            let cleanups =
                if gone { vec![cleanup(account, id, now, 0), cleanup(account, id, now, AGAIN_MINUTES)] } else { vec![] };
            Alongside { release: released(id, events).into_iter().chain(place).collect(), work: cleanups, ..Alongside::default() }
        };
        Ok(self.instances.execute_with(&id.to_string(), command, meta, alongside).await?)
    }

    /// The numbered place an instance holds.
    async fn place_of(&self, account: AccountId, id: InstanceId) -> Result<Option<Claim>, MessagingError> {
        let keys: Vec<String> = (1..=FIRST_TOKEN_INSTANCES).map(|n| format!("{account}/{n}")).collect();
        let key: Option<String> = sqlx::query_scalar("SELECT key FROM claim WHERE scope = $1 AND key = ANY ($2) AND owner = $3")
            .bind(INSTANCE_SLOT)
            .bind(keys)
            .bind(id.to_string())
            .fetch_optional(self.platform.pool())
            .await?;
        Ok(key.map(|key| Claim { scope: INSTANCE_SLOT.to_owned(), key, owner: id.to_string() }))
    }
}

fn cleanup(account: AccountId, id: InstanceId, now: Timestamp, minutes: i64) -> NewWork {
    let work = Uuid::new_v5(&id.as_uuid(), format!("cleanup/{minutes}").as_bytes());
    NewWork {
        id: work,
        topic: TOPIC.to_owned(),
        lane: work.to_string(),
        account_id: account,
        subject: id.to_string(),
        payload: serde_json::json!({ "instance": id }),
        due_at: now + Duration::minutes(minutes),
        cause: None,
    }
}

/// Erases what a deleted instance had queued. Repeats find nothing left.
pub(crate) struct InstanceCleanup {
    messaging: Messaging,
}

impl InstanceCleanup {
    pub(crate) const fn new(messaging: Messaging) -> Self {
        Self { messaging }
    }

    async fn erase(&self, work: &ClaimedWork) -> Result<(), MessagingError> {
        let Ok(instance) = work.subject.parse::<InstanceId>() else { return Ok(()) };
        let account = work.account_id;
        for message in self.messaging.waiting_messages(account, instance).await? {
            let meta = |step: &str| {
                let command_id = CommandId::derive(message.as_uuid(), &format!("instance_deleted/{step}"));
                let job = Actor::System("instance_cleanup".to_owned());
                let mut meta = CommandMeta::new(command_id, account, job, Door::Job, self.messaging.platform.now());
                meta.correlation_id = message.as_uuid();
                meta.causation_id = work.cause.map(|cause| cause.command_id.as_uuid());
                meta
            };
            if self.messaging.cancel_message(meta("cancel"), instance, message).await? {
                continue;
            }
            // Handed over and never confirmed: nobody will ask about it again.
            let action = MessageAction::Refuse { reason: "instance_deleted".to_owned() };
            let command = MessageCommand { account, instance, action };
            let alongside = move |_: &_, _: &[MessageEvent]| Alongside {
                cancel_work: vec![message.as_uuid()],
                erase_content: vec![message.as_uuid()],
                ..Alongside::default()
            };
            self.messaging.messages.execute_with(&message.to_string(), command, meta("refuse"), alongside).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl WorkHandler for InstanceCleanup {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        match self.erase(work).await {
            Ok(()) => Outcome::done(),
            Err(error) if error.is_ours() => Outcome::Retry {
                at: back_off(self.messaging.platform.now(), work.attempts, Duration::seconds(1), Duration::minutes(5)),
                error: error.to_string(),
            },
            Err(error) => Outcome::Dead { error: error.to_string() },
        }
    }
}
