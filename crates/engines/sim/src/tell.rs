//! What the simulated servers tell the core. Everything is repeatable: events carry keys, and what was told is marked afterwards.

use recado_kernel::{ChatAddress, InstanceId, PhoneNumber, Timestamp};
use recado_messaging::MessageContent;
use recado_messaging::engine::{EngineEvent, EngineEventsError, EngineKind, EventKey, Happening, Receipt, Received};
use serde::{Deserialize, Serialize};

use crate::session::{Session, State, Step};
use crate::store::{messages, receipts, sessions};
use crate::{Sim, SimError};

/// News about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionNews {
    Paired,
    Unlinked,
    ConnectionLost,
    Reconnected,
}

impl SessionNews {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Paired => "paired",
            Self::Unlinked => "unlinked",
            Self::ConnectionLost => "connection_lost",
            Self::Reconnected => "reconnected",
        }
    }
}

impl Sim {
    fn event(session: &Session, key: EventKey, at: Timestamp, what: Happening) -> EngineEvent {
        EngineEvent { key, engine: EngineKind::Sim, account: session.account, instance: session.instance, at, what }
    }

    /// Tells the core that a session reached `generation`. A pairing the core does not want is undone.
    pub(crate) async fn tell_session(
        &self,
        instance: InstanceId,
        generation: i64,
        news: SessionNews,
        at: Timestamp,
    ) -> Result<(), SimError> {
        let Some(session) = sessions::find(&self.platform, instance).await? else { return Ok(()) };
        let what = match (news, session.phone()) {
            (SessionNews::Paired, Some(phone)) => Happening::Paired { number: phone.clone() },
            (SessionNews::ConnectionLost, _) => Happening::ConnectionLost,
            (SessionNews::Reconnected, Some(_)) => Happening::Reconnected,
            (SessionNews::Unlinked, _) => Happening::Unlinked,
            // It has been unlinked meanwhile: that is told by its own piece of work.
            (SessionNews::Paired | SessionNews::Reconnected, None) => return Ok(()),
        };
        // Linked again meanwhile: the later pairing has been told.
        if news == SessionNews::Unlinked && session.phone().is_some() {
            return Ok(());
        }
        let key = EventKey::new(news.as_str(), &generation.to_string());
        match self.core.deliver(&[Self::event(&session, key, at, what)]).await {
            Err(EngineEventsError::Refused(reason)) if news == SessionNews::Paired => {
                self.change(instance, Step::Unlink, None).await?;
                Err(SimError::Refused(reason))
            }
            Err(EngineEventsError::Refused(_)) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Tells a session everything it has not been told: receipts of its messages, and messages for its phone; in order. Nothing while it is
    /// not online: WhatsApp keeps it for later.
    pub(crate) async fn flush(&self, instance: InstanceId) -> Result<(), SimError> {
        let Some(session) = sessions::find(&self.platform, instance).await? else { return Ok(()) };
        let State::Linked { phone, since, online: true } = &session.state else { return Ok(()) };
        self.tell_notices(&session).await?;
        // Each round marks what it told: the next one finds less.
        loop {
            let receipts = receipts::untold_receipts(&self.platform, instance, phone).await?;
            if receipts.is_empty() {
                break;
            }
            for receipt in receipts {
                self.tell_receipt(&session, &receipt).await?;
            }
        }
        for play in receipts::untold_plays(&self.platform, instance, phone).await? {
            let what = Happening::Receipt { message: play.message, receipt: Receipt::Played };
            self.deliver_or_drop(Self::event(&session, EventKey::new("played", &play.wire_id), play.at, what)).await?;
            receipts::play_told(&self.platform, play.seq).await?;
        }
        loop {
            let incoming = messages::untold_messages(&self.platform, phone, *since).await?;
            if incoming.is_empty() {
                return Ok(());
            }
            for message in incoming {
                let (seq, at) = (message.seq, message.delivered_at);
                let key = EventKey::new("incoming", message.wire_id.as_str());
                let what = self.as_heard(&session, phone, message).await?;
                self.deliver_or_drop(Self::event(&session, key, at, what)).await?;
                messages::message_told(&self.platform, seq, session.account).await?;
            }
        }
    }

    /// A message as the session of `phone` hears of it.
    async fn as_heard(
        &self,
        session: &Session,
        phone: &PhoneNumber,
        told: messages::UntoldMessage,
    ) -> Result<Happening, SimError> {
        let messages::UntoldMessage { wire_id, sender, mut content, reply_to, forwarded, .. } = told;
        let chat = ChatAddress::Phone(sender);
        match &mut content {
            MessageContent::Revoke(revoke) => {
                return Ok(Happening::Revoked { target: revoke.target.clone(), wire_id, chat, participant: None });
            }
            // A phone tells it as it sees it.
            MessageContent::Reaction(reaction) => {
                reaction.target_from_me = messages::is_known(&self.platform, phone, &reaction.target).await?;
            }
            _ => {}
        }
        self.files().hand_over(session, &wire_id, &mut content).await?;
        let target = content.edits().cloned();
        let message = Box::new(Received { reply_to, forwarded, ..Received::from_chat(wire_id, chat, content) });
        Ok(match target {
            Some(target) => Happening::Edited { target, message },
            None => Happening::Incoming(message),
        })
    }

    async fn tell_receipt(&self, session: &Session, receipt: &receipts::UntoldReceipt) -> Result<(), SimError> {
        for (at, kind) in [(receipt.received, Receipt::Received), (receipt.read, Receipt::Read)] {
            let Some(at) = at else { continue };
            let what = Happening::Receipt { message: receipt.message, receipt: kind };
            self.deliver_or_drop(Self::event(session, EventKey::new("receipt", &receipt.wire_id), at, what)).await?;
        }
        Ok(receipts::receipts_told(&self.platform, receipt).await?)
    }

    /// What the core refuses for good (trial over, unknown message) is dropped.
    async fn deliver_or_drop(&self, event: EngineEvent) -> Result<(), SimError> {
        match self.core.deliver(&[event]).await {
            Err(EngineEventsError::Refused(reason)) => {
                tracing::debug!(reason, "the core refused a simulated event");
                Ok(())
            }
            other => Ok(other?),
        }
    }
}
