//! The number's own face, and its calls.

use async_trait::async_trait;
use recado_kernel::InstanceId;
use recado_messaging::engine::DirectoryError;
use recado_messaging::engine::directory::{OwnProfile, ProfileBook, ProfileChange};

use super::tables::people as persons;
use super::{MOST_NAME, MOST_TEXT, checked_picture, checked_text, silent};
use crate::SimEngine;

#[async_trait]
impl ProfileBook for SimEngine {
    async fn own_profile(&self, instance: InstanceId) -> Result<OwnProfile, DirectoryError> {
        let own = self.own(instance).await?;
        let person = persons::find(self.platform.pool(), &own.number).await.map_err(silent)?;
        Ok(OwnProfile { name: person.name, about: person.about, picture: person.picture, business: false })
    }

    async fn change_profile(&self, instance: InstanceId, change: &ProfileChange) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let (name, about, picture) = match change {
            ProfileChange::Name(name) => (Some(checked_text(name, MOST_NAME)?), None, None),
            ProfileChange::About(about) => (None, Some(checked_text(about, MOST_TEXT)?), None),
            ProfileChange::Picture(picture) => (None, None, Some(checked_picture(picture)?)),
        };
        persons::change(self.platform.pool(), &own.number, name, about, picture).await.map_err(silent)
    }

    async fn reject_call(&self, instance: InstanceId, call: &str) -> Result<(), DirectoryError> {
        self.own(instance).await?;
        self.end_call(instance, call, true).await.map_err(silent)
    }
}
