//! The number's own face, and its calls (plugzapi-api.md 2.1).

use async_trait::async_trait;
use recado_kernel::InstanceId;

use super::DirectoryError;

/// What others see of the number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnProfile {
    /// The name shown.
    pub name: String,
    /// The "about".
    pub about: String,
    /// Address of the picture.
    pub picture: Option<String>,
    /// WhatsApp Business?
    pub business: bool,
}

/// A change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// Another name.
    Name(String),
    /// Another "about".
    About(String),
    /// Another picture: an http(s) address or a data URL.
    Picture(String),
}

/// Profile and calls of a session.
#[async_trait]
pub trait ProfileBook: Send + Sync {
    /// What others see.
    async fn own_profile(&self, instance: InstanceId) -> Result<OwnProfile, DirectoryError>;

    /// Changes it.
    async fn change_profile(&self, instance: InstanceId, change: &ProfileChange) -> Result<(), DirectoryError>;

    /// Does not take a call; one that ended already is no error.
    async fn reject_call(&self, instance: InstanceId, call: &str) -> Result<(), DirectoryError>;
}
