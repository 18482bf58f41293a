//! Tags of WhatsApp Business (plugzapi-api.md 2.10).

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId};

use super::DirectoryError;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its number, as text.
    pub id: String,
    /// What it says.
    pub name: String,
    /// Index into [`TagBook::tag_colors`].
    pub color: i32,
}

/// A colour tags may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagColor {
    /// Its index.
    pub index: i32,
    /// `#RRGGBB`.
    pub rgb: String,
}

/// Tags of a session.
#[async_trait]
pub trait TagBook: Send + Sync {
    /// All tags, by id.
    async fn tags(&self, instance: InstanceId) -> Result<Vec<Tag>, DirectoryError>;

    /// A new tag; without a colour the next one of the palette. Returns its id.
    async fn create_tag(&self, instance: InstanceId, name: &str, color: Option<i32>) -> Result<String, DirectoryError>;

    /// Another name, and another colour where one is given. [`DirectoryError::UnknownTag`].
    async fn edit_tag(&self, instance: InstanceId, id: &str, name: &str, color: Option<i32>) -> Result<(), DirectoryError>;

    /// Away with it, also from every chat. [`DirectoryError::UnknownTag`].
    async fn delete_tag(&self, instance: InstanceId, id: &str) -> Result<(), DirectoryError>;

    /// Puts a tag on a chat, or takes it off. [`DirectoryError::UnknownTag`].
    async fn assign_tag(&self, instance: InstanceId, with: &ChatAddress, id: &str, on: bool) -> Result<(), DirectoryError>;

    /// The palette.
    async fn tag_colors(&self, instance: InstanceId) -> Result<Vec<TagColor>, DirectoryError>;
}
