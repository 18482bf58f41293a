//! Handler of topic "call": does not take a call, and sends the text that goes with that through the queue (plugzapi-api.md 2.1). Repeats are
//! harmless: an ended call stays ended, and the text has an id that derives from the work.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{ClaimedWork, NewWork, Outcome, WorkHandler};
use recado_kernel::id::derive_uuid_v7;
use recado_kernel::{AccountId, Actor, CommandId, Door, InstanceId, PhoneNumber, Sealed, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::{DirectoryError, SessionEngine};
use crate::use_cases::AcceptMessage;
use crate::{Messaging, MessagingError};

const TOPIC: &str = "call";
/// A call rings for half a minute at most: later there is nothing to reject.
const ATTEMPTS: i32 = 5;

/// A call that is not to be taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ringing {
    pub instance: InstanceId,
    pub call: String,
    pub from: Sealed,
    pub at: Timestamp,
}

impl Ringing {
    pub(crate) fn work(&self, account: AccountId) -> NewWork {
        let id = Uuid::new_v5(&self.instance.as_uuid(), format!("call/{}", self.call).as_bytes());
        NewWork {
            id,
            topic: TOPIC.to_owned(),
            lane: id.to_string(),
            account_id: account,
            subject: self.instance.to_string(),
            // Ids, a seal and a time always serialise.
            payload: serde_json::to_value(self).unwrap_or_default(),
            due_at: self.at,
            cause: None,
        }
    }
}

/// The handler.
pub(crate) struct CallDesk {
    messaging: Messaging,
    engine: Arc<dyn SessionEngine>,
}

impl CallDesk {
    pub(crate) fn new(messaging: Messaging, engine: Arc<dyn SessionEngine>) -> Self {
        Self { messaging, engine }
    }

    async fn reject(&self, work: &ClaimedWork) -> Result<(), MessagingError> {
        let ringing: Ringing = work.decode()?;
        match self.engine.directory() {
            Some(directory) => directory.reject_call(ringing.instance, &ringing.call).await?,
            None => return Ok(()),
        }
        let instance = self.messaging.instances.load(&ringing.instance.to_string()).await?.aggregate;
        let Some(text) = instance.settings.call_reject_message.filter(|text| !text.trim().is_empty()) else { return Ok(()) };
        let caller = self.messaging.platform.vault.unseal(&ringing.from).await?;
        let Some(caller) = caller.and_then(|caller| caller.parse::<PhoneNumber>().ok()) else { return Ok(()) };
        let actor = Actor::System("call_reject".to_owned());
        let access = self.messaging.instance_access(work.account_id, ringing.instance, actor, Door::Job).await?;
        let command = CommandId::from_uuid(derive_uuid_v7(ringing.at, work.id, "call_reject"));
        let text =
            AcceptMessage { command_id: Some(command), ..AcceptMessage::text(recado_kernel::ChatAddress::Phone(caller), &text) };
        self.messaging.accept(&access, text).await.map(drop)
    }
}

#[async_trait]
impl WorkHandler for CallDesk {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let again = |error: &MessagingError| Outcome::Retry {
            at: back_off(self.messaging.platform.now(), work.attempts, Duration::seconds(1), Duration::seconds(30)),
            error: error.to_string(),
        };
        match self.reject(work).await {
            Ok(()) => Outcome::done(),
            Err(error) if error.is_ours() => again(&error),
            Err(error @ MessagingError::Directory(DirectoryError::Silent(_))) if work.attempts < ATTEMPTS => again(&error),
            Err(error) => {
                tracing::info!(%error, "a call was not rejected");
                Outcome::done()
            }
        }
    }
}
