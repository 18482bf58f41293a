//! `Chat`, whose types are inconsistent on purpose: clients know it so (plugzapi-api.md 2.8).

use recado_messaging::engine::directory::{Chat as Talk, Mute};
use serde::Serialize;
use utoipa::ToSchema;

/// One conversation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "phone": "5562988887777", "name": "Ana", "archived": "false", "pinned": "false", "isMarkedSpam": "false", "isMuted": "0",
    "unread": "2", "messagesUnread": 2, "lastMessageTime": "1781524800123", "muteEndTime": null, "profileThumbnail": null,
    "isGroup": false, "isGroupAnnouncement": false
}))]
pub struct Chat {
    phone: String,
    name: String,
    /// `"true"` or `"false"`, as text.
    archived: &'static str,
    pinned: &'static str,
    is_marked_spam: &'static str,
    /// `"0"` or `"1"`.
    is_muted: &'static str,
    /// A number as text.
    unread: String,
    /// The same as a number.
    messages_unread: u32,
    /// Unix milliseconds as text; `"0"` in an empty chat.
    last_message_time: String,
    /// Unix milliseconds as a number; -1 for ever, `null` when not muted.
    mute_end_time: Option<i64>,
    profile_thumbnail: Option<String>,
    is_group: bool,
    is_group_announcement: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    lid: Option<String>,
}

const fn word(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

impl Chat {
    /// As clients know it.
    #[must_use]
    pub fn of(talk: Talk) -> Self {
        Self {
            phone: talk.address.to_string(),
            name: talk.name,
            archived: word(talk.archived),
            pinned: word(talk.pinned),
            is_marked_spam: word(talk.marked_spam),
            is_muted: if talk.mute.is_some() { "1" } else { "0" },
            unread: talk.unread.to_string(),
            messages_unread: talk.unread,
            last_message_time: talk.last_message_at.map_or(0, |at| at.timestamp_millis()).to_string(),
            mute_end_time: talk.mute.map(|mute| match mute {
                Mute::Forever => -1,
                Mute::Until(at) => at.timestamp_millis(),
            }),
            profile_thumbnail: talk.picture,
            is_group: talk.address.is_group(),
            is_group_announcement: talk.announcement,
            lid: talk.lid,
        }
    }
}
