//! `QueueItem`, with the capital letters clients know.

use recado_messaging::QueueItem as Waiting;
use serde::Serialize;
use utoipa::ToSchema;

/// One waiting message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(example = json!({
    "_id": "019A2C7755B1704E9D0F3B6A81C4E2D7", "ZaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7", "MessageId": "3EB0A1C9D2E47F0B6C18",
    "InstanceId": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "Phone": "5562988887777", "Message": "Bom dia!", "DelayMessage": -1,
    "DelayTyping": 0, "IsTrial": false, "Beta": false, "Created": 1_781_524_800_123_i64
}))]
pub struct QueueItem {
    #[serde(rename = "_id")]
    id: String,
    zaap_id: String,
    message_id: String,
    instance_id: String,
    phone: String,
    message: String,
    delay_message: i64,
    delay_typing: i64,
    is_trial: bool,
    beta: bool,
    created: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
}

impl QueueItem {
    /// As `GET /queue` lists it.
    #[must_use]
    pub fn of(waiting: &Waiting) -> Self {
        Self {
            id: waiting.message.zaap_id(),
            zaap_id: waiting.message.zaap_id(),
            message_id: waiting.wire_id.to_string(),
            instance_id: waiting.instance.public(),
            // Empty once the contact's data was erased.
            phone: waiting.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
            message: waiting.content.as_ref().map(|content| content.as_text().to_owned()).unwrap_or_default(),
            delay_message: waiting.delay_message.map_or(-1, i64::from),
            delay_typing: i64::from(waiting.delay_typing),
            is_trial: waiting.trial,
            beta: false,
            created: waiting.accepted_at.timestamp_millis(),
            created_at: None,
        }
    }

    /// As `POST /queue` lists it: with the time as text, too.
    #[must_use]
    pub fn with_created_at(waiting: &Waiting) -> Self {
        Self { created_at: Some(waiting.accepted_at.to_rfc3339()), ..Self::of(waiting) }
    }
}
