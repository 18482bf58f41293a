//! What the panel may ask of deliveries, and do with them.

use recado_event_store::{StoreError, work};
use recado_kernel::{AccountId, InstanceId, MessageId, Timestamp};
use sqlx::Row;
use uuid::Uuid;

use super::callback::Order;
use super::log::{ANSWER_PURPOSE, NewDelivery};
use crate::{Messaging, MessagingError};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Being tried.
    Waiting,
    /// The receiver answered 2xx.
    Delivered,
    /// Given up after six attempts, or the receiver said 410.
    Failed,
    /// Not wanted any more: the URL was cleared, the number unlinked, or the content is gone.
    Stopped,
}

impl DeliveryState {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        [Self::Delivered, Self::Failed, Self::Stopped].into_iter().find(|s| s.as_str() == text).unwrap_or(Self::Waiting)
    }
}

/// One call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// 1, 2, 3 …
    pub number: i32,
    /// When.
    pub at: Timestamp,
    /// What the receiver answered, if it did.
    pub http_status: Option<u16>,
    /// Milliseconds.
    pub latency_ms: i32,
    /// Why there was no answer (English; short).
    pub error: Option<String>,
    /// The first 200 bytes of the answer.
    pub answer: Option<String>,
}

/// One callback for one URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// The `type` of the body, e.g. `ReceivedCallback`.
    pub callback: String,
    /// `SENT`, `RECEIVED`, `READ` of a status; `fromMe`; the reason of a refusal; else empty.
    pub detail: String,
    /// Which of the instance's URLs, e.g. `message_status`.
    pub kind: String,
    /// Where it goes (went).
    pub url: String,
    /// Which message, if it is about one.
    pub message: Option<MessageId>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it stopped, if it did (English; short).
    pub note: Option<String>,
    /// When the thing it tells happened.
    pub happened_at: Timestamp,
    /// When it was delivered or given up.
    pub ended_at: Option<Timestamp>,
    /// Oldest first.
    pub attempts: Vec<Attempt>,
}

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

impl Messaging {
    /// An instance's deliveries with their attempts, newest first; `before` is the last one of the page before.
    ///
    /// # Errors
    /// The database.
    pub async fn webhook_deliveries(
        &self,
        account: AccountId,
        instance: InstanceId,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Delivery>, MessagingError> {
        let rows = sqlx::query(
            "SELECT d.id, d.callback, d.detail, d.kind, d.url, d.message_id, d.status, d.note, d.happened_at, d.ended_at
               FROM webhook_delivery d
              WHERE d.account_id = $1 AND d.instance_id = $2
                AND ($3::uuid IS NULL OR d.seq < (SELECT b.seq FROM webhook_delivery b WHERE b.id = $3 AND b.account_id = $1))
              ORDER BY d.seq DESC LIMIT $4",
        )
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .bind(before)
        .bind(limit)
        .fetch_all(self.platform.pool())
        .await?;
        let mut deliveries = Vec::with_capacity(rows.len());
        for row in rows {
            deliveries.push(Delivery {
                id: row.try_get("id")?,
                callback: row.try_get("callback")?,
                detail: row.try_get("detail")?,
                kind: row.try_get("kind")?,
                url: row.try_get("url")?,
                message: row.try_get::<Option<Uuid>, _>("message_id")?.map(MessageId::from_uuid),
                state: DeliveryState::parse(row.try_get("status")?),
                note: row.try_get("note")?,
                happened_at: row.try_get("happened_at")?,
                ended_at: row.try_get("ended_at")?,
                attempts: vec![],
            });
        }
        self.add_attempts(account, &mut deliveries).await?;
        Ok(deliveries)
    }

    async fn add_attempts(&self, account: AccountId, deliveries: &mut [Delivery]) -> Result<(), MessagingError> {
        let rows = sqlx::query(
            "SELECT delivery_id, attempt, at, http_status, latency_ms, error, answer_protected FROM webhook_attempt
              WHERE account_id = $1 AND delivery_id = ANY ($2) ORDER BY delivery_id, attempt",
        )
        .bind(account.as_uuid())
        .bind(deliveries.iter().map(|d| d.id).collect::<Vec<_>>())
        .fetch_all(self.platform.pool())
        .await?;
        for row in rows {
            let delivery: Uuid = row.try_get("delivery_id")?;
            let answer: Option<String> = row.try_get("answer_protected")?;
            let attempt = Attempt {
                number: row.try_get("attempt")?,
                at: row.try_get("at")?,
                http_status: row.try_get::<Option<i32>, _>("http_status")?.and_then(|status| u16::try_from(status).ok()),
                latency_ms: row.try_get("latency_ms")?,
                error: row.try_get("error")?,
                answer: answer.map(|text| self.platform.vault.reveal(ANSWER_PURPOSE, &text)).transpose()?,
            };
            if let Some(delivery) = deliveries.iter_mut().find(|d| d.id == delivery) {
                delivery.attempts.push(attempt);
            }
        }
        Ok(())
    }

    /// Delivers an ended delivery again, with six new attempts, to the URL that is configured now.
    ///
    /// # Errors
    /// See [`ResendError`].
    pub async fn resend_webhook(&self, account: AccountId, delivery: Uuid) -> Result<(), ResendError> {
        let now = self.platform.now();
        let mut transaction = self.platform.pool().begin().await?;
        let row: Option<(Uuid, String, String, String, serde_json::Value)> = sqlx::query_as(
            "SELECT instance_id, status, url, lane, payload FROM webhook_delivery WHERE id = $1 AND account_id = $2 FOR UPDATE",
        )
        .bind(delivery)
        .bind(account.as_uuid())
        .fetch_optional(&mut *transaction)
        .await?;
        let (instance, status, url, lane, payload) = row.ok_or(ResendError::NotFound)?;
        if DeliveryState::parse(&status) == DeliveryState::Waiting {
            return Err(ResendError::StillWaiting);
        }
        let order: Order = serde_json::from_value(payload).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        if let Some(id) = super::content::id_of(&order.callback)
            && self.platform.vault.open_content(account, id).await?.is_none()
        {
            return Err(ResendError::ContentErased);
        }
        let again =
            NewDelivery { id: delivery, account, instance: InstanceId::from_uuid(instance), url, lane, order, cause: None };
        sqlx::query(
            "UPDATE webhook_delivery SET status = 'waiting', note = NULL, ended_at = NULL WHERE id = $1 AND account_id = $2",
        )
        .bind(delivery)
        .bind(account.as_uuid())
        .execute(&mut *transaction)
        .await?;
        // A dead letter may still hold the id.
        work::cancel(&mut transaction, &[delivery]).await?;
        work::enqueue(&mut transaction, &[again.work(now)]).await?;
        transaction.commit().await?;
        self.platform.log.ring();
        Ok(())
    }
}
