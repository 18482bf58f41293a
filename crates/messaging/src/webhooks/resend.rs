//! Sending again what ended: one delivery, or all that match. The repeat carries the same delivery id.

use recado_event_store::{StoreError, work};
use recado_kernel::{AccountId, InstanceId, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::callback::Order;
use super::content;
use super::history::{DeliveryFilter, DeliveryState};
use super::log::NewDelivery;
use crate::{Messaging, MessagingError};

/// Deliveries put back per call of [`Messaging::resend_deliveries`].
const PER_CALL: i64 = 1_000;

/// Why a delivery is not sent again.
#[derive(Debug, thiserror::Error)]
pub enum ResendError {
    /// No such delivery of this account.
    #[error("the delivery does not exist")]
    NotFound,
    /// It is still being tried.
    #[error("the delivery is still being tried")]
    StillWaiting,
    /// The text of its message has been erased.
    #[error("the content of the message has been erased")]
    ContentErased,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ResendError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What became of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resent {
    /// Being tried again.
    pub count: i64,
    /// Left out: their text has been erased.
    pub erased: i64,
    /// There are more: ask again.
    pub more: bool,
}

fn ended_delivery(row: &PgRow, account: AccountId) -> Result<NewDelivery, StoreError> {
    Ok(NewDelivery {
        id: row.try_get("id")?,
        account,
        instance: InstanceId::from_uuid(row.try_get("instance_id")?),
        url: row.try_get("url")?,
        lane: row.try_get("lane")?,
        order: serde_json::from_value::<Order>(row.try_get("payload")?)
            .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        cause: None,
    })
}

impl Messaging {
    /// Delivers an ended delivery again, with six new attempts, to the URL that is configured now.
    ///
    /// # Errors
    /// See [`ResendError`].
    pub async fn resend_webhook(&self, account: AccountId, delivery: Uuid) -> Result<(), ResendError> {
        let mut transaction = self.platform.pool().begin().await?;
        let row = sqlx::query(
            "SELECT id, instance_id, status, url, lane, payload FROM webhook_delivery WHERE id = $1 AND account_id = $2 FOR UPDATE",
        )
        .bind(delivery)
        .bind(account.as_uuid())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(ResendError::NotFound)?;
        if DeliveryState::parse(row.try_get("status")?) == DeliveryState::Waiting {
            return Err(ResendError::StillWaiting);
        }
        let again = ended_delivery(&row, account)?;
        let instance = again.instance;
        if self.without_erased(&mut transaction, account, vec![again]).await?.is_empty() {
            return Err(ResendError::ContentErased);
        }
        transaction.commit().await?;
        self.hurry_destinations(account, instance).await?;
        self.platform.log.ring();
        Ok(())
    }

    /// Delivers ended deliveries of an instance again, oldest first, at most a thousand per call; without a state in the filter those
    /// that failed.
    ///
    /// # Errors
    /// The database.
    pub async fn resend_deliveries(
        &self,
        account: AccountId,
        instance: InstanceId,
        filter: &DeliveryFilter,
    ) -> Result<Resent, MessagingError> {
        let mut transaction = self.platform.pool().begin().await?;
        let mut after = 0_i64;
        let mut resent = Resent { count: 0, erased: 0, more: true };
        // Erased ones are stepped over, so that they never stand in the way of the others.
        while resent.more && resent.count < PER_CALL {
            let rows = sqlx::query(
                "SELECT id, seq, instance_id, url, lane, payload FROM webhook_delivery
                  WHERE account_id = $1 AND instance_id = $2 AND status = $3 AND status <> 'waiting' AND seq > $4
                    AND ($5::text IS NULL OR callback = $5)
                    AND ($6::timestamptz IS NULL OR happened_at >= $6) AND ($7::timestamptz IS NULL OR happened_at < $7)
                  ORDER BY seq LIMIT $8 FOR UPDATE SKIP LOCKED",
            )
            .bind(account.as_uuid())
            .bind(instance.as_uuid())
            .bind(filter.state.unwrap_or(DeliveryState::Failed).as_str())
            .bind(after)
            .bind(&filter.callback)
            .bind(filter.from)
            .bind(filter.until)
            .bind(PER_CALL - resent.count)
            .fetch_all(&mut *transaction)
            .await?;
            let Some(last) = rows.last() else {
                resent.more = false;
                break;
            };
            after = last.try_get("seq")?;
            let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            resent.more = found == PER_CALL - resent.count;
            let again = rows.iter().map(|row| ended_delivery(row, account)).collect::<Result<Vec<_>, _>>()?;
            let kept = self.without_erased(&mut transaction, account, again).await?;
            let kept = i64::try_from(kept.len()).unwrap_or(i64::MAX);
            resent.count += kept;
            resent.erased += found - kept;
        }
        transaction.commit().await?;
        if resent.count > 0 {
            self.hurry_destinations(account, instance).await?;
            self.platform.log.ring();
        }
        Ok(resent)
    }

    /// Puts deliveries back to work, except those whose text is gone. Answers with what was put back.
    async fn without_erased(
        &self,
        db: &mut PgConnection,
        account: AccountId,
        mut again: Vec<NewDelivery>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let needed: Vec<Uuid> = again.iter().filter_map(|delivery| content::id_of(&delivery.order.callback)).collect();
        let kept: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM content WHERE account_id = $1 AND id = ANY ($2)")
            .bind(account.as_uuid())
            .bind(&needed)
            .fetch_all(&mut *db)
            .await?;
        again.retain(|delivery| content::id_of(&delivery.order.callback).is_none_or(|id| kept.contains(&id)));
        let ids: Vec<Uuid> = again.iter().map(|delivery| delivery.id).collect();
        let now: Timestamp = self.platform.now();
        sqlx::query(
            "UPDATE webhook_delivery SET status = 'waiting', note = NULL, ended_at = NULL, asked_at = $3
              WHERE id = ANY ($1) AND account_id = $2",
        )
        .bind(&ids)
        .bind(account.as_uuid())
        .bind(now)
        .execute(&mut *db)
        .await?;
        // Dead letters may still hold the ids.
        work::cancel(db, &ids).await?;
        let work: Vec<_> = again.iter().map(|delivery| delivery.work(now)).collect();
        work::enqueue(db, &work).await?;
        Ok(ids)
    }
}
