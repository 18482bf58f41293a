//! What the simulator page shows: phones, chats, messages. With an account, only what that account's instances and phones took part in.

use recado_kernel::{AccountId, InstanceId, MessageId, Timestamp};
use sqlx::Row;
use uuid::Uuid;

use crate::store::messages::TEXT_PURPOSE;
use crate::{Sim, SimError};

/// One virtual phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneView {
    /// Its number, digits only.
    pub number: String,
    /// Is it on?
    pub is_on: bool,
    /// The instance it is linked to.
    pub instance: Option<InstanceId>,
    /// Is that session online?
    pub online: bool,
    /// Messages it has not read.
    pub unread: i64,
}

/// One conversation of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatView {
    /// The other number.
    pub other: String,
    /// The newest text.
    pub last_text: String,
    /// When.
    pub last_at: Timestamp,
    /// Messages not read.
    pub unread: i64,
}

/// One message as a phone shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// Its id in WhatsApp.
    pub wire_id: String,
    /// Our id, when it went out through an instance.
    pub message: Option<MessageId>,
    /// The instance it went out through.
    pub instance: Option<InstanceId>,
    /// Did this phone send it?
    pub own: bool,
    /// The text.
    pub text: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it reached the other phone.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl Sim {
    /// The phones, by number. `account` limits them to those that account made appear, linked or exchanged messages with; never one that is
    /// linked to another account's instance: whoever sees a phone may use it.
    ///
    /// # Errors
    /// The database.
    pub async fn phones(&self, account: Option<AccountId>) -> Result<Vec<PhoneView>, SimError> {
        let rows = sqlx::query(
            "SELECT p.number, p.is_on, s.instance_id, COALESCE(s.state = 'online', false) AS online,
                    (SELECT count(*) FROM sim_message m WHERE m.recipient = p.number AND m.delivered_at IS NOT NULL AND m.read_at IS NULL
                        AND ($1::uuid IS NULL OR m.account_id = $1 OR m.recipient_account = $1)) AS unread
               FROM sim_phone p LEFT JOIN sim_session s ON s.phone = p.number AND ($1::uuid IS NULL OR s.account_id = $1)
              WHERE $1::uuid IS NULL
                 OR ((p.account_id = $1 OR s.instance_id IS NOT NULL
                      OR EXISTS (SELECT 1 FROM sim_message m WHERE m.account_id = $1 AND p.number IN (m.sender, m.recipient)))
                     AND NOT EXISTS (SELECT 1 FROM sim_session o WHERE o.phone = p.number AND o.account_id <> $1))
              ORDER BY p.number LIMIT 500",
        )
        .bind(account.map(|account| account.as_uuid()))
        .fetch_all(self.platform.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PhoneView {
                    number: row.try_get("number")?,
                    is_on: row.try_get("is_on")?,
                    instance: row.try_get::<Option<Uuid>, _>("instance_id")?.map(InstanceId::from_uuid),
                    online: row.try_get("online")?,
                    unread: row.try_get("unread")?,
                })
            })
            .collect()
    }

    /// The conversations of a phone, newest first. A message that has not arrived yet is not shown to its recipient.
    ///
    /// # Errors
    /// The database.
    pub async fn chats(&self, account: Option<AccountId>, phone: &str) -> Result<Vec<ChatView>, SimError> {
        let rows = sqlx::query(
            "WITH mine AS (
                 SELECT seq, CASE WHEN sender = $2 THEN recipient ELSE sender END AS other, text_protected, sent_at,
                        recipient = $2 AND read_at IS NULL AS unread
                   FROM sim_message
                  WHERE (sender = $2 OR (recipient = $2 AND delivered_at IS NOT NULL))
                    AND ($1::uuid IS NULL OR account_id = $1 OR recipient_account = $1)
             ), newest AS (SELECT other, max(seq) AS seq, count(*) FILTER (WHERE unread) AS unread FROM mine GROUP BY other)
             SELECT n.other, n.unread, m.text_protected, m.sent_at FROM newest n JOIN mine m ON m.seq = n.seq AND m.other = n.other
              ORDER BY n.seq DESC LIMIT 200",
        )
        .bind(account.map(|account| account.as_uuid()))
        .bind(phone)
        .fetch_all(self.platform.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ChatView {
                    other: row.try_get("other")?,
                    last_text: self.platform.vault.reveal(TEXT_PURPOSE, row.try_get("text_protected")?)?,
                    last_at: row.try_get("sent_at")?,
                    unread: row.try_get("unread")?,
                })
            })
            .collect()
    }

    /// The newest 200 messages of a conversation, in the order they were sent.
    ///
    /// # Errors
    /// The database.
    pub async fn messages(&self, account: Option<AccountId>, phone: &str, chat: &str) -> Result<Vec<MessageView>, SimError> {
        let rows = sqlx::query(
            "SELECT wire_id, message_id, instance_id, sender = $2 AS own, text_protected, sent_at, delivered_at, read_at
               FROM sim_message
              WHERE ((sender = $2 AND recipient = $3) OR (sender = $3 AND recipient = $2 AND delivered_at IS NOT NULL))
                AND ($1::uuid IS NULL OR account_id = $1 OR recipient_account = $1)
              ORDER BY seq DESC LIMIT 200",
        )
        .bind(account.map(|account| account.as_uuid()))
        .bind(phone)
        .bind(chat)
        .fetch_all(self.platform.pool())
        .await?;
        rows.iter()
            .rev()
            .map(|row| {
                Ok(MessageView {
                    wire_id: row.try_get("wire_id")?,
                    message: row.try_get::<Option<Uuid>, _>("message_id")?.map(MessageId::from_uuid),
                    instance: row.try_get::<Option<Uuid>, _>("instance_id")?.map(InstanceId::from_uuid),
                    own: row.try_get("own")?,
                    text: self.platform.vault.reveal(TEXT_PURPOSE, row.try_get("text_protected")?)?,
                    sent_at: row.try_get("sent_at")?,
                    delivered_at: row.try_get("delivered_at")?,
                    read_at: row.try_get("read_at")?,
                })
            })
            .collect()
    }
}
