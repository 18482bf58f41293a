//! Address book, block list, and who has a WhatsApp.

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId, PhoneNumber};
use recado_messaging::engine::DirectoryError;
use recado_messaging::engine::directory::{Contact, ContactBook, ContactCard, NewContact, Page, PhoneLookup};

use super::tables::{contacts, groups, people as persons};
use super::{MOST_NAME, checked_text, people, silent};
use crate::SimEngine;

#[async_trait]
impl ContactBook for SimEngine {
    async fn contacts(&self, instance: InstanceId, page: Page) -> Result<Vec<Contact>, DirectoryError> {
        let own = self.own(instance).await?;
        contacts::list(self.platform.pool(), &own, page).await.map_err(silent)
    }

    async fn contact(&self, instance: InstanceId, who: &ChatAddress) -> Result<ContactCard, DirectoryError> {
        let own = self.own(instance).await?;
        let phone = self.person(who).await?;
        let person = persons::find(self.platform.pool(), &phone).await.map_err(silent)?;
        let saved = contacts::saved(self.platform.pool(), &own, &phone).await.map_err(silent)?;
        Ok(ContactCard {
            contact: Contact { phone, saved, notify: Some(person.name) },
            picture: person.picture,
            about: Some(person.about),
        })
    }

    async fn look_up(&self, instance: InstanceId, phones: &[PhoneNumber]) -> Result<Vec<PhoneLookup>, DirectoryError> {
        self.own(instance).await?;
        let forms = self.own_forms(phones).await?;
        let answer = |(asked, form): (&PhoneNumber, Option<PhoneNumber>)| match form {
            Some(phone) => PhoneLookup { exists: true, lid: Some(people::lid(&phone)), phone },
            None => PhoneLookup { exists: false, lid: None, phone: asked.clone() },
        };
        Ok(phones.iter().zip(forms).map(answer).collect())
    }

    async fn picture(&self, instance: InstanceId, of: &ChatAddress) -> Result<Option<String>, DirectoryError> {
        let own = self.own(instance).await?;
        if let ChatAddress::Group(id) = of {
            let group = groups::find(self.platform.pool(), &own, id).await.map_err(silent)?;
            return group.map(|group| group.picture).ok_or(DirectoryError::GroupForbidden);
        }
        let phone = self.person(of).await?;
        Ok(persons::find(self.platform.pool(), &phone).await.map_err(silent)?.picture)
    }

    async fn save_contacts(&self, instance: InstanceId, new: &[NewContact]) -> Result<Vec<PhoneNumber>, DirectoryError> {
        let own = self.own(instance).await?;
        for contact in new {
            checked_text(&contact.first_name, MOST_NAME)?;
            if let Some(last) = &contact.last_name {
                checked_text(last, MOST_NAME)?;
            }
        }
        let phones: Vec<PhoneNumber> = new.iter().map(|contact| contact.phone.clone()).collect();
        let (mut kept, mut absent) = (Vec::with_capacity(new.len()), vec![]);
        for (contact, form) in new.iter().zip(self.own_forms(&phones).await?) {
            match form {
                Some(phone) => kept.push(NewContact { phone, ..contact.clone() }),
                None => absent.push(contact.phone.clone()),
            }
        }
        contacts::save(self.platform.pool(), &own, &kept).await.map_err(silent)?;
        Ok(absent)
    }

    async fn remove_contacts(&self, instance: InstanceId, phones: &[PhoneNumber]) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let forms: Vec<PhoneNumber> = self.own_forms(phones).await?.into_iter().flatten().collect();
        contacts::remove(self.platform.pool(), &own, &forms).await.map_err(silent)
    }

    async fn set_blocked(&self, instance: InstanceId, who: &ChatAddress, blocked: bool) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let phone = self.person(who).await?;
        contacts::set_blocked(self.platform.pool(), &own, &phone, blocked).await.map_err(silent)
    }
}
