//! What the simulated WhatsApp knows beside messages: people, address books, chats, groups, tags, profiles, calls, presence. Durable in tables
//! `sim_*`; the SQL is in `tables/`.
//!
//! Everything a number has belongs to the pair (account, number): a number that is linked in another account later begins anew there.
//! People ([`people`]) are the same for everybody, as they are in the real world.

mod calls;
mod chats;
mod contacts;
mod groups;
mod members;
mod messages;
mod notices;
pub(crate) mod people;
mod profile;
mod tables;
mod tags;

use recado_event_store::StoreError;
use recado_kernel::{AccountId, ChatAddress, InstanceId, PhoneNumber, Timestamp};
use recado_messaging::engine::DirectoryError;

use crate::store::sessions;
use crate::worker::Job;
use crate::{Script, SimEngine, SimError};

pub(crate) use messages::post_to_group;

/// Most characters of a name or a tag.
const MOST_NAME: usize = 100;
/// Most characters of an "about" or a description.
const MOST_TEXT: usize = 2_048;
/// Longest address of a picture.
const MOST_ADDRESS: usize = 2_000;
/// Largest picture as a data URL.
const MOST_INLINE: usize = 512 * 1024;

/// Somebody who acts: the number of a session, or a virtual person.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    pub account: AccountId,
    pub number: PhoneNumber,
}

/// [`SimError`] and [`StoreError`] are both "WhatsApp does not answer".
pub(crate) fn silent(error: impl std::fmt::Display) -> DirectoryError {
    DirectoryError::Silent(error.to_string())
}

impl SimEngine {
    /// The number of a session that is online now.
    async fn own(&self, instance: InstanceId) -> Result<Own, DirectoryError> {
        let session = sessions::find(&self.platform, instance).await.map_err(silent)?;
        let session = session.filter(crate::session::Session::is_online).ok_or(DirectoryError::NotConnected)?;
        let number = session.phone().cloned().ok_or(DirectoryError::NotConnected)?;
        Ok(Own { account: session.account, number })
    }

    /// The person behind an address, in WhatsApp's own form.
    async fn person(&self, who: &ChatAddress) -> Result<PhoneNumber, DirectoryError> {
        match who {
            ChatAddress::Phone(phone) => self.own_form(phone).await?.ok_or(DirectoryError::InvalidPhone),
            ChatAddress::HiddenContact(lid) => {
                let phone = people::number_of_lid(lid).ok_or(DirectoryError::InvalidPhone)?;
                self.own_form(&phone).await?.ok_or(DirectoryError::InvalidPhone)
            }
            ChatAddress::Group(_) | ChatAddress::Broadcast(_) | ChatAddress::Channel(_) => Err(DirectoryError::InvalidPhone),
        }
    }

    /// The number as WhatsApp knows it; `None` when it has none.
    async fn own_form(&self, phone: &PhoneNumber) -> Result<Option<PhoneNumber>, DirectoryError> {
        Ok(self.own_forms(std::slice::from_ref(phone)).await?.pop().flatten())
    }

    /// The same for many, in the same order.
    async fn own_forms(&self, phones: &[PhoneNumber]) -> Result<Vec<Option<PhoneNumber>>, DirectoryError> {
        let asked: Vec<String> =
            phones.iter().flat_map(|phone| [Some(phone.clone()), people::twin(phone)]).flatten().map(String::from).collect();
        let known = tables::people::known(self.platform.pool(), &asked).await.map_err(silent)?;
        let form = |phone: &PhoneNumber| {
            if Script::of(phone) == Script::NotOnWhatsApp {
                return None;
            }
            let twin = people::twin(phone).filter(|twin| !known.contains(phone.as_str()) && known.contains(twin.as_str()));
            Some(twin.unwrap_or_else(|| phone.clone()))
        };
        Ok(phones.iter().map(form).collect())
    }

    fn now(&self) -> Timestamp {
        self.platform.now()
    }

    /// Has these sessions told what waits for them, by durable work. `name` makes it unique.
    async fn flush_later(
        &self,
        db: &mut sqlx::PgConnection,
        account: AccountId,
        instances: &[InstanceId],
        name: &str,
    ) -> Result<(), StoreError> {
        let jobs: Vec<_> = instances
            .iter()
            .map(|&instance| {
                let job = Job::Flush { instance };
                job.at(account, &instance.to_string(), instance.as_uuid(), &format!("flush/{name}"), self.now())
            })
            .collect();
        recado_event_store::work::enqueue(db, &jobs).await
    }
}

/// An http(s) address, or an image as a data URL of at most 512 KiB.
fn checked_picture(text: &str) -> Result<&str, DirectoryError> {
    let text = text.trim();
    let storable = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    let address = (text.starts_with("https://") || text.starts_with("http://")) && text.len() <= MOST_ADDRESS;
    let inline = text.starts_with("data:image/") && text.len() <= MOST_INLINE;
    if storable && (address || inline) { Ok(text) } else { Err(DirectoryError::InvalidPicture) }
}

/// Between 1 and `most` characters, storable.
fn checked_text(text: &str, most: usize) -> Result<&str, DirectoryError> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !text.contains('\0');
    if fits { Ok(text) } else { Err(DirectoryError::InvalidText) }
}

impl From<DirectoryError> for SimError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::NotConnected => Self::NotLinked,
            DirectoryError::InvalidText => Self::InvalidText,
            other => Self::Refused(other.to_string()),
        }
    }
}
