//! Conversations (plugzapi-api.md 2.8).

use std::str::FromStr;

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId, Timestamp, WireId};

use super::{DirectoryError, Page};

/// One conversation as the number's own phone lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// The other side.
    pub address: ChatAddress,
    /// Name of the contact or group; the number itself where none is known.
    pub name: String,
    /// Archived?
    pub archived: bool,
    /// Pinned to the top?
    pub pinned: bool,
    /// Reported as spam?
    pub marked_spam: bool,
    /// Silenced, and until when.
    pub mute: Option<Mute>,
    /// Messages not read; at least 1 when marked unread by hand.
    pub unread: u32,
    /// The newest message; `None` in an empty chat.
    pub last_message_at: Option<Timestamp>,
    /// Address of the picture.
    pub picture: Option<String>,
    /// A group in which only admins write?
    pub announcement: bool,
    /// The hidden id of a person.
    pub lid: Option<String>,
}

/// A conversation with the other side's "about" (a group: its description).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatCard {
    /// The conversation.
    pub chat: Chat,
    /// What the other side says about itself.
    pub about: Option<String>,
}

/// How long a chat is silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mute {
    /// Until a moment.
    Until(Timestamp),
    /// For ever.
    Forever,
}

/// Which conversations a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// All.
    Any,
    /// Groups only.
    Groups,
}

/// What can be done to a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatAction {
    /// Everything in it is read; the writers get receipts.
    Read,
    /// Shown as unread.
    Unread,
    /// Out of sight; a pinned one is unpinned.
    Archive,
    /// In sight again.
    Unarchive,
    /// To the top; an archived one comes back.
    Pin,
    /// Not at the top any more.
    Unpin,
    /// Silent for ever.
    Mute,
    /// Not silent any more.
    Unmute,
    /// Its messages go, on this number only; the chat stays.
    Clear,
    /// Chat and messages go, on this number only, until somebody writes.
    Delete,
}

/// Not one of the ten words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown action")]
pub struct UnknownAction;

impl FromStr for ChatAction {
    type Err = UnknownAction;

    fn from_str(word: &str) -> Result<Self, UnknownAction> {
        Ok(match word {
            "read" => Self::Read,
            "unread" => Self::Unread,
            "archive" => Self::Archive,
            "unarchive" => Self::Unarchive,
            "pin" => Self::Pin,
            "unpin" => Self::Unpin,
            "mute" => Self::Mute,
            "unmute" => Self::Unmute,
            "clear" => Self::Clear,
            "delete" => Self::Delete,
            _ => return Err(UnknownAction),
        })
    }
}

/// Conversations of a session.
#[async_trait]
pub trait ChatBook: Send + Sync {
    /// The conversations: pinned ones first, then by the newest message.
    async fn chats(&self, instance: InstanceId, kind: ChatKind, page: Page) -> Result<Vec<Chat>, DirectoryError>;

    /// One conversation, also one that has not begun. [`DirectoryError::InvalidPhone`] when there is nobody.
    async fn chat(&self, instance: InstanceId, with: &ChatAddress) -> Result<ChatCard, DirectoryError>;

    /// Does something to a conversation.
    async fn modify_chat(&self, instance: InstanceId, with: &ChatAddress, action: ChatAction) -> Result<(), DirectoryError>;

    /// Marks messages read up to one of them; the writer gets receipts. An unknown message changes nothing.
    async fn mark_read(&self, instance: InstanceId, with: &ChatAddress, up_to: &WireId) -> Result<(), DirectoryError>;
}
