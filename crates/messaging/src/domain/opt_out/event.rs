//! What a contact asked for. Wire names are for ever.

use recado_event_store::stored_events;
use recado_kernel::{AccountId, InstanceId, MessageId, Sealed, WireId};
use serde::{Deserialize, Serialize};

/// How a change of the list came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The contact wrote one of the words.
    Word,
    /// A person of the account.
    Hand,
    /// A file.
    File,
}

impl Source {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Hand => "hand",
            Self::File => "file",
        }
    }

    /// Reads the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Word, Self::Hand, Self::File].into_iter().find(|source| source.as_str() == text)
    }
}

/// Events of one contact's opt-out; business time is the event's `occurred_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum OptOutEvent {
    /// It wants no more messages.
    #[serde(rename = "opt_out.recorded")]
    Recorded {
        /// The owner.
        account: AccountId,
        /// Who, sealed under "contact/<digits>".
        contact: Sealed,
        /// Keyed digests of the chat, one for every way the number is written.
        digests: Vec<String>,
        /// How it came about.
        source: Source,
        /// Which of the account's words it was.
        word: Option<String>,
        /// To which instance it was written.
        instance: Option<InstanceId>,
        /// Our id of the message that said so.
        message: Option<MessageId>,
        /// Its id inside WhatsApp: the proof on the contact's own telephone.
        wire_id: Option<WireId>,
        /// Why, as the person who wrote it down put it; sealed like `contact`.
        reason: Option<Sealed>,
        /// Id of the one message that confirms it; the only one that still goes out.
        confirmation: Option<MessageId>,
    },
    /// It may be written to again.
    #[serde(rename = "opt_out.lifted")]
    Lifted {
        /// How it came about.
        source: Source,
        /// Which of the account's words it was.
        word: Option<String>,
        /// To which instance it was written.
        instance: Option<InstanceId>,
        /// Our id of the message that said so.
        message: Option<MessageId>,
        /// Its id inside WhatsApp.
        wire_id: Option<WireId>,
        /// Why; sealed under the contact.
        reason: Option<Sealed>,
    },
    /// The same contact under another address (the `@lid` of a number, or the reverse).
    #[serde(rename = "opt_out.also_known")]
    AlsoKnown {
        /// The other address, sealed under itself.
        contact: Sealed,
        /// Its keyed digests.
        digests: Vec<String>,
    },
}

stored_events! {
    OptOutEvent {
        Recorded => "opt_out.recorded" 1,
            en "A contact wants no more messages; the message that said so is the proof.",
            pt "Um contato não quer mais mensagens; a mensagem que o disse é a prova.",
            sealed ["contact", "reason"];
        Lifted => "opt_out.lifted" 1,
            en "The contact may be written to again.",
            pt "O contato pode receber mensagens de novo.",
            sealed ["reason"];
        AlsoKnown => "opt_out.also_known" 1,
            en "The same contact is known under another address, too.",
            pt "O mesmo contato é conhecido também por outro endereço.",
            sealed ["contact"];
    }
}
