//! `ReceivedCallback` (plugzapi-api.md 3.3): what all kinds have in common.

use recado_kernel::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{json, kinds};
use crate::domain::message::{MediaRef, MessageContent};

/// What a `ReceivedCallback` says besides its constants.
pub(crate) struct ReceivedFacts<'a> {
    pub instance: &'a str,
    pub wire_id: &'a str,
    /// The chat.
    pub phone: &'a str,
    pub is_group: bool,
    pub connected_phone: &'a str,
    pub from_me: bool,
    /// The writer's name, or number.
    pub sender_name: &'a str,
    /// The group's name, where known.
    pub chat_name: Option<&'a str>,
    /// In a group: who wrote it.
    pub participant: Option<&'a str>,
    pub reply_to: Option<&'a str>,
    pub forwarded: bool,
    pub content: &'a MessageContent,
}

impl ReceivedFacts<'_> {
    /// Who acted: in a group its member, else the other side, or we.
    pub(super) fn author(&self) -> &str {
        if self.from_me { self.connected_phone } else { self.participant.unwrap_or(self.phone) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Received<'a> {
    r#type: &'static str,
    instance_id: &'a str,
    message_id: &'a str,
    phone: &'a str,
    connected_phone: &'a str,
    from_me: bool,
    from_api: bool,
    momment: i64,
    status: &'static str,
    chat_name: &'a str,
    sender_name: &'a str,
    sender_photo: Option<&'a str>,
    photo: Option<&'a str>,
    chat_lid: Option<&'a str>,
    sender_lid: Option<&'a str>,
    participant_phone: Option<&'a str>,
    participant_lid: Option<&'a str>,
    is_group: bool,
    is_newsletter: bool,
    broadcast: bool,
    is_edit: bool,
    is_status_reply: bool,
    waiting_message: bool,
    forwarded: bool,
    reference_message_id: Option<&'a str>,
    message_expiration_seconds: u32,
    /// The one key that says what kind it is.
    #[serde(flatten)]
    kind: Map<String, Value>,
}

/// The body. `link` makes the address of a file. An edit and a deletion carry the id of the message they change: receivers find it by that.
pub(crate) fn received(facts: &ReceivedFacts<'_>, link: &dyn Fn(&MediaRef) -> String, at: Timestamp) -> Vec<u8> {
    let edits = facts.content.edits();
    let changed = match facts.content {
        MessageContent::Revoke(content) => Some(&content.target),
        _ => edits,
    };
    let message_id = changed.map_or(facts.wire_id, recado_kernel::WireId::as_str);
    let chat_name = match (facts.chat_name, facts.is_group || facts.from_me) {
        (Some(name), _) => name,
        (None, true) => facts.phone,
        (None, false) => facts.sender_name,
    };
    json(&Received {
        r#type: "ReceivedCallback",
        instance_id: facts.instance,
        message_id,
        phone: facts.phone,
        connected_phone: facts.connected_phone,
        from_me: facts.from_me,
        from_api: facts.from_me,
        momment: at.timestamp_millis(),
        status: if facts.from_me { "SENT" } else { "RECEIVED" },
        chat_name,
        sender_name: facts.sender_name,
        sender_photo: None,
        photo: None,
        chat_lid: None,
        sender_lid: None,
        participant_phone: facts.participant,
        participant_lid: None,
        is_group: facts.is_group,
        is_newsletter: facts.phone.ends_with("@newsletter"),
        broadcast: facts.phone.ends_with("-broadcast"),
        is_edit: edits.is_some(),
        is_status_reply: false,
        waiting_message: false,
        forwarded: facts.forwarded || matches!(facts.content, MessageContent::Forward(_)),
        reference_message_id: facts.reply_to,
        message_expiration_seconds: 0,
        kind: kinds::of(facts, link, at),
    })
}
