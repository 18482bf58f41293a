//! The one message that confirms an opt-out. It is ordered in the commit that records the opt-out, and its id is part of that event: so it
//! is sent once, and is the only one that passes.

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{ClaimedWork, NewWork, Outcome, WorkHandler};
use recado_kernel::{AccountId, Actor, Cause, ChatAddress, CommandId, Door, InstanceId, Sealed, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::use_cases::AcceptMessage;
use crate::{Messaging, MessagingError};

/// Topic of the confirmations; each is its own lane.
const TOPIC: &str = "opt_out_confirmation";
/// The job that may write to a contact that opted out.
pub(super) const CONFIRMER: &str = "opt_out_confirmation";

/// Through which instance an opt-out is confirmed, and by which command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Confirm {
    pub instance: InstanceId,
    pub command_id: CommandId,
}

#[derive(Debug, Serialize, Deserialize)]
struct Order {
    instance: InstanceId,
    contact: Sealed,
    command_id: CommandId,
}

impl Confirm {
    /// The work that goes with the event.
    pub(super) fn work(self, account: AccountId, contact: Sealed, due_at: Timestamp, cause: Cause) -> NewWork {
        let id = Uuid::new_v5(&self.command_id.as_uuid(), b"work");
        let order = Order { instance: self.instance, contact, command_id: self.command_id };
        NewWork {
            id,
            topic: TOPIC.to_owned(),
            lane: id.to_string(),
            account_id: account,
            subject: self.instance.to_string(),
            // Two ids and a sealed text always serialise.
            payload: serde_json::to_value(order).unwrap_or_default(),
            due_at,
            cause: Some(cause),
        }
    }
}

/// The handler. A repeat is harmless: the same command id accepts the same message.
pub(crate) struct Confirmations {
    messaging: Messaging,
}

impl Confirmations {
    pub(crate) const fn new(messaging: Messaging) -> Self {
        Self { messaging }
    }

    async fn confirm(&self, work: &ClaimedWork) -> Result<(), MessagingError> {
        let order: Order = work.decode()?;
        let Some(text) = self.messaging.guard_rules(work.account_id).await?.confirmation else { return Ok(()) };
        let contact = self.messaging.platform.vault.unseal(&order.contact).await?;
        let Some(contact) = contact.and_then(|contact| contact.parse::<ChatAddress>().ok()) else { return Ok(()) };
        let job = Actor::System(CONFIRMER.to_owned());
        let access = self.messaging.instance_access(work.account_id, order.instance, job, Door::Job).await?;
        let message = AcceptMessage { command_id: Some(order.command_id), ..AcceptMessage::text(contact, &text) };
        self.messaging.accept(&access, message).await.map(drop)
    }
}

#[async_trait]
impl WorkHandler for Confirmations {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        match self.confirm(work).await {
            Err(error) if error.is_ours() => Outcome::Retry {
                at: back_off(self.messaging.platform.now(), work.attempts, Duration::seconds(1), Duration::minutes(5)),
                error: error.to_string(),
            },
            // Service over, queue full, instance gone: there is nothing to confirm by.
            Ok(()) | Err(_) => Outcome::done(),
        }
    }
}
