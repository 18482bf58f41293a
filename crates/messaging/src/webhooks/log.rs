//! Deliveries and their attempts as they are written: tables `webhook_delivery` and `webhook_attempt`.

use recado_event_store::{NewWork, StoreError, work};
use recado_kernel::{AccountId, Cause, InstanceId, MessageId, Timestamp};
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use super::TOPIC;
use super::callback::Order;
use super::history::{Attempt, DeliveryState};
use super::target::{self, Target};
use crate::Messaging;

/// Vault purpose of what receivers answered.
pub(crate) const ANSWER_PURPOSE: &str = "webhook-answer";

/// A delivery to be made.
pub(crate) struct NewDelivery {
    pub id: Uuid,
    pub account: AccountId,
    pub instance: InstanceId,
    pub url: String,
    pub lane: String,
    pub order: Order,
    /// The event told; `None` when a person asked for it again.
    pub cause: Option<Cause>,
}

impl NewDelivery {
    /// The durable work that makes it.
    pub(crate) fn work(&self, due_at: Timestamp) -> NewWork {
        NewWork {
            id: self.id,
            topic: TOPIC.to_owned(),
            lane: self.lane.clone(),
            account_id: self.account,
            subject: self.instance.to_string(),
            payload: serde_json::Value::Null,
            due_at,
            cause: self.cause,
        }
    }
}

/// Stores deliveries with their work, in the reactor's transaction.
pub(crate) async fn enqueue(db: &mut PgConnection, new: &[NewDelivery]) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let payloads = new
        .iter()
        .map(|d| serde_json::to_value(&d.order).map_err(|error| StoreError::Unreadable(error.to_string())))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO webhook_delivery (id, account_id, instance_id, message_id, kind, callback, detail, url, lane, payload, happened_at)
         SELECT w.id, w.account_id, w.instance_id, w.message_id, w.kind, w.callback, w.detail, w.url, w.lane, w.payload, w.happened_at
           FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                       $10::jsonb[], $11::timestamptz[]) WITH ORDINALITY
             AS w(id, account_id, instance_id, message_id, kind, callback, detail, url, lane, payload, happened_at, ordinal)
          ORDER BY w.ordinal
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(new.iter().map(|d| d.id).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.account.as_uuid()).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.instance.as_uuid()).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.order.callback.message().map(|m| m.as_uuid())).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.order.url_of.as_str()).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.order.callback.kind().as_str()).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.order.callback.detail()).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.url.as_str()).collect::<Vec<_>>())
    .bind(new.iter().map(|d| d.lane.as_str()).collect::<Vec<_>>())
    .bind(payloads)
    .bind(new.iter().map(|d| d.order.at).collect::<Vec<_>>())
    .execute(&mut *db)
    .await?;
    let work: Vec<NewWork> = new.iter().map(|d| d.work(d.order.at)).collect();
    work::enqueue(db, &work).await
}

/// A delivery as its handler needs it.
pub(crate) struct Waiting {
    pub target: Target,
    pub order: Order,
    /// When it happened, or was asked for again.
    pub since: Timestamp,
    /// Calls that were written down since then.
    pub called: i64,
}

/// A delivery with where it goes; `None` when it does not wait any more.
pub(crate) async fn waiting(pool: &PgPool, account: AccountId, id: Uuid) -> Result<Option<Waiting>, StoreError> {
    let row = sqlx::query(
        "SELECT t.*, d.payload AS delivery_payload, COALESCE(d.asked_at, d.happened_at) AS delivery_since,
                (SELECT count(*) FROM webhook_attempt a
                  WHERE a.delivery_id = d.id AND a.at >= COALESCE(d.asked_at, d.happened_at)) AS delivery_called
           FROM webhook_delivery d JOIN webhook_target t ON t.instance_id = d.instance_id AND t.account_id = d.account_id
          WHERE d.id = $1 AND d.account_id = $2 AND d.status = 'waiting'",
    )
    .bind(id)
    .bind(account.as_uuid())
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let order = serde_json::from_value(row.try_get("delivery_payload")?)
        .map_err(|error| StoreError::Unreadable(format!("webhook_delivery.payload: {error}")))?;
    Ok(Some(Waiting {
        target: target::from_row(&row)?,
        order,
        since: row.try_get("delivery_since")?,
        called: row.try_get("delivery_called")?,
    }))
}

/// How a delivery ended.
pub(crate) struct End<'a> {
    pub state: DeliveryState,
    /// Why, if it was not delivered.
    pub note: Option<&'a str>,
    pub at: Timestamp,
}

/// Writes an attempt down, and the delivery's end if it was the last, in one statement.
pub(crate) async fn record_attempt(
    messaging: &Messaging,
    account: AccountId,
    delivery: Uuid,
    url: &str,
    attempt: &Attempt,
    end: Option<End<'_>>,
) -> Result<(), StoreError> {
    let answer = attempt.answer.as_deref().filter(|text| !text.is_empty());
    let answer = answer.map(|text| messaging.platform.vault.protect(ANSWER_PURPOSE, text)).transpose()?;
    sqlx::query(
        "WITH called AS (
             UPDATE webhook_delivery SET url = $3, status = COALESCE($9, status), note = COALESCE($10, note), ended_at = COALESCE($11, ended_at)
              WHERE id = $1 AND account_id = $2 RETURNING id)
         INSERT INTO webhook_attempt (delivery_id, attempt, account_id, at, http_status, latency_ms, error, answer_protected)
         SELECT $1, 1 + COALESCE((SELECT max(attempt) FROM webhook_attempt WHERE delivery_id = $1), 0), $2, $4, $5, $6, $7, $8 FROM called",
    )
    .bind(delivery)
    .bind(account.as_uuid())
    .bind(url)
    .bind(attempt.at)
    .bind(attempt.http_status.map(i32::from))
    .bind(attempt.latency_ms)
    .bind(&attempt.error)
    .bind(answer)
    .bind(end.as_ref().map(|end| end.state.as_str()))
    .bind(end.as_ref().and_then(|end| end.note))
    .bind(end.as_ref().map(|end| end.at))
    .execute(messaging.platform.pool())
    .await?;
    Ok(())
}

/// Ends a delivery.
pub(crate) async fn conclude(
    pool: &PgPool,
    account: AccountId,
    id: Uuid,
    state: DeliveryState,
    note: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE webhook_delivery SET status = $3, note = $4, ended_at = $5 WHERE id = $1 AND account_id = $2")
        .bind(id)
        .bind(account.as_uuid())
        .bind(state.as_str())
        .bind(note)
        .bind(now)
        .execute(pool)
        .await?;
    Ok(())
}

/// Does anybody else still need the text of this message?
pub(crate) async fn text_still_wanted(
    pool: &PgPool,
    account: AccountId,
    message: MessageId,
    except: Uuid,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM webhook_delivery WHERE account_id = $1 AND message_id = $2 AND id <> $3
                           AND callback = 'ReceivedCallback' AND status IN ('waiting', 'failed'))",
    )
    .bind(account.as_uuid())
    .bind(message.as_uuid())
    .bind(except)
    .fetch_one(pool)
    .await?)
}

/// Forgets what receivers answered to deliveries about these messages.
pub(crate) async fn forget_answers(pool: &PgPool, account: AccountId, messages: &[MessageId]) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhook_attempt a SET answer_protected = NULL FROM webhook_delivery d
          WHERE a.delivery_id = d.id AND d.account_id = $1 AND d.message_id = ANY ($2) AND a.answer_protected IS NOT NULL",
    )
    .bind(account.as_uuid())
    .bind(messages.iter().map(MessageId::as_uuid).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    Ok(())
}
