//! Receipts that sending sessions have not had yet.

use recado_event_store::{Platform, StoreError};
use recado_kernel::{InstanceId, MessageId, PhoneNumber, Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

/// A receipt the sending session has not had yet.
#[derive(Debug, Clone)]
pub(crate) struct UntoldReceipt {
    pub seq: i64,
    pub wire_id: String,
    pub message: MessageId,
    pub received: Option<Timestamp>,
    pub read: Option<Timestamp>,
}

/// Receipts for `instance` while it is linked to `sender`, oldest first.
pub(crate) async fn untold_receipts(
    platform: &Platform,
    instance: InstanceId,
    sender: &PhoneNumber,
) -> Result<Vec<UntoldReceipt>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, wire_id, message_id, CASE WHEN NOT received_told THEN delivered_at END AS received, CASE WHEN NOT read_told THEN read_at END AS read
           FROM sim_message
          WHERE instance_id = $1 AND NOT read_told AND sender = $2 AND message_id IS NOT NULL
            AND ((NOT received_told AND delivered_at IS NOT NULL) OR read_at IS NOT NULL)
          ORDER BY seq LIMIT 500",
    )
    .bind(instance.as_uuid())
    .bind(sender.as_str())
    .fetch_all(platform.pool())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(UntoldReceipt {
                seq: row.try_get("seq")?,
                wire_id: row.try_get("wire_id")?,
                message: MessageId::from_uuid(row.try_get("message_id")?),
                received: row.try_get("received")?,
                read: row.try_get("read")?,
            })
        })
        .collect()
}

/// The sending session has had its receipts.
pub(crate) async fn receipts_told(platform: &Platform, receipt: &UntoldReceipt) -> Result<(), StoreError> {
    sqlx::query("UPDATE sim_message SET received_told = received_told OR $2, read_told = read_told OR $3 WHERE seq = $1")
        .bind(receipt.seq)
        .bind(receipt.received.is_some() || receipt.read.is_some())
        .bind(receipt.read.is_some())
        .execute(platform.pool())
        .await?;
    Ok(())
}

/// A voice note that was listened to, as far as its sending session does not know.
#[derive(Debug, Clone)]
pub(crate) struct UntoldPlay {
    pub seq: i64,
    pub wire_id: String,
    pub message: MessageId,
    pub at: Timestamp,
}

/// Voice notes of `instance`, while it is linked to `sender`, that were listened to; oldest first.
pub(crate) async fn untold_plays(
    platform: &Platform,
    instance: InstanceId,
    sender: &PhoneNumber,
) -> Result<Vec<UntoldPlay>, StoreError> {
    let rows: Vec<(i64, String, Uuid, Timestamp)> = sqlx::query_as(
        "SELECT seq, wire_id, message_id, played_at FROM sim_message
          WHERE instance_id = $1 AND played_at IS NOT NULL AND NOT played_told AND sender = $2 AND message_id IS NOT NULL
          ORDER BY seq LIMIT 500",
    )
    .bind(instance.as_uuid())
    .bind(sender.as_str())
    .fetch_all(platform.pool())
    .await?;
    let play = |(seq, wire_id, message, at)| UntoldPlay { seq, wire_id, message: MessageId::from_uuid(message), at };
    Ok(rows.into_iter().map(play).collect())
}

/// The sending session has heard of it.
pub(crate) async fn play_told(platform: &Platform, seq: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE sim_message SET played_told = true WHERE seq = $1").bind(seq).execute(platform.pool()).await?;
    Ok(())
}

/// The recipient listened to it, which is reading it, too. `false`: it had been listened to before.
pub(crate) async fn mark_played(platform: &Platform, seq: i64, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sim_message
            SET played_at = $2, read_at = COALESCE(read_at, $2), delivered_at = COALESCE(delivered_at, $2)
          WHERE seq = $1 AND played_at IS NULL",
    )
    .bind(seq)
    .bind(now)
    .execute(platform.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}
