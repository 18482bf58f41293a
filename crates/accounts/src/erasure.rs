//! The port by which an erasure reaches what other contexts keep about a person.

use async_trait::async_trait;
use recado_event_store::{RecordedEvent, StoreError, Vault};
use recado_kernel::{AccountId, ChatAddress, CommandMeta};
use uuid::Uuid;

use crate::domain::account::{AccountEvent, SubjectErased, SubjectKind};

/// A person whose data can be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The account's owner.
    Owner,
    /// Somebody the account exchanged messages with.
    Contact(ChatAddress),
}

impl Subject {
    /// Whose data.
    #[must_use]
    pub const fn kind(&self) -> SubjectKind {
        match self {
            Self::Owner => SubjectKind::Owner,
            Self::Contact(_) => SubjectKind::Contact,
        }
    }

    /// The vault's name of the subject.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Owner => "owner".to_owned(),
            Self::Contact(chat) => format!("contact/{chat}"),
        }
    }

    /// The keyed digest under which messages know the chat.
    #[must_use]
    pub fn chat_digest(&self, vault: &Vault, account: AccountId) -> Option<String> {
        match self {
            Self::Owner => None,
            Self::Contact(chat) => Some(vault.digest("chat", Some(account), chat.as_str())),
        }
    }
}

/// Why an erasure must wait: something has to be done first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The account still has a paid or running service.
    #[error("the subscription of {0} runs: cancel it and wait for its end")]
    Subscribed(String),
    /// An instance is linked to a number.
    #[error("the instance {0} is connected: disconnect it first")]
    Connected(String),
    /// The number is one of the account's own, linked now.
    #[error("this is the number of the instance {0}: disconnect it first")]
    OwnNumber(String),
    /// A month with something to pay is not closed: its invoice needs a debtor.
    #[error("the month {0} is not closed yet: close it first")]
    UnbilledMonth(String),
    /// Something is still to be paid: the debtor must stay known.
    #[error("the invoice {0} is open: settle it first, or state with --invoices-settled that it is settled")]
    OpenInvoice(String),
}

impl Obstacle {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Subscribed(_) => "erase_subscribed",
            Self::Connected(_) => "erase_connected",
            Self::OwnNumber(_) => "erase_own_number",
            Self::UnbilledMonth(_) => "erase_unbilled_month",
            Self::OpenInvoice(_) => "erase_open_invoice",
        }
    }
}

/// What a context keeps about a subject.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    /// Contents of the vault that are, or may be, about them; those that do not exist any more are harmless.
    pub contents: Vec<Uuid>,
    /// Durable work that would still use their data.
    pub work: Vec<Uuid>,
    /// How many waiting messages [`SubjectHolder::let_go`] takes out of the queue.
    pub waiting: u64,
    /// Read models that hold them in clear; its projections purge these when they see the event.
    pub read_models: Vec<&'static str>,
    /// Numbers the owner linked: contacts of the account by their seals, and theirs to be forgotten with them.
    pub own_numbers: Vec<ChatAddress>,
    /// What stays, and why.
    pub kept: Vec<String>,
    /// What must be done first.
    pub obstacles: Vec<Obstacle>,
}

/// A context that keeps data about people.
#[async_trait]
pub trait SubjectHolder: Send + Sync {
    /// What it keeps; changes nothing.
    async fn holdings(&self, account: AccountId, subject: &Subject) -> Result<Holdings, StoreError>;

    /// Stops what would still use the data, and clears copies that no projection keeps. Called before the event is recorded; a repeat
    /// must be harmless. Returns how many waiting messages were taken out of the queue.
    async fn let_go(&self, meta: &CommandMeta, subject: &Subject) -> Result<u64, StoreError>;
}

/// What `account.subject_erased` says, for projections of other contexts; `None` for any other event of an account.
///
/// # Errors
/// An event nobody can read.
pub fn subject_erased(event: &RecordedEvent) -> Result<Option<SubjectErased>, StoreError> {
    match event.decode()? {
        AccountEvent::SubjectErased(erased) => Ok(Some(*erased)),
        _ => Ok(None),
    }
}
