//! What the core asks a live session about the world behind it: contacts, chats, groups, tags, the number's own profile. An engine that
//! knows such things hands itself out by [`super::SessionEngine::directory`]; one that does not answers [`DirectoryError::Unsupported`] for
//! everything by handing out nothing.
//!
//! Nothing of this is our state: it is WhatsApp's, kept by the engine. Every call names its session by the instance, fails at once when the
//! session is not online, and is harmless when repeated.

mod chats;
mod contacts;
mod error;
mod groups;
mod profile;
mod tags;

pub use chats::{Chat, ChatAction, ChatBook, ChatCard, ChatKind, Mute, UnknownAction};
pub use contacts::{Contact, ContactBook, ContactCard, NewContact, PhoneLookup};
pub use error::DirectoryError;
pub use groups::{
    CreatedGroup, Group, GroupBook, GroupChange, GroupMember, GroupSettings, GroupSettingsChange, InviteLink, LinkWithheld,
    MemberAction, MemberChange, NewGroup,
};
pub use profile::{OwnProfile, ProfileBook, ProfileChange};
pub use tags::{Tag, TagBook, TagColor};

/// Everything a session can be asked.
pub trait SessionDirectory: ContactBook + ChatBook + GroupBook + TagBook + ProfileBook {}

impl<T: ContactBook + ChatBook + GroupBook + TagBook + ProfileBook> SessionDirectory for T {}

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Entries per page, at least 1.
    pub size: u32,
}

impl Page {
    /// How many entries stand before it.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.number.saturating_sub(1) as i64).saturating_mul(self.size as i64)
    }
}
