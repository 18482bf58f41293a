//! Table `sim_message`.

use recado_event_store::{Platform, StoreError};
use recado_kernel::{AccountId, InstanceId, MessageId, PhoneNumber, Timestamp, WireId};
use recado_messaging::MessageContent;
use sqlx::{PgConnection, Row, postgres::PgRow};
use uuid::Uuid;

use super::content;

pub(crate) const TEXT_PURPOSE: &str = "sim-phone-text";

/// A message about to be stored.
pub(crate) struct NewMessage<'a> {
    pub wire_id: &'a WireId,
    pub account: AccountId,
    /// The session it goes out through, if it does.
    pub instance: Option<InstanceId>,
    /// Our id, where receipts are wanted.
    pub message: Option<MessageId>,
    pub sender: &'a PhoneNumber,
    pub recipient: &'a PhoneNumber,
    pub content: &'a MessageContent,
    pub reply_to: Option<&'a WireId>,
    pub forwarded: bool,
    pub at: Timestamp,
}

/// Stores it once per (sender, wire id). `None`: it was there already.
pub(crate) async fn insert(platform: &Platform, db: &mut PgConnection, new: &NewMessage<'_>) -> Result<Option<i64>, StoreError> {
    let (text, content) = content::seal(platform, new.content)?;
    Ok(sqlx::query_scalar(
        "INSERT INTO sim_message (wire_id, account_id, instance_id, message_id, sender, recipient, text_protected, sent_at,
                                  kind, content_protected, about, reply_to, forwarded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (sender, wire_id) DO NOTHING RETURNING seq",
    )
    .bind(new.wire_id.as_str())
    .bind(new.account.as_uuid())
    .bind(new.instance.map(|instance| instance.as_uuid()))
    .bind(new.message.map(|message| message.as_uuid()))
    .bind(new.sender.as_str())
    .bind(new.recipient.as_str())
    .bind(text)
    .bind(new.at)
    .bind(new.content.kind().as_str())
    .bind(content)
    .bind(content::about(new.content).map(WireId::as_str))
    .bind(new.reply_to.map(WireId::as_str))
    .bind(new.forwarded)
    .fetch_optional(db)
    .await?)
}

/// A stored message's unchanging side.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub seq: i64,
    pub wire_id: WireId,
    pub account: AccountId,
    pub instance: Option<InstanceId>,
    pub sender: PhoneNumber,
    pub recipient: PhoneNumber,
    /// Is it about another message (a reaction, an edit …), without a bubble of its own?
    pub is_about: bool,
}

pub(super) fn number(row: &PgRow, column: &str) -> Result<PhoneNumber, StoreError> {
    row.try_get::<String, _>(column)?.parse().map_err(|_| StoreError::Unreadable(format!("sim_message.{column}")))
}

pub(super) fn wire_id(row: &PgRow, column: &str) -> Result<Option<WireId>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| WireId::parse(&text).map_err(|_| StoreError::Unreadable(format!("sim_message.{column}")))).transpose()
}

pub(super) fn own_wire_id(row: &PgRow) -> Result<WireId, StoreError> {
    wire_id(row, "wire_id")?.ok_or_else(|| StoreError::Unreadable("sim_message.wire_id".into()))
}

fn stored(row: &PgRow) -> Result<Stored, StoreError> {
    Ok(Stored {
        seq: row.try_get("seq")?,
        wire_id: own_wire_id(row)?,
        account: AccountId::from_uuid(row.try_get("account_id")?),
        instance: row.try_get::<Option<Uuid>, _>("instance_id")?.map(InstanceId::from_uuid),
        sender: number(row, "sender")?,
        recipient: number(row, "recipient")?,
        is_about: row.try_get("is_about")?,
    })
}

/// By sequence.
pub(crate) async fn find(platform: &Platform, seq: i64) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query("SELECT seq, wire_id, account_id, instance_id, sender, recipient, about IS NOT NULL AS is_about FROM sim_message WHERE seq = $1")
        .bind(seq)
        .fetch_optional(platform.pool())
        .await?;
    row.as_ref().map(stored).transpose()
}

/// What a message says.
pub(crate) async fn content(platform: &Platform, seq: i64) -> Result<Option<MessageContent>, StoreError> {
    let row = sqlx::query("SELECT text_protected, content_protected, about FROM sim_message WHERE seq = $1")
        .bind(seq)
        .fetch_optional(platform.pool())
        .await?;
    row.as_ref().map(|row| content::open(platform, row)).transpose()
}

/// A message that went out through `instance`, by WhatsApp's id or ours.
pub(crate) async fn find_sent(
    platform: &Platform,
    instance: InstanceId,
    wire_id: &str,
    message: Option<MessageId>,
) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(
        "SELECT seq, wire_id, account_id, instance_id, sender, recipient, about IS NOT NULL AS is_about FROM sim_message
          WHERE instance_id = $1 AND (wire_id = $2 OR message_id = $3)",
    )
    .bind(instance.as_uuid())
    .bind(wire_id)
    .bind(message.map(|message| message.as_uuid()))
    .fetch_optional(platform.pool())
    .await?;
    row.as_ref().map(stored).transpose()
}

/// Has `sender` sent this already?
pub(crate) async fn is_known(platform: &Platform, sender: &PhoneNumber, wire_id: &WireId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sim_message WHERE sender = $1 AND wire_id = $2)")
        .bind(sender.as_str())
        .bind(wire_id.as_str())
        .fetch_one(platform.pool())
        .await?)
}

