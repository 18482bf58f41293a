//! Messages as the two phones of a conversation hold them.

use recado_event_store::{Platform, StoreError};
use recado_kernel::{AccountId, InstanceId, PhoneNumber, WireId};
use recado_messaging::MessageContent;
use sqlx::Row as _;
use uuid::Uuid;

use super::content;
use super::messages::number;

/// A message that has a bubble in a conversation.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub seq: i64,
    pub instance: Option<InstanceId>,
    pub sender: PhoneNumber,
    pub content: MessageContent,
    /// Was it deleted for everybody?
    pub revoked: bool,
}

/// The message `wire` between two numbers, whoever of them wrote it, if `account` took part in it.
pub(crate) async fn find(
    platform: &Platform,
    account: AccountId,
    one: &PhoneNumber,
    other: &PhoneNumber,
    wire: &WireId,
) -> Result<Option<Held>, StoreError> {
    let row = sqlx::query(
        "SELECT m.seq, m.instance_id, m.sender, m.text_protected, m.content_protected, m.about,
                EXISTS (SELECT 1 FROM sim_message r
                         WHERE r.about = m.wire_id AND r.kind = 'revoke' AND r.sender = m.sender AND r.recipient = m.recipient) AS revoked
           FROM sim_message m
          WHERE m.wire_id = $3 AND m.about IS NULL
            AND ((m.sender = $1 AND m.recipient = $2) OR (m.sender = $2 AND m.recipient = $1))
            AND (m.account_id = $4 OR m.recipient_account = $4)
          ORDER BY m.seq LIMIT 1",
    )
    .bind(one.as_str())
    .bind(other.as_str())
    .bind(wire.as_str())
    .bind(account.as_uuid())
    .fetch_optional(platform.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Held {
        seq: row.try_get("seq")?,
        instance: row.try_get::<Option<Uuid>, _>("instance_id")?.map(InstanceId::from_uuid),
        sender: number(&row, "sender")?,
        content: content::open(platform, &row)?,
        revoked: row.try_get("revoked")?,
    }))
}

/// What a message says now, after its last edit: what is passed on.
pub(crate) async fn as_it_reads(platform: &Platform, held: Held, wire: &WireId) -> Result<MessageContent, StoreError> {
    let row = sqlx::query(
        "SELECT text_protected, content_protected, about FROM sim_message
          WHERE about = $1 AND kind = $2 AND sender = $3 ORDER BY seq DESC LIMIT 1",
    )
    .bind(wire.as_str())
    .bind(held.content.kind().as_str())
    .bind(held.sender.as_str())
    .fetch_optional(platform.pool())
    .await?;
    let edit = row.as_ref().map(|row| content::open(platform, row)).transpose()?;
    Ok(match (held.content, edit) {
        (MessageContent::Text(mut text), Some(MessageContent::Text(edit))) => {
            text.text = edit.text;
            text.into()
        }
        (MessageContent::Document(mut document), Some(MessageContent::Document(edit))) => {
            document.caption = edit.caption;
            document.into()
        }
        (content, _) => content,
    })
}

/// What a message says that `phone` wrote or received, as long as nobody deleted it.
pub(crate) async fn content_on(
    platform: &Platform,
    account: AccountId,
    phone: &PhoneNumber,
    wire: &WireId,
) -> Result<Option<MessageContent>, StoreError> {
    let row = sqlx::query(
        "SELECT m.text_protected, m.content_protected, m.about FROM sim_message m
          WHERE m.wire_id = $3 AND m.about IS NULL AND (m.account_id = $1 OR m.recipient_account = $1)
            AND (m.sender = $2 OR (m.recipient = $2 AND m.delivered_at IS NOT NULL AND NOT m.hidden))
            AND NOT EXISTS (SELECT 1 FROM sim_message r
                             WHERE r.about = m.wire_id AND r.kind = 'revoke' AND r.sender = m.sender AND r.recipient = m.recipient)
          ORDER BY m.seq LIMIT 1",
    )
    .bind(account.as_uuid())
    .bind(phone.as_str())
    .bind(wire.as_str())
    .fetch_optional(platform.pool())
    .await?;
    row.as_ref().map(|row| content::open(platform, row)).transpose()
}

/// What `phone` has chosen in a poll of its chat with `other`.
pub(crate) async fn choice(
    platform: &Platform,
    phone: &PhoneNumber,
    other: &PhoneNumber,
    poll: &WireId,
) -> Result<Vec<String>, StoreError> {
    let row = sqlx::query(
        "SELECT text_protected, content_protected, about FROM sim_message
          WHERE about = $3 AND kind = 'poll_vote' AND sender = $1 AND recipient = $2 ORDER BY seq DESC LIMIT 1",
    )
    .bind(phone.as_str())
    .bind(other.as_str())
    .bind(poll.as_str())
    .fetch_optional(platform.pool())
    .await?;
    Ok(match row.as_ref().map(|row| content::open(platform, row)).transpose()? {
        Some(MessageContent::PollVote(vote)) => vote.options,
        _ => vec![],
    })
}
