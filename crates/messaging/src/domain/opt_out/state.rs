//! The aggregate.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, InstanceId, MessageId, Sealed, WireId};
use serde::{Deserialize, Serialize};

use super::{OptOutEvent, Source};

/// How a contact, or somebody for it, asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// By which way.
    pub source: Source,
    /// Which word.
    pub word: Option<String>,
    /// To which instance.
    pub instance: Option<InstanceId>,
    /// Our id of the message.
    pub message: Option<MessageId>,
    /// WhatsApp's id of it.
    pub wire_id: Option<WireId>,
    /// Why, sealed.
    pub reason: Option<Sealed>,
}

impl Asked {
    /// Not by a message.
    #[must_use]
    pub const fn by(source: Source, reason: Option<Sealed>) -> Self {
        Self { source, word: None, instance: None, message: None, wire_id: None, reason }
    }
}

/// What may be asked. A request that finds its work done writes no event.
#[derive(Debug, Clone)]
pub enum OptOutCommand {
    /// No more messages.
    Record {
        /// Whose list.
        account: AccountId,
        /// Who, sealed.
        contact: Sealed,
        /// Keyed digests of every way the number is written.
        digests: Vec<String>,
        /// How.
        asked: Asked,
        /// Id of the message that will confirm it.
        confirmation: Option<MessageId>,
    },
    /// Messages again.
    Lift {
        /// Whose list.
        account: AccountId,
        /// How.
        asked: Asked,
    },
    /// The contact has another address, too.
    AddAddress {
        /// Whose list.
        account: AccountId,
        /// The address, sealed.
        contact: Sealed,
        /// Its digests.
        digests: Vec<String>,
    },
}

/// A refusal; nothing was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OptOutError {
    /// Nobody of this account's list.
    #[error("the contact is not on the list")]
    NotFound,
}

/// One contact as its events tell.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OptOut {
    /// `None` until it first asked.
    pub account: Option<AccountId>,
    /// Who.
    pub contact: Option<Sealed>,
    /// Digests of all its addresses.
    #[serde(skip)]
    pub digests: Vec<String>,
    /// Is it out now?
    pub out: bool,
    /// The message that confirms it.
    pub confirmation: Option<MessageId>,
}

impl OptOut {
    fn decide(&self, command: OptOutCommand) -> Result<Vec<OptOutEvent>, OptOutError> {
        match command {
            OptOutCommand::Record { account, .. } if self.account.is_some_and(|owner| owner != account) => {
                Err(OptOutError::NotFound)
            }
            OptOutCommand::Record { .. } if self.out => Ok(vec![]),
            OptOutCommand::Record { account, contact, mut digests, asked, confirmation } => {
                // Whoever comes again is out under every address that was ever learnt.
                digests.extend(self.digests.iter().filter(|known| !digests.contains(known)).cloned().collect::<Vec<_>>());
                let Asked { source, word, instance, message, wire_id, reason } = asked;
                Ok(vec![OptOutEvent::Recorded {
                    account,
                    contact,
                    digests,
                    source,
                    word,
                    instance,
                    message,
                    wire_id,
                    reason,
                    confirmation,
                }])
            }
            OptOutCommand::Lift { account, .. } | OptOutCommand::AddAddress { account, .. } if self.account != Some(account) => {
                Err(OptOutError::NotFound)
            }
            OptOutCommand::Lift { .. } if !self.out => Ok(vec![]),
            OptOutCommand::Lift { asked, .. } => {
                let Asked { source, word, instance, message, wire_id, reason } = asked;
                Ok(vec![OptOutEvent::Lifted { source, word, instance, message, wire_id, reason }])
            }
            OptOutCommand::AddAddress { contact, digests, .. } => {
                let known = digests.iter().all(|digest| self.digests.contains(digest));
                Ok((!known).then_some(OptOutEvent::AlsoKnown { contact, digests }).into_iter().collect())
            }
        }
    }
}

impl Aggregate for OptOut {
    const TYPE: &'static str = "opt_out";
    type Command = OptOutCommand;
    type Event = OptOutEvent;
    type Error = OptOutError;
    type Services = ();

    async fn handle(&mut self, command: OptOutCommand, (): &(), sink: &EventSink<Self>) -> Result<(), OptOutError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: OptOutEvent) {
        match event {
            OptOutEvent::Recorded { account, contact, digests, confirmation, .. } => {
                self.account = Some(account);
                self.contact = Some(contact);
                self.digests = digests;
                self.out = true;
                self.confirmation = confirmation;
            }
            OptOutEvent::Lifted { .. } => self.out = false,
            OptOutEvent::AlsoKnown { digests, .. } => {
                for digest in digests {
                    if !self.digests.contains(&digest) {
                        self.digests.push(digest);
                    }
                }
            }
        }
    }
}
