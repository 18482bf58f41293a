//! The core's ear: each engine event becomes the use case that records it.

use async_trait::async_trait;
use recado_kernel::WireId;

use super::{EngineEvent, EngineEvents, EngineEventsError, Happening};
use crate::domain::instance::DisconnectReason;
use crate::domain::message::{MessageContent, Receipt, RevokeContent};
use crate::use_cases::{EngineFact, Incoming};
use crate::{Messaging, MessagingError};

#[async_trait]
impl EngineEvents for Messaging {
    async fn deliver(&self, batch: &[EngineEvent]) -> Result<(), EngineEventsError> {
        for event in batch {
            self.take(event).await.map_err(|error| match error {
                MessagingError::Store(error) => EngineEventsError::Store(error),
                MessagingError::Busy => EngineEventsError::Busy,
                refusal => EngineEventsError::Refused(refusal.to_string()),
            })?;
        }
        Ok(())
    }
}

impl Messaging {
    async fn take(&self, event: &EngineEvent) -> Result<(), MessagingError> {
        let fact = EngineFact {
            account: event.account,
            instance: event.instance,
            engine: event.engine.as_str().to_owned(),
            key: event.key.as_str().to_owned(),
            at: event.at,
            cause: None,
        };
        match &event.what {
            Happening::Paired { number } => drop(self.record_paired(&fact, number).await?),
            Happening::Unlinked => drop(self.record_disconnected(&fact, DisconnectReason::Phone).await?),
            Happening::ConnectionLost => drop(self.record_disconnected(&fact, DisconnectReason::ConnectionLost).await?),
            Happening::Reconnected => drop(self.record_reconnected(&fact).await?),
            Happening::Accepted { message } => {
                self.record_message_receipt(&fact, *message, Receipt::Sent).await?;
                self.media.discard(fact.account, *message).await;
            }
            Happening::Receipt { message, receipt } => drop(self.record_message_receipt(&fact, *message, *receipt).await?),
            Happening::Incoming(message) => drop(self.record_incoming(&fact, Incoming::clone(message)).await?),
            Happening::Edited { target, message } => drop(self.record_incoming(&fact, edited(target, message)).await?),
            Happening::Revoked { target, wire_id, chat, participant } => {
                let content = RevokeContent { target: target.clone() }.into();
                let blank = Incoming::from_chat(wire_id.clone(), chat.clone(), content);
                self.record_incoming(&fact, Incoming { participant: participant.clone(), ..blank }).await?;
            }
            Happening::Noticed(notice) => self.record_notice(&fact, notice).await?,
        }
        Ok(())
    }
}

/// The message with what it replaces.
fn edited(target: &WireId, message: &Incoming) -> Incoming {
    let mut message = message.clone();
    match &mut message.content {
        MessageContent::Text(text) => text.edits = Some(target.clone()),
        MessageContent::Document(document) => document.edits = Some(target.clone()),
        _ => {}
    }
    message
}
