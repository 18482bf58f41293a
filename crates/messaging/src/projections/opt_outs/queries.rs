//! Questions to `view_opt_out`.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, Timestamp};
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{OptOutView, from_row};
use crate::{Messaging, MessagingError};

/// Contacts of one page.
const PAGE: i64 = 50;

/// A page of the list.
#[derive(Debug, Clone, Default)]
pub struct OptOutPage {
    /// Newest first.
    pub contacts: Vec<OptOutView>,
    /// How many match in all.
    pub total: i64,
    /// Which page this is, 1 for the first.
    pub page: i64,
    /// How many there are.
    pub pages: i64,
}

impl Messaging {
    /// Contacts that are out, newest first, 50 a page; `search` is a part of the number.
    ///
    /// # Errors
    /// The database.
    pub async fn opt_outs(&self, account: AccountId, search: &str, page: i64) -> Result<OptOutPage, MessagingError> {
        let wanted = searched(search);
        let total: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM view_opt_out WHERE account_id = $1 AND is_out AND ($2 = '' OR strpos(contact, $2) > 0)",
        )
        .bind(account.as_uuid())
        .bind(&wanted)
        .fetch_one(self.platform.pool())
        .await?;
        let pages = (total + PAGE - 1) / PAGE;
        let page = page.clamp(1, pages.max(1));
        let rows = sqlx::query(
            "SELECT * FROM view_opt_out WHERE account_id = $1 AND is_out AND ($2 = '' OR strpos(contact, $2) > 0)
              ORDER BY recorded_at DESC, opt_out_id OFFSET $3 LIMIT $4",
        )
        .bind(account.as_uuid())
        .bind(&wanted)
        .bind((page - 1) * PAGE)
        .bind(PAGE)
        .fetch_all(self.platform.pool())
        .await?;
        Ok(OptOutPage { contacts: views(&rows)?, total, page, pages })
    }

    /// One contact of the list, out or back; `None` also for another account's.
    ///
    /// # Errors
    /// The database.
    pub async fn opt_out(&self, account: AccountId, id: Uuid) -> Result<Option<OptOutView>, MessagingError> {
        let row = sqlx::query("SELECT * FROM view_opt_out WHERE account_id = $1 AND opt_out_id = $2")
            .bind(account.as_uuid())
            .bind(id)
            .fetch_optional(self.platform.pool())
            .await?;
        Ok(row.map(|row| from_row(&row)).transpose()?)
    }

    /// The next `limit` contacts that are out, oldest first, behind `after`: for files, which are written piece by piece.
    ///
    /// # Errors
    /// The database.
    pub async fn opt_outs_after(
        &self,
        account: AccountId,
        after: Option<(Timestamp, Uuid)>,
        limit: i64,
    ) -> Result<Vec<OptOutView>, MessagingError> {
        let (at, id) = after.unwrap_or((Timestamp::UNIX_EPOCH, Uuid::nil()));
        let rows = sqlx::query(
            "SELECT * FROM view_opt_out WHERE account_id = $1 AND is_out AND (recorded_at, opt_out_id) > ($2, $3)
              ORDER BY recorded_at, opt_out_id LIMIT $4",
        )
        .bind(account.as_uuid())
        .bind(at)
        .bind(id)
        .bind(limit.clamp(1, 5_000))
        .fetch_all(self.platform.pool())
        .await?;
        Ok(views(&rows)?)
    }
}

/// Digits as people type them, or the beginning of an `@lid`.
fn searched(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '@').take(40).collect()
}

fn views(rows: &[PgRow]) -> Result<Vec<OptOutView>, StoreError> {
    rows.iter().map(from_row).collect()
}
