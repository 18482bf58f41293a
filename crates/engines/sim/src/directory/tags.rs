//! Tags.

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId};
use recado_messaging::engine::DirectoryError;
use recado_messaging::engine::directory::{Tag, TagBook, TagColor};

use super::tables::tags;
use super::{MOST_NAME, checked_text, silent};
use crate::SimEngine;

/// Twenty colours, by index.
const PALETTE: [&str; 20] = [
    "#E53935", "#FB8C00", "#FDD835", "#43A047", "#00897B", "#00ACC1", "#1E88E5", "#3949AB", "#8E24AA", "#D81B60", "#6D4C41",
    "#546E7A", "#F4511E", "#C0CA33", "#7CB342", "#26A69A", "#29B6F6", "#5C6BC0", "#AB47BC", "#EC407A",
];

/// How many colours there are.
const COLORS: i32 = 20;

#[async_trait]
impl TagBook for SimEngine {
    async fn tags(&self, instance: InstanceId) -> Result<Vec<Tag>, DirectoryError> {
        let own = self.own(instance).await?;
        tags::list(self.platform.pool(), &own).await.map_err(silent)
    }

    async fn create_tag(&self, instance: InstanceId, name: &str, color: Option<i32>) -> Result<String, DirectoryError> {
        let own = self.own(instance).await?;
        let name = checked_text(name, MOST_NAME)?;
        let id = tags::insert(self.platform.pool(), &own, name, checked(color)?, COLORS).await.map_err(silent)?;
        Ok(id.to_string())
    }

    async fn edit_tag(&self, instance: InstanceId, id: &str, name: &str, color: Option<i32>) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let name = checked_text(name, MOST_NAME)?;
        let done = tags::update(self.platform.pool(), &own, number(id)?, name, checked(color)?).await.map_err(silent)?;
        done.then_some(()).ok_or(DirectoryError::UnknownTag)
    }

    async fn delete_tag(&self, instance: InstanceId, id: &str) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let done = tags::delete(self.platform.pool(), &own, number(id)?).await.map_err(silent)?;
        done.then_some(()).ok_or(DirectoryError::UnknownTag)
    }

    async fn assign_tag(&self, instance: InstanceId, with: &ChatAddress, id: &str, on: bool) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let address = self.place(&own, with).await?;
        let id = number(id)?;
        if !tags::exists(self.platform.pool(), &own, id).await.map_err(silent)? {
            return Err(DirectoryError::UnknownTag);
        }
        tags::assign(self.platform.pool(), &own, id, &address, on).await.map_err(silent)
    }

    async fn tag_colors(&self, instance: InstanceId) -> Result<Vec<TagColor>, DirectoryError> {
        self.own(instance).await?;
        Ok((0..).zip(PALETTE).map(|(index, rgb)| TagColor { index, rgb: rgb.to_owned() }).collect())
    }
}

fn number(id: &str) -> Result<i32, DirectoryError> {
    id.trim().parse().map_err(|_| DirectoryError::UnknownTag)
}

fn checked(color: Option<i32>) -> Result<Option<i32>, DirectoryError> {
    match color {
        Some(index) if !(0..COLORS).contains(&index) => Err(DirectoryError::InvalidColor),
        other => Ok(other),
    }
}
