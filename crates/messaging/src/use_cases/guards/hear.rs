//! Listens to what contacts write: one of the account's words, alone, takes them off the list of people we write to or puts them back.

use recado_kernel::{ChatAddress, CommandId, MessageId, WireId};

use super::confirm::Confirm;
use crate::domain::guards::Heard;
use crate::domain::opt_out::{Asked, Source};
use crate::use_cases::{EngineFact, Incoming};
use crate::{Messaging, MessagingError};

/// Longest text worth listening to, in bytes: the longest word with everything that may stand around it.
const LONGEST: usize = 320;

/// A short text somebody wrote.
#[derive(Debug)]
pub(crate) struct Said {
    from: ChatAddress,
    wire_id: WireId,
    text: String,
}

impl Said {
    /// `None` for what cannot be a word: long texts, groups.
    pub(crate) fn of(incoming: &Incoming) -> Option<Self> {
        let text = incoming.content.as_text();
        (text.len() <= LONGEST && !text.is_empty() && incoming.chat.is_person()).then(|| Self {
            from: incoming.chat.clone(),
            wire_id: incoming.wire_id.clone(),
            text: text.to_owned(),
        })
    }
}

impl Messaging {
    /// Acts on a word. Called after the message was stored, and again whenever an engine tells it again: the command's id is the message's, so
    /// that it is carried out once, and a crash in between loses nothing.
    pub(crate) async fn hear(&self, fact: &EngineFact, message: MessageId, said: Option<Said>) -> Result<(), MessagingError> {
        let Some(said) = said else { return Ok(()) };
        let rules = self.guard_rules(fact.account).await?;
        let Some(heard) = rules.words.heard(&said.text) else { return Ok(()) };
        let asked = |word: String| Asked {
            source: Source::Word,
            word: Some(word),
            instance: Some(fact.instance),
            message: Some(message),
            wire_id: Some(said.wire_id.clone()),
            reason: None,
        };
        let mut meta = fact.meta(&format!("{message}/heard"));
        meta.correlation_id = message.as_uuid();
        meta.causation_id = Some(fact.meta(&format!("{message}/incoming")).command_id.as_uuid());
        match heard {
            Heard::Out(word) => {
                let command_id = CommandId::derive_at(fact.at, message.as_uuid(), "opt_out/confirmation");
                let confirm = rules.confirmation.map(|_| Confirm { instance: fact.instance, command_id });
                self.leave(meta, &said.from, asked(word), confirm).await?;
            }
            Heard::Back(word) => match self.come_back(meta, &said.from, asked(word)).await {
                // Whoever never left has nothing to come back to.
                Ok(_) | Err(MessagingError::NotOnList) => {}
                Err(error) => return Err(error),
            },
        }
        Ok(())
    }
}
