//! What panel and API may ask of deliveries.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, MessageId, Timestamp};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::log::ANSWER_PURPOSE;
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

    /// Reads the stored name; `None` for any other text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::Failed, Self::Stopped].into_iter().find(|state| state.as_str() == text)
    }

    pub(crate) fn parse(text: &str) -> Self {
        Self::named(text).unwrap_or(Self::Waiting)
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

/// Which deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Only these.
    pub state: Option<DeliveryState>,
    /// Only bodies of this `type`.
    pub callback: Option<String>,
    /// What happened at or after this moment.
    pub from: Option<Timestamp>,
    /// What happened before this moment.
    pub until: Option<Timestamp>,
}

fn from_row(row: &PgRow) -> Result<Delivery, StoreError> {
    Ok(Delivery {
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
    })
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
        self.find_deliveries(account, instance, &DeliveryFilter::default(), before, limit).await
    }

    /// The same, only those that pass the filter.
    ///
    /// # Errors
    /// The database.
    pub async fn find_deliveries(
        &self,
        account: AccountId,
        instance: InstanceId,
        filter: &DeliveryFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Delivery>, MessagingError> {
        let rows = sqlx::query(
            "SELECT d.id, d.callback, d.detail, d.kind, d.url, d.message_id, d.status, d.note, d.happened_at, d.ended_at
               FROM webhook_delivery d
              WHERE d.account_id = $1 AND d.instance_id = $2
                AND ($3::uuid IS NULL OR d.seq < (SELECT b.seq FROM webhook_delivery b WHERE b.id = $3 AND b.account_id = $1))
                AND ($5::text IS NULL OR d.status = $5) AND ($6::text IS NULL OR d.callback = $6)
                AND ($7::timestamptz IS NULL OR d.happened_at >= $7) AND ($8::timestamptz IS NULL OR d.happened_at < $8)
              ORDER BY d.seq DESC LIMIT $4",
        )
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .bind(before)
        .bind(limit)
        .bind(filter.state.map(DeliveryState::as_str))
        .bind(&filter.callback)
        .bind(filter.from)
        .bind(filter.until)
        .fetch_all(self.platform.pool())
        .await?;
        let mut deliveries = rows.iter().map(from_row).collect::<Result<Vec<_>, StoreError>>()?;
        self.add_attempts(account, &mut deliveries).await?;
        Ok(deliveries)
    }

    /// One delivery of an instance.
    ///
    /// # Errors
    /// The database.
    pub async fn webhook_delivery(
        &self,
        account: AccountId,
        instance: InstanceId,
        id: Uuid,
    ) -> Result<Option<Delivery>, MessagingError> {
        let row = sqlx::query(
            "SELECT d.id, d.callback, d.detail, d.kind, d.url, d.message_id, d.status, d.note, d.happened_at, d.ended_at
               FROM webhook_delivery d WHERE d.account_id = $1 AND d.instance_id = $2 AND d.id = $3",
        )
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .bind(id)
        .fetch_optional(self.platform.pool())
        .await?;
        let mut found: Vec<Delivery> = row.iter().map(from_row).collect::<Result<_, StoreError>>()?;
        self.add_attempts(account, &mut found).await?;
        Ok(found.pop())
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
}
