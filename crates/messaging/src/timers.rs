//! Ends of trials and services, and the deletion of what nobody pays for, as durable timers: each is its own lane, so nothing can hold it up.

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{Alongside, ClaimedWork, NewWork, Outcome, WorkHandler};
use recado_kernel::{AccountId, Actor, CommandId, CommandMeta, Door, InstanceId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::instance::{Instance, InstanceAction, InstanceCommand, InstanceEvent};
use crate::use_cases::released;
use crate::{Messaging, MessagingError, TIMER_TOPIC};

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum InstanceTimer {
    /// The trial.
    TrialEnd {
        /// Whose.
        instance: InstanceId,
    },
    /// A cancelled subscription.
    ServiceEnd {
        /// Whose.
        instance: InstanceId,
        /// When; a later cancellation has another timer.
        ends_at: Timestamp,
    },
    /// An instance that nobody pays for.
    Deletion {
        /// Whose.
        instance: InstanceId,
        /// When its trial or service ended; a later end has another timer.
        ended_at: Timestamp,
    },
}

impl InstanceTimer {
    pub(crate) const fn trial_end(instance: InstanceId) -> Self {
        Self::TrialEnd { instance }
    }

    pub(crate) const fn service_end(instance: InstanceId, ends_at: Timestamp) -> Self {
        Self::ServiceEnd { instance, ends_at }
    }

    pub(crate) const fn deletion(instance: InstanceId, ended_at: Timestamp) -> Self {
        Self::Deletion { instance, ended_at }
    }

    const fn instance(self) -> InstanceId {
        match self {
            Self::TrialEnd { instance } | Self::ServiceEnd { instance, .. } | Self::Deletion { instance, .. } => instance,
        }
    }

    /// The same timer always has the same id.
    pub(crate) fn id(self) -> Uuid {
        let name = match self {
            Self::TrialEnd { .. } => "timer/trial_end".to_owned(),
            Self::ServiceEnd { ends_at, .. } => format!("timer/service_end/{}", ends_at.timestamp_micros()),
            Self::Deletion { ended_at, .. } => format!("timer/deletion/{}", ended_at.timestamp_micros()),
        };
        Uuid::new_v5(&self.instance().as_uuid(), name.as_bytes())
    }

    /// The work that waits for `due_at`.
    pub(crate) fn at(self, account: AccountId, due_at: Timestamp) -> NewWork {
        NewWork {
            id: self.id(),
            topic: TIMER_TOPIC.to_owned(),
            lane: self.id().to_string(),
            account_id: account,
            subject: self.instance().to_string(),
            // Two ids and a time always serialise.
            payload: serde_json::to_value(self).unwrap_or_default(),
            due_at,
            // Stored with the event that starts it: from there it takes its cause.
            cause: None,
        }
    }
}

/// Rings the timers. Repeats are harmless: the aggregate ends a trial or a service once.
pub(crate) struct InstanceTimers {
    messaging: Messaging,
}

impl InstanceTimers {
    pub(crate) const fn new(messaging: Messaging) -> Self {
        Self { messaging }
    }

    async fn ring(&self, work: &ClaimedWork) -> Result<(), MessagingError> {
        let timer: InstanceTimer = work.decode()?;
        let (job, action) = match timer {
            InstanceTimer::TrialEnd { .. } => ("trial_expiry", InstanceAction::ExpireTrial),
            InstanceTimer::ServiceEnd { .. } => ("service_end", InstanceAction::EndService),
            InstanceTimer::Deletion { ended_at, .. } => ("instance_deletion", InstanceAction::DeleteUnpaid { ended_at }),
        };
        // It is due, whatever a clock that goes back says by now: too early, the aggregate would do nothing and the timer be gone.
        let now = self.messaging.platform.now().max(work.due_at);
        let id = timer.instance();
        let command_id = CommandId::derive(work.id, "ring");
        let meta = CommandMeta::new(command_id, work.account_id, Actor::System(job.to_owned()), Door::Job, now);
        let meta = meta.following(work.cause);
        if let InstanceTimer::Deletion { .. } = timer {
            return match self.messaging.end_instance(meta, id, action).await {
                // A person, or billing, was faster.
                Ok(_) | Err(MessagingError::InstanceNotFound) => Ok(()),
                Err(error) => Err(error),
            };
        }
        let command = InstanceCommand { account: work.account_id, at: now, action };
        let (account, patience) = (work.account_id, Duration::hours(self.messaging.settings.delete_unpaid_after_hours));
        let alongside = move |after: &Instance, events: &[InstanceEvent]| {
            let over = events.iter().any(|e| matches!(e, InstanceEvent::TrialExpired {} | InstanceEvent::ServiceEnded {}));
            let ended_at = after.terms.unpaid_since(now).filter(|_| over);
            let deletion = ended_at.map(|ended_at| InstanceTimer::deletion(id, ended_at).at(account, ended_at + patience));
            Alongside { release: released(id, events), work: deletion.into_iter().collect(), ..Alongside::default() }
        };
        match self.messaging.instances.execute_with(&id.to_string(), command, meta, alongside).await.map_err(MessagingError::from)
        {
            // Deleted before its time was over.
            Ok(_) | Err(MessagingError::InstanceNotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl WorkHandler for InstanceTimers {
    fn topic(&self) -> &'static str {
        TIMER_TOPIC
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        match self.ring(work).await {
            Ok(()) => Outcome::done(),
            Err(error) if error.is_ours() => Outcome::Retry {
                at: back_off(self.messaging.platform.now(), work.attempts, Duration::seconds(1), Duration::minutes(5)),
                error: error.to_string(),
            },
            Err(error) => Outcome::Dead { error: error.to_string() },
        }
    }
}
