//! What engines report about a session. Reports are repeatable: the command id is made of instance, kind and the engine's key.

use recado_event_store::{Alongside, Claim};
use recado_kernel::{AccountId, Actor, Cause, CommandId, CommandMeta, Door, InstanceId, PhoneNumber, Timestamp};

use super::Recorded;
use crate::domain::instance::{DisconnectReason, InstanceAction, InstanceCommand, InstanceEvent, LIVE_NUMBER};
use crate::{Messaging, MessagingError};

/// Circumstances of an engine's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineFact {
    /// The owner.
    pub account: AccountId,
    /// Which session.
    pub instance: InstanceId,
    /// Which engine, e.g. "sim".
    pub engine: String,
    /// Tells this report from others of its kind (a session number and counter, a message id); a repeated report repeats it.
    pub key: String,
    /// When it happened.
    pub at: Timestamp,
    /// What of ours it follows from; `None` when the world outside began it.
    pub cause: Option<Cause>,
}

impl EngineFact {
    /// Circumstances of the command behind this report.
    #[must_use]
    pub fn meta(&self, kind: &str) -> CommandMeta {
        let command_id = CommandId::derive(self.instance.as_uuid(), &format!("{}/{kind}/{}", self.engine, self.key));
        CommandMeta::new(command_id, self.account, Actor::Engine(self.engine.clone()), Door::Engine, self.at)
            .following(self.cause)
    }
}

impl Messaging {
    /// A phone scanned the code and the session is online. Takes the claim on the number, and gives back the one of a number that is
    /// exchanged.
    ///
    /// # Errors
    /// [`MessagingError::NumberInUse`] (the engine must unlink), trial over, not found, or the database.
    pub async fn record_paired(&self, fact: &EngineFact, number: &PhoneNumber) -> Result<Recorded, MessagingError> {
        let sealed = self.platform.vault.seal(fact.account, &format!("contact/{number}"), number.as_str()).await?;
        let number_digest = self.platform.vault.digest(LIVE_NUMBER, None, number.as_str());
        let action = InstanceAction::Pair { number: sealed, number_digest };
        self.record_session(fact, "paired", action).await
    }

    /// The kept session is online again.
    ///
    /// # Errors
    /// Trial over, no linked number, not found, or the database.
    pub async fn record_reconnected(&self, fact: &EngineFact) -> Result<Recorded, MessagingError> {
        self.record_session(fact, "reconnected", InstanceAction::Reconnect).await
    }

    /// The session ended by itself: [`DisconnectReason::Phone`], [`DisconnectReason::ConnectionLost`],
    /// [`DisconnectReason::PairingAbandoned`].
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn record_disconnected(&self, fact: &EngineFact, reason: DisconnectReason) -> Result<Recorded, MessagingError> {
        self.record_session(fact, reason.as_str(), InstanceAction::Disconnect(reason)).await
    }

    async fn record_session(&self, fact: &EngineFact, kind: &str, action: InstanceAction) -> Result<Recorded, MessagingError> {
        let id = fact.instance;
        let command = InstanceCommand { account: fact.account, at: self.platform.now(), action };
        let alongside = move |_: &_, events: &[InstanceEvent]| Alongside {
            claims: claimed(id, events),
            release: released(id, events),
            ..Alongside::default()
        };
        Ok(self.instances.execute_with(&id.to_string(), command, fact.meta(kind), alongside).await?.into())
    }
}

fn claim(instance: InstanceId, key: &str) -> Claim {
    Claim { scope: LIVE_NUMBER.to_owned(), key: key.to_owned(), owner: instance.to_string() }
}

/// Claims that go with these events: a paired number that was not held until now.
pub(crate) fn claimed(instance: InstanceId, events: &[InstanceEvent]) -> Vec<Claim> {
    let taken = events.iter().filter_map(|event| match event {
        InstanceEvent::Paired { number_digest, previous_digest, .. } if previous_digest.as_ref() != Some(number_digest) => {
            Some(claim(instance, number_digest))
        }
        _ => None,
    });
    taken.collect()
}

/// Claims given back by these events: a number that was exchanged or unlinked.
pub(crate) fn released(instance: InstanceId, events: &[InstanceEvent]) -> Vec<Claim> {
    let given_back = events.iter().filter_map(|event| match event {
        InstanceEvent::Paired { number_digest, previous_digest: Some(previous), .. } if previous != number_digest => {
            Some(claim(instance, previous))
        }
        InstanceEvent::Disconnected { released_digest: Some(digest), .. } => Some(claim(instance, digest)),
        _ => None,
    });
    given_back.collect()
}