/// Everything sent to `recipient` up to `up_to` is on its device now.
pub(crate) async fn mark_delivered(
    platform: &Platform,
    recipient: &PhoneNumber,
    up_to: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sim_message SET delivered_at = $3 WHERE recipient = $1 AND seq <= $2 AND delivered_at IS NULL")
        .bind(recipient.as_str())
        .bind(up_to)
        .bind(now)
        .execute(platform.pool())
        .await?;
    Ok(())
}

/// `recipient` reads what `sender` wrote, up to `up_to`; reading implies that it was delivered. Returns the sessions to be told.
pub(crate) async fn mark_read(
    platform: &Platform,
    sender: &PhoneNumber,
    recipient: &PhoneNumber,
    seqs: std::ops::RangeInclusive<i64>,
    now: Timestamp,
) -> Result<Vec<InstanceId>, StoreError> {
    let instances: Vec<Option<Uuid>> = sqlx::query_scalar(
        "UPDATE sim_message SET read_at = $5, delivered_at = COALESCE(delivered_at, $5)
          WHERE sender = $1 AND recipient = $2 AND seq BETWEEN $3 AND $4 AND read_at IS NULL RETURNING instance_id",
    )
    .bind(sender.as_str())
    .bind(recipient.as_str())
    .bind(seqs.start())
    .bind(seqs.end())
    .bind(now)
    .fetch_all(platform.pool())
    .await?;
    Ok(told_once(instances))
}

fn told_once(instances: Vec<Option<Uuid>>) -> Vec<InstanceId> {
    let mut instances: Vec<InstanceId> = instances.into_iter().flatten().map(InstanceId::from_uuid).collect();
    instances.sort_unstable();
    instances.dedup();
    instances
}

/// A message the recipient's session has not had yet.
pub(crate) struct UntoldMessage {
    pub seq: i64,
    pub wire_id: WireId,
    pub sender: PhoneNumber,
    pub content: MessageContent,
    pub reply_to: Option<WireId>,
    pub forwarded: bool,
    pub delivered_at: Timestamp,
}

/// Messages for the session linked to `recipient` since `since`, oldest first.
pub(crate) async fn untold_messages(
    platform: &Platform,
    recipient: &PhoneNumber,
    since: Timestamp,
) -> Result<Vec<UntoldMessage>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, wire_id, sender, text_protected, content_protected, about, reply_to, forwarded, delivered_at FROM sim_message
          WHERE recipient = $1 AND NOT recipient_told AND delivered_at IS NOT NULL AND sent_at >= $2 ORDER BY seq LIMIT 500",
    )
    .bind(recipient.as_str())
    .bind(since)
    .fetch_all(platform.pool())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(UntoldMessage {
                seq: row.try_get("seq")?,
                wire_id: own_wire_id(row)?,
                sender: number(row, "sender")?,
                content: content::open(platform, row)?,
                reply_to: wire_id(row, "reply_to")?,
                forwarded: row.try_get("forwarded")?,
                delivered_at: row.try_get("delivered_at")?,
            })
        })
        .collect()
}

/// The recipient's session has had it.
pub(crate) async fn message_told(platform: &Platform, seq: i64, account: AccountId) -> Result<(), StoreError> {
    sqlx::query("UPDATE sim_message SET recipient_told = true, recipient_account = $2 WHERE seq = $1")
        .bind(seq)
        .bind(account.as_uuid())
        .execute(platform.pool())
        .await?;
    Ok(())
}

/// `recipient` reads just these of `sender`'s messages. Returns the sessions to be told.
pub(crate) async fn mark_these_read(
    platform: &Platform,
    sender: &PhoneNumber,
    recipient: &PhoneNumber,
    wire_ids: &[WireId],
    now: Timestamp,
) -> Result<Vec<InstanceId>, StoreError> {
    let ids: Vec<&str> = wire_ids.iter().map(WireId::as_str).collect();
    let instances: Vec<Option<Uuid>> = sqlx::query_scalar(
        "UPDATE sim_message SET read_at = $4, delivered_at = COALESCE(delivered_at, $4)
          WHERE sender = $1 AND recipient = $2 AND wire_id = ANY($3) AND read_at IS NULL RETURNING instance_id",
    )
    .bind(sender.as_str())
    .bind(recipient.as_str())
    .bind(ids)
    .bind(now)
    .fetch_all(platform.pool())
    .await?;
    Ok(told_once(instances))
}

/// `recipient` deletes a message on its own phone only. `false`: there is no such message.
pub(crate) async fn hide(
    platform: &Platform,
    sender: &PhoneNumber,
    recipient: &PhoneNumber,
    wire_id: &WireId,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sim_message SET hidden = true WHERE sender = $1 AND recipient = $2 AND wire_id = $3 AND about IS NULL",
    )
    .bind(sender.as_str())
    .bind(recipient.as_str())
    .bind(wire_id.as_str())
    .execute(platform.pool())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The newest message for `recipient`, if there is one.
pub(crate) async fn newest_for(platform: &Platform, recipient: &PhoneNumber) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar("SELECT max(seq) FROM sim_message WHERE recipient = $1")
        .bind(recipient.as_str())
        .fetch_one(platform.pool())
        .await?)
}

/// Sessions that wait for receipts from `recipient`.
pub(crate) async fn waiting_senders(platform: &Platform, recipient: &PhoneNumber) -> Result<Vec<InstanceId>, StoreError> {
    let instances: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT instance_id FROM sim_message
          WHERE recipient = $1 AND instance_id IS NOT NULL AND NOT received_told AND delivered_at IS NOT NULL",
    )
    .bind(recipient.as_str())
    .fetch_all(platform.pool())
    .await?;
    Ok(instances.into_iter().map(InstanceId::from_uuid).collect())
}
