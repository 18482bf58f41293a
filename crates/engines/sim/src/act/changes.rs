//! What can be done with a message afterwards: edit, delete, pass on, listen.

use recado_kernel::{PhoneNumber, WireId};
use recado_messaging::domain::message::{MessageContent, RevokeContent, TextContent};

use super::{Draft, Hand};
use crate::store::{held, receipts};
use crate::{Sim, SimError};

impl Sim {
    /// Changes the text of an own message, or the caption of an own document.
    ///
    /// # Errors
    /// No such message, somebody else's, a kind that cannot be edited, an empty text, or the database.
    pub async fn edit(&self, hand: &Hand, message: &WireId, text: &str) -> Result<WireId, SimError> {
        let held = self.held(hand, message).await?;
        if held.sender != hand.phone {
            return Err(SimError::NotYours);
        }
        let edits = Some(message.clone());
        let edited = match held.content {
            MessageContent::Text(_) => TextContent { text: text.to_owned(), edits, ..TextContent::default() }.into(),
            MessageContent::Document(mut document) => {
                document.caption = text.to_owned();
                document.edits = edits;
                MessageContent::Document(document)
            }
            _ => return Err(SimError::NotEditable),
        };
        self.send(hand, Draft::from(edited)).await
    }

    /// Deletes an own message for everybody.
    ///
    /// # Errors
    /// No such message, somebody else's, or the database.
    pub async fn delete(&self, hand: &Hand, message: &WireId) -> Result<WireId, SimError> {
        if self.held(hand, message).await?.sender != hand.phone {
            return Err(SimError::NotYours);
        }
        self.send(hand, RevokeContent { target: message.clone() }.into()).await
    }

    /// Passes a message on to another number.
    ///
    /// # Errors
    /// No such message, or the database.
    pub async fn forward(&self, hand: &Hand, message: &WireId, to: &PhoneNumber) -> Result<WireId, SimError> {
        let held = self.held(hand, message).await?;
        let content = held::as_it_reads(&self.platform, held, message).await?;
        let there = Hand { chat: to.clone(), ..hand.clone() };
        self.send(&there, Draft { content, reply_to: None, forwarded: true }).await
    }

    /// Listens to a voice note (or music) of the other side; again changes nothing.
    ///
    /// # Errors
    /// No such message, nothing to listen to, a number that never reads, or the database.
    pub async fn play(&self, hand: &Hand, message: &WireId) -> Result<(), SimError> {
        let held = self.held(hand, message).await?;
        if held.sender != hand.chat || !matches!(held.content, MessageContent::Audio(_) | MessageContent::Ptv(_)) {
            return Err(SimError::NoSound);
        }
        if crate::Script::of(&hand.phone) == crate::Script::NeverReads {
            return Err(SimError::NeverReads);
        }
        let played = receipts::mark_played(&self.platform, held.seq, self.platform.now()).await?;
        match held.instance {
            Some(instance) if played => self.flush(instance).await,
            _ => Ok(()),
        }
    }
}
