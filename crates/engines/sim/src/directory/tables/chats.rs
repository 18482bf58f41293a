//! Table `sim_chat`, and chats as they follow from `sim_message`, `sim_group` and `sim_group_message`.

use recado_event_store::StoreError;
use recado_kernel::{ChatAddress, InstanceId, PhoneNumber, Timestamp, WireId};
use recado_messaging::engine::directory::{Chat, ChatKind, Mute, Page};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use super::super::{Own, people};

/// A change; `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flags {
    pub archived: Option<bool>,
    pub pinned: Option<bool>,
    pub muted: Option<bool>,
    pub marked_unread: Option<bool>,
    pub cleared: Option<i64>,
    pub deleted: Option<i64>,
}

/// Pinned chats first, then by the newest message. `$3`: groups only; `$4`: this chat only.
async fn query(
    pool: &PgPool,
    own: &Own,
    groups_only: bool,
    one: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Chat>, StoreError> {
    let rows = sqlx::query(
        "WITH mine AS (
             SELECT seq, CASE WHEN sender = $2 THEN recipient ELSE sender END AS chat, sent_at, recipient = $2 AND read_at IS NULL AS unread
               FROM sim_message
              WHERE (sender = $2 AND account_id = $1)
                 OR (recipient = $2 AND delivered_at IS NOT NULL AND (account_id = $1 OR recipient_account = $1))
         ), talk AS (
             SELECT m.chat, max(m.sent_at) FILTER (WHERE m.seq > COALESCE(f.cleared_seq, 0)) AS last_at,
                    count(*) FILTER (WHERE m.unread AND m.seq > COALESCE(f.cleared_seq, 0)) AS unread
               FROM mine m LEFT JOIN sim_chat f ON f.account_id = $1 AND f.owner = $2 AND f.chat = m.chat
              WHERE NOT $3 AND m.seq > COALESCE(f.deleted_seq, 0) AND m.chat ~ '^[0-9]{8,15}$' AND ($4::text IS NULL OR m.chat = $4)
              GROUP BY m.chat
             UNION ALL
             SELECT g.group_id, COALESCE(n.sent_at, g.created_at), 0
               FROM sim_group_member b JOIN sim_group g ON g.group_id = b.group_id
               LEFT JOIN sim_chat f ON f.account_id = $1 AND f.owner = $2 AND f.chat = g.group_id
               LEFT JOIN LATERAL (SELECT s.seq, s.sent_at FROM sim_group_message s WHERE s.group_id = g.group_id
                                   ORDER BY s.seq DESC LIMIT 1) n ON true
              WHERE b.account_id = $1 AND b.phone = $2 AND b.role IN ('owner', 'admin', 'member')
                AND (f.deleted_seq IS NULL OR n.seq > f.deleted_seq) AND ($4::text IS NULL OR g.group_id = $4)
         )
         SELECT t.chat, t.last_at, t.unread, COALESCE(f.is_archived, false) AS is_archived, COALESCE(f.is_pinned, false) AS is_pinned,
                COALESCE(f.is_muted, false) AS is_muted, COALESCE(f.marked_unread, false) AS marked_unread, c.first_name, c.last_name,
                p.name AS shown_name, COALESCE(g.picture, p.picture) AS picture, g.subject,
                COALESCE(g.admin_only_message, false) AS announcement
           FROM talk t
           LEFT JOIN sim_chat f ON f.account_id = $1 AND f.owner = $2 AND f.chat = t.chat
           LEFT JOIN sim_contact c ON c.account_id = $1 AND c.owner = $2 AND c.phone = t.chat
           LEFT JOIN sim_profile p ON p.number = t.chat
           LEFT JOIN sim_group g ON g.group_id = t.chat AND g.account_id = $1
          ORDER BY is_pinned DESC, t.last_at DESC NULLS LAST, t.chat LIMIT $5 OFFSET $6",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(groups_only)
    .bind(one)
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await?;
    rows.iter().map(chat_of).collect()
}

fn chat_of(row: &PgRow) -> Result<Chat, StoreError> {
    let chat: String = row.try_get("chat")?;
    let address: ChatAddress = chat.parse().map_err(|_| StoreError::Unreadable("sim_message: a chat".to_owned()))?;
    let text = |column: &str| row.try_get::<Option<String>, _>(column);
    let saved = text("first_name")?.map(|first| match text("last_name") {
        Ok(Some(last)) => format!("{first} {last}"),
        _ => first,
    });
    let shown = text("subject")?.or(saved).or(text("shown_name")?);
    let unread = u32::try_from(row.try_get::<i64, _>("unread")?).unwrap_or(u32::MAX);
    let marked: bool = row.try_get("marked_unread")?;
    Ok(Chat {
        name: shown.unwrap_or_else(|| address.phone().map(people::shown_name).unwrap_or(chat)),
        archived: row.try_get("is_archived")?,
        pinned: row.try_get("is_pinned")?,
        marked_spam: false,
        mute: row.try_get::<bool, _>("is_muted")?.then_some(Mute::Forever),
        unread: unread.max(u32::from(marked)),
        last_message_at: row.try_get("last_at")?,
        // One stored inline is shown when it is asked for alone.
        picture: text("picture")?.filter(|picture| picture.starts_with("http")),
        announcement: row.try_get("announcement")?,
        lid: address.phone().map(people::lid),
        address,
    })
}

/// One page.
pub(crate) async fn list(pool: &PgPool, own: &Own, kind: ChatKind, page: Page) -> Result<Vec<Chat>, StoreError> {
    query(pool, own, kind == ChatKind::Groups, None, i64::from(page.size), page.offset()).await
}

/// One chat, if it has begun.
pub(crate) async fn find(pool: &PgPool, own: &Own, address: &ChatAddress) -> Result<Option<Chat>, StoreError> {
    Ok(query(pool, own, false, Some(address.as_str()), 1, 0).await?.pop())
}

/// A chat without any message.
pub(crate) async fn shown_flags(pool: &PgPool, own: &Own, address: &ChatAddress) -> Result<Chat, StoreError> {
    let row: Option<(bool, bool, bool, bool)> = sqlx::query_as(
        "SELECT is_archived, is_pinned, is_muted, marked_unread FROM sim_chat WHERE account_id = $1 AND owner = $2 AND chat = $3",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(address.as_str())
    .fetch_optional(pool)
    .await?;
    let (archived, pinned, muted, unread) = row.unwrap_or_default();
    Ok(Chat {
        address: address.clone(),
        name: address.to_string(),
        archived,
        pinned,
        marked_spam: false,
        mute: muted.then_some(Mute::Forever),
        unread: u32::from(unread),
        last_message_at: None,
        picture: None,
        announcement: false,
        lid: None,
    })
}

/// The newest message of a chat; 0 without any.
pub(crate) async fn newest(pool: &PgPool, own: &Own, address: &ChatAddress) -> Result<i64, StoreError> {
    let statement = match address.is_group() {
        true => "SELECT COALESCE(max(seq), 0) FROM sim_group_message WHERE account_id = $1 AND $2 <> '' AND group_id = $3",
        false => {
            "SELECT COALESCE(max(seq), 0) FROM sim_message
              WHERE ((sender = $2 AND recipient = $3) OR (sender = $3 AND recipient = $2)) AND (account_id = $1 OR recipient_account = $1)"
        }
    };
    Ok(sqlx::query_scalar(statement)
        .bind(own.account.as_uuid())
        .bind(own.number.as_str())
        .bind(address.as_str())
        .fetch_one(pool)
        .await?)
}

/// The place of a message that was received in a chat.
pub(crate) async fn received(
    pool: &PgPool,
    own: &Own,
    address: &ChatAddress,
    wire_id: &WireId,
) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT seq FROM sim_message WHERE sender = $3 AND wire_id = $4 AND recipient = $2 AND (account_id = $1 OR recipient_account = $1)",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(address.as_str())
    .bind(wire_id.as_str())
    .fetch_optional(pool)
    .await?)
}

