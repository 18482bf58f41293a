//! Texts, links, places, cards and reactions.

use recado_kernel::{ChatAddress, PhoneNumber, WireId};
use serde::{Deserialize, Serialize};

use super::{Coordinate, Media};

/// Plain text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextContent {
    /// As typed.
    pub text: String,
    /// Members of the group who are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<PhoneNumber>,
    /// Groups of the community that are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_mentioned: Vec<GroupMention>,
    /// The answer to a message of a group goes to its author alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private_answer: bool,
    /// The text replaces the one of this message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<WireId>,
}

/// A group called in a community.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMention {
    /// The group's id.
    pub phone: String,
    /// Its name.
    pub subject: String,
}

/// A text with a preview of a page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkContent {
    /// The text; usually ends with the address.
    pub text: String,
    /// The page.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// The preview's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Media>,
    /// How large the preview is shown.
    #[serde(default)]
    pub size: LinkSize,
}

/// Size of a preview.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkSize {
    /// A thumbnail beside the title.
    #[default]
    Small,
    /// Above the title.
    Medium,
    /// As wide as the message.
    Large,
}

/// A place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationContent {
    /// Degrees north.
    pub latitude: Coordinate,
    /// Degrees east.
    pub longitude: Coordinate,
    /// What is there.
    #[serde(default)]
    pub name: String,
    /// Its address.
    #[serde(default)]
    pub address: String,
    /// A page about it.
    #[serde(default)]
    pub url: String,
}

/// A contact card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCard {
    /// The name shown.
    pub name: String,
    /// Numbers, digits only where they are understood.
    pub phones: Vec<String>,
    /// What the business does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_description: Option<String>,
    /// The card as it was received; see [`ContactCard::to_vcard`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcard: Option<String>,
}

/// Several contact cards.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsContent {
    /// At least one.
    pub contacts: Vec<ContactCard>,
}

/// An emoji under a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactionContent {
    /// Under which message.
    pub target: WireId,
    /// The emoji; empty: removed.
    pub emoji: String,
    /// Incoming only: did the connected number write that message?
    #[serde(default)]
    pub target_from_me: bool,
    /// Incoming only, in groups: who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_author: Option<PhoneNumber>,
}

/// A message of another chat passed on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardContent {
    /// Which message.
    pub target: WireId,
    /// In which chat it is.
    pub chat: ChatAddress,
}

/// A message was deleted for everybody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeContent {
    /// Which message.
    pub target: WireId,
}
