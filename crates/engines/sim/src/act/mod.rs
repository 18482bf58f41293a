//! What a person does in a conversation. Everything is a message to the other phone: it travels, arrives and is told like any other.

mod answers;
mod changes;

pub(crate) use answers::first_choice;

use recado_event_store::work;
use recado_kernel::{AccountId, InstanceId, PhoneNumber, WireId};
use recado_messaging::MessageContent;

use crate::store::held::Held;
use crate::store::{held, messages, phones, sessions};
use crate::worker::Job;
use crate::{Sim, SimError};

/// Whose hand does it, and in which conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// The tenant.
    pub account: AccountId,
    /// The phone in the hand.
    pub phone: PhoneNumber,
    /// The number on the other side.
    pub chat: PhoneNumber,
}

/// A message about to be sent from a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it says.
    pub content: MessageContent,
    /// The message it answers.
    pub reply_to: Option<WireId>,
    /// Is it passed on?
    pub forwarded: bool,
}

impl<C: Into<MessageContent>> From<C> for Draft {
    fn from(content: C) -> Self {
        Self { content: content.into(), reply_to: None, forwarded: false }
    }
}

impl Draft {
    /// The same as an answer to `message`.
    #[must_use]
    pub fn answering(mut self, message: Option<WireId>) -> Self {
        self.reply_to = message;
        self
    }
}

impl Sim {
    /// Sends any kind of message. Returns its id in WhatsApp.
    ///
    /// # Errors
    /// A content nobody can send, an answer to a message that is not in this conversation, or the database.
    pub async fn send(&self, hand: &Hand, draft: Draft) -> Result<WireId, SimError> {
        if let Some(quoted) = &draft.reply_to {
            self.held(hand, quoted).await?;
        }
        let wire_id = self.wire_id(&self.platform.new_uuid().to_string());
        self.put(hand, draft, wire_id).await
    }

    /// The conversation of a phone with the number linked to an instance.
    ///
    /// # Errors
    /// Nothing is linked, or the database.
    pub async fn hand(&self, instance: InstanceId, phone: PhoneNumber) -> Result<Hand, SimError> {
        let session = sessions::find(&self.platform, instance).await?.ok_or(SimError::NotLinked)?;
        let chat = session.phone().cloned().ok_or(SimError::NotLinked)?;
        Ok(Hand { account: session.account, phone, chat })
    }

    /// Stores the draft under this id, once, and brings it to the other phone if that is on.
    pub(crate) async fn put(&self, hand: &Hand, draft: Draft, wire_id: WireId) -> Result<WireId, SimError> {
        let Hand { account, phone, chat } = hand;
        draft.content.check().map_err(|error| match &draft.content {
            MessageContent::Text(_) => SimError::InvalidText,
            _ => SimError::InvalidContent(error.to_string()),
        })?;
        let now = self.platform.now();
        let new = messages::NewMessage {
            wire_id: &wire_id,
            account: *account,
            instance: None,
            message: None,
            sender: phone,
            recipient: chat,
            content: &draft.content,
            reply_to: draft.reply_to.as_ref(),
            forwarded: draft.forwarded,
            at: now,
        };
        let mut transaction = self.platform.pool().begin().await?;
        phones::ensure(&mut transaction, phone, Some(*account), now).await?;
        phones::ensure(&mut transaction, chat, Some(*account), now).await?;
        let seq = messages::insert(&self.platform, &mut transaction, &new).await?;
        if let Some(seq) = seq {
            let lane = format!("written/{}", self.platform.vault.digest("sim-lane", None, chat.as_str()));
            let job = Job::Deliver { seq }.at(*account, &lane, account.as_uuid(), &format!("deliver/{seq}"), now);
            work::enqueue(&mut transaction, &[job]).await?;
        }
        transaction.commit().await?;
        if let Some(seq) = seq {
            // Now, for whoever waits; the durable work repeats it if this process ends here.
            Box::pin(self.carry_out(Job::Deliver { seq })).await?;
        }
        self.platform.log.ring();
        Ok(wire_id)
    }

    /// A message of this conversation that was not deleted.
    async fn held(&self, hand: &Hand, wire_id: &WireId) -> Result<Held, SimError> {
        let found = held::find(&self.platform, hand.account, &hand.phone, &hand.chat, wire_id).await?;
        found.filter(|message| !message.revoked).ok_or(SimError::UnknownMessage)
    }
}
