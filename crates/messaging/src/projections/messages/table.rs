//! Rows of `view_message`, written set by set.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, MessageId, WireId};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::changes::{NewRow, Step};
use super::{Direction, MessageView};
use crate::domain::message::{MessageKind, MessageStatus};

/// New messages.
pub(super) async fn insert(db: &mut PgConnection, rows: &[NewRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO view_message (message_id, account_id, instance_id, wire_id, direction, kind, chat, chat_digest, size, status, custom_id, accepted_at)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
                              $10::text[], $11::text[], $12::timestamptz[])
         ON CONFLICT (message_id) DO NOTHING",
    )
    .bind(rows.iter().map(|row| row.id.as_uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.account.as_uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.instance.as_uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.wire_id.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.direction.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.chat.as_deref()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.chat_digest.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.size).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.custom_id.as_deref()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.at).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// The other side of these messages was erased.
pub(super) async fn forget_chat(db: &mut PgConnection, account: AccountId, chat_digest: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE view_message SET chat = NULL WHERE account_id = $1 AND chat_digest = $2 AND chat IS NOT NULL")
        .bind(account.as_uuid())
        .bind(chat_digest)
        .execute(db)
        .await?;
    Ok(())
}

/// Known messages, one step each.
pub(super) async fn advance(db: &mut PgConnection, steps: &[&Step]) -> Result<(), StoreError> {
    if steps.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE view_message v
            SET status = s.status, reason = COALESCE(s.reason, v.reason), attempts = COALESCE(s.attempts, v.attempts),
                sending_at = COALESCE(v.sending_at, s.sending_at), sent_at = COALESCE(v.sent_at, s.sent_at),
                received_at = COALESCE(v.received_at, s.received_at), read_at = COALESCE(v.read_at, s.read_at),
                ended_at = COALESCE(v.ended_at, s.ended_at)
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
                       $8::timestamptz[], $9::timestamptz[])
                AS s(message_id, status, reason, attempts, sending_at, sent_at, received_at, read_at, ended_at)
          WHERE v.message_id = s.message_id",
    )
    .bind(steps.iter().map(|step| step.id.as_uuid()).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.status.as_str()).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.reason.as_deref()).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.attempts).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.sending_at).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.sent_at).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.received_at).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.read_at).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.ended_at).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Reads a row of `SELECT *`.
pub(super) fn from_row(row: &PgRow) -> Result<MessageView, StoreError> {
    let wire_id: String = row.try_get("wire_id")?;
    let chat: Option<String> = row.try_get("chat")?;
    let direction: String = row.try_get("direction")?;
    let status: String = row.try_get("status")?;
    Ok(MessageView {
        id: MessageId::from_uuid(row.try_get("message_id")?),
        account: AccountId::from_uuid(row.try_get("account_id")?),
        instance: InstanceId::from_uuid(row.try_get("instance_id")?),
        wire_id: WireId::parse(&wire_id).map_err(|error| StoreError::Unreadable(error.to_string()))?,
        direction: if direction == Direction::In.as_str() { Direction::In } else { Direction::Out },
        kind: MessageKind::Text,
        chat: chat.and_then(|chat| chat.parse().ok()),
        size: row.try_get("size")?,
        status: MessageStatus::parse(&status),
        reason: row.try_get("reason")?,
        custom_id: row.try_get("custom_id")?,
        attempts: row.try_get("attempts")?,
        accepted_at: row.try_get("accepted_at")?,
        sending_at: row.try_get("sending_at")?,
        sent_at: row.try_get("sent_at")?,
        received_at: row.try_get("received_at")?,
        read_at: row.try_get("read_at")?,
        ended_at: row.try_get("ended_at")?,
    })
}