/// Everything received in a chat up to `seq` is read now. Returns the sessions it was written through.
pub(crate) async fn mark_read(
    db: &mut PgConnection,
    own: &Own,
    address: &ChatAddress,
    seq: i64,
    now: Timestamp,
) -> Result<Vec<InstanceId>, StoreError> {
    let Some(writer) = address.phone().map(PhoneNumber::as_str) else { return Ok(vec![]) };
    let mut instances: Vec<Option<Uuid>> = sqlx::query_scalar(
        "UPDATE sim_message SET read_at = $5
          WHERE sender = $3 AND recipient = $2 AND seq <= $4 AND delivered_at IS NOT NULL AND read_at IS NULL
            AND (account_id = $1 OR recipient_account = $1) RETURNING instance_id",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(writer)
    .bind(seq)
    .bind(now)
    .fetch_all(db)
    .await?;
    instances.sort_unstable();
    instances.dedup();
    Ok(instances.into_iter().flatten().map(InstanceId::from_uuid).collect())
}

/// Changes what is `Some`.
pub(crate) async fn change(pool: &PgPool, own: &Own, address: &ChatAddress, flags: Flags) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_chat AS c (account_id, owner, chat, is_archived, is_pinned, is_muted, marked_unread, cleared_seq, deleted_seq)
         VALUES ($1, $2, $3, COALESCE($4, false), COALESCE($5, false), COALESCE($6, false), COALESCE($7, false), COALESCE($8, 0), $9)
         ON CONFLICT (account_id, owner, chat) DO UPDATE
            SET is_archived = COALESCE($4, c.is_archived), is_pinned = COALESCE($5, c.is_pinned), is_muted = COALESCE($6, c.is_muted),
                marked_unread = COALESCE($7, c.marked_unread), cleared_seq = COALESCE($8, c.cleared_seq),
                deleted_seq = COALESCE($9, c.deleted_seq)",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(address.as_str())
    .bind(flags.archived)
    .bind(flags.pinned)
    .bind(flags.muted)
    .bind(flags.marked_unread)
    .bind(flags.cleared)
    .bind(flags.deleted)
    .execute(pool)
    .await?;
    Ok(())
}
