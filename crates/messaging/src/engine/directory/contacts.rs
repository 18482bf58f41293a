//! People (plugzapi-api.md 2.7).

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId, PhoneNumber};

use super::{DirectoryError, Page};

/// Somebody the number knows: saved in its address book, in a chat, or in a shared group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who, in WhatsApp's form.
    pub phone: PhoneNumber,
    /// Name in the address book; `None` when not saved.
    pub saved: Option<NewContact>,
    /// The name the person shows.
    pub notify: Option<String>,
}

/// A contact with what only a look at the profile tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactCard {
    /// Who.
    pub contact: Contact,
    /// Address of the picture; `None` when hidden. Short-lived (48 h, plugzapi-api.md 2.7).
    pub picture: Option<String>,
    /// The person's "about"; `None` when hidden.
    pub about: Option<String>,
}

/// A name for the address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// Whose.
    pub phone: PhoneNumber,
    /// First name.
    pub first_name: String,
    /// The rest.
    pub last_name: Option<String>,
}

impl NewContact {
    /// Both names.
    #[must_use]
    pub fn full_name(&self) -> String {
        match &self.last_name {
            Some(last) => format!("{} {last}", self.first_name),
            None => self.first_name.clone(),
        }
    }
}

/// What WhatsApp says about a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneLookup {
    /// Is there a WhatsApp behind it?
    pub exists: bool,
    /// The number in WhatsApp's own form, which may lack the Brazilian ninth digit (plugzapi-api.md 1.4); as asked when it does not exist.
    pub phone: PhoneNumber,
    /// The hidden id `…@lid`; `None` when it does not exist.
    pub lid: Option<String>,
}

/// Contacts of a session.
#[async_trait]
pub trait ContactBook: Send + Sync {
    /// The contacts, by phone.
    async fn contacts(&self, instance: InstanceId, page: Page) -> Result<Vec<Contact>, DirectoryError>;

    /// One person, known or not. [`DirectoryError::InvalidPhone`] when there is nobody.
    async fn contact(&self, instance: InstanceId, who: &ChatAddress) -> Result<ContactCard, DirectoryError>;

    /// Asks WhatsApp about numbers; one answer each, in the same order.
    async fn look_up(&self, instance: InstanceId, phones: &[PhoneNumber]) -> Result<Vec<PhoneLookup>, DirectoryError>;

    /// The picture of a person or group; `None` when there is none to be seen.
    async fn picture(&self, instance: InstanceId, of: &ChatAddress) -> Result<Option<String>, DirectoryError>;

    /// Writes names into the address book. Returns the numbers without WhatsApp, which were left out.
    async fn save_contacts(&self, instance: InstanceId, contacts: &[NewContact]) -> Result<Vec<PhoneNumber>, DirectoryError>;

    /// Takes names out of the address book; the unknown are no error.
    async fn remove_contacts(&self, instance: InstanceId, phones: &[PhoneNumber]) -> Result<(), DirectoryError>;

    /// Blocks somebody, or lets them write again.
    async fn set_blocked(&self, instance: InstanceId, who: &ChatAddress, blocked: bool) -> Result<(), DirectoryError>;
}
