//! Questions to `view_instance`.

use std::collections::HashMap;

use recado_event_store::reader;
use recado_kernel::{AccountId, InstanceId, PhoneNumber};

use super::{InstanceView, fold, number_of, table};
use crate::{Messaging, MessagingError};

/// Most instances one support search shows.
const FOUND: i64 = 50;

impl Messaging {
    /// Every instance of an account, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn instances(&self, account: AccountId) -> Result<Vec<InstanceView>, MessagingError> {
        let rows = sqlx::query(
            "SELECT * FROM view_instance WHERE account_id = $1 AND deleted_at IS NULL ORDER BY created_at, instance_id",
        )
        .bind(account.as_uuid())
        .fetch_all(self.platform.pool())
        .await?;
        rows.iter().map(|row| Ok(table::from_row(row)?)).collect()
    }

    /// One instance of an account.
    ///
    /// # Errors
    /// [`MessagingError::InstanceNotFound`] (also for another account's), or the database.
    pub async fn instance(&self, account: AccountId, id: InstanceId) -> Result<InstanceView, MessagingError> {
        let view = self.find_instance(id).await?;
        view.filter(|view| view.account == account && view.deleted_at.is_none()).ok_or(MessagingError::InstanceNotFound)
    }

    /// An instance of any account: for token look-ups and staff only. One so new that the read model lacks it is read from the log.
    ///
    /// # Errors
    /// The database.
    pub async fn find_instance(&self, id: InstanceId) -> Result<Option<InstanceView>, MessagingError> {
        let row = sqlx::query("SELECT * FROM view_instance WHERE instance_id = $1")
            .bind(id.as_uuid())
            .fetch_optional(self.platform.pool())
            .await?;
        match row {
            Some(row) => Ok(Some(table::from_row(&row)?)),
            None => self.instance_from_log(id).await,
        }
    }

    /// What the read model shows of these instances, in one query; not scoped.
    pub(crate) async fn views_of(&self, ids: &[InstanceId]) -> Result<HashMap<InstanceId, InstanceView>, MessagingError> {
        let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        let mut db = self.platform.pool().acquire().await?;
        let views = table::load(&mut db, &ids).await?;
        Ok(views.into_iter().map(|view| (view.id, view)).collect())
    }

    /// An instance exactly as the log has it now, for the moments when the read model may lag. `None` for an unknown id; not scoped.
    ///
    /// # Errors
    /// The database.
    pub async fn instance_from_log(&self, id: InstanceId) -> Result<Option<InstanceView>, MessagingError> {
        let mut view = None;
        for recorded in reader::read_stream(self.platform.pool(), "instance", &id.to_string(), 0).await? {
            let event = recorded.decode()?;
            let number = number_of(&self.platform, &event).await?;
            view = fold::fold(view, id, &event, &recorded, number);
        }
        Ok(view)
    }

    /// Staff search over all accounts: by id (in any form), by part of the name, or by linked number. At most 50.
    ///
    /// # Errors
    /// The database.
    pub async fn find_instances(&self, text: &str) -> Result<Vec<InstanceView>, MessagingError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(vec![]);
        }
        let id = text.parse::<InstanceId>().ok().map(|id| id.as_uuid());
        let number = text.parse::<PhoneNumber>().ok().map(|number| number.as_str().to_owned());
        let rows = sqlx::query(
            "SELECT * FROM view_instance
              WHERE instance_id = $1 OR number = $2 OR strpos(lower(name), lower($3)) > 0
              ORDER BY created_at DESC LIMIT $4",
        )
        .bind(id)
        .bind(number)
        .bind(text)
        .bind(FOUND)
        .fetch_all(self.platform.pool())
        .await?;
        rows.iter().map(|row| Ok(table::from_row(row)?)).collect()
    }
}
