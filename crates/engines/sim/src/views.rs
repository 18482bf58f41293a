//! What the simulator page shows of phones and their chats; one chat from within is [`crate::conversation`]. With an account, only what that account's instances and phones took part in.

use recado_kernel::{AccountId, InstanceId, Timestamp};
use recado_messaging::MessageKind;
use sqlx::Row;
use uuid::Uuid;

use crate::store::content;
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
    /// What the newest message is.
    pub last_kind: MessageKind,
    /// Its text, as far as it has one; empty once it was deleted.
    pub last_text: String,
    /// Was it deleted for everybody?
    pub last_revoked: bool,
    /// When.
    pub last_at: Timestamp,
    /// Messages not read.
    pub unread: i64,
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
                    (SELECT count(*) FROM sim_message m WHERE m.recipient = p.number AND m.delivered_at IS NOT NULL AND m.read_at IS NULL AND m.about IS NULL
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
                 SELECT seq, wire_id, sender, recipient, CASE WHEN sender = $2 THEN recipient ELSE sender END AS other, kind, text_protected,
                        sent_at, recipient = $2 AND read_at IS NULL AS unread
                   FROM sim_message
                  WHERE (sender = $2 OR (recipient = $2 AND delivered_at IS NOT NULL AND NOT hidden)) AND about IS NULL
                    AND ($1::uuid IS NULL OR account_id = $1 OR recipient_account = $1)
             ), newest AS (
                 SELECT other, max(seq) AS seq, count(*) FILTER (WHERE unread) AS unread FROM mine GROUP BY other
                  ORDER BY 2 DESC LIMIT 200
             )
             SELECT n.other, n.unread, m.kind, m.sent_at, COALESCE(e.text_protected, m.text_protected) AS text_protected,
                    EXISTS (SELECT 1 FROM sim_message r
                             WHERE r.about = m.wire_id AND r.kind = 'revoke' AND r.sender = m.sender AND r.recipient = m.recipient
                               AND (r.sender = $2 OR r.delivered_at IS NOT NULL)) AS revoked
               FROM newest n JOIN mine m ON m.seq = n.seq AND m.other = n.other
               LEFT JOIN LATERAL (
                   SELECT text_protected FROM sim_message
                    WHERE about = m.wire_id AND kind IN ('text', 'document') AND sender = m.sender AND recipient = m.recipient
                      AND (sender = $2 OR delivered_at IS NOT NULL)
                    ORDER BY seq DESC LIMIT 1
               ) e ON true
              ORDER BY n.seq DESC",
        )
        .bind(account.map(|account| account.as_uuid()))
        .bind(phone)
        .fetch_all(self.platform.pool())
        .await?;
        rows.iter()
            .map(|row| {
                let last_revoked: bool = row.try_get("revoked")?;
                let text = self.platform.vault.reveal(TEXT_PURPOSE, row.try_get("text_protected")?)?;
                Ok(ChatView {
                    other: row.try_get("other")?,
                    last_kind: content::kind(row.try_get("kind")?)?,
                    last_text: if last_revoked { String::new() } else { text },
                    last_revoked,
                    last_at: row.try_get("sent_at")?,
                    unread: row.try_get("unread")?,
                })
            })
            .collect()
    }
}
