//! The bodies, exactly (plugzapi-api.md 3.2 to 3.8): `momment` always and in milliseconds, no kind of message as `null`, phones as text.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#[path = "tests.rs"]
mod kind_tests;
mod kinds;
mod received;

use recado_kernel::Timestamp;
use serde::Serialize;

pub(crate) use received::{ReceivedFacts, received};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delivery<'a> {
    r#type: &'static str,
    instance_id: &'a str,
    phone: &'a str,
    zaap_id: &'a str,
    message_id: &'a str,
    momment: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageStatus<'a> {
    r#type: &'static str,
    instance_id: &'a str,
    status: &'a str,
    ids: [&'a str; 1],
    momment: i64,
    phone_device: u32,
    phone: &'a str,
    is_group: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Connected<'a> {
    r#type: &'static str,
    connected: bool,
    phone: &'a str,
    momment: i64,
    instance_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Disconnected<'a> {
    r#type: &'static str,
    disconnected: bool,
    error: &'static str,
    momment: i64,
    instance_id: &'a str,
}

/// The sentence behind a stored reason of refusal, and its `errorCode` where one is documented (plugzapi-api.md 3.6).
fn refusal(reason: &str) -> (&str, Option<&'static str>) {
    match reason {
        "not_on_whatsapp" => ("Phone number does not have WhatsApp", None),
        "restricted" => ("WhatsApp is restricting this number for now", Some("SHADOW_BAN")),
        "unsupported_chat" => ("This kind of chat is not supported", None),
        "unsupported_kind" => ("This kind of message is not supported", None),
        "unknown_target" => ("Message not found", None),
        "media_unreachable" => ("The media could not be fetched", None),
        "media_too_large" => ("The media could not be fetched: it is too large", None),
        "media_wrong_type" => ("The media could not be fetched: it is of another type", None),
        "media_not_stored" => ("The media could not be stored", None),
        other => (other, None),
    }
}

/// Who and what a callback about one of our messages is about.
pub(crate) struct SentFacts<'a> {
    pub instance: &'a str,
    pub phone: &'a str,
    pub is_group: bool,
    pub zaap_id: &'a str,
    pub wire_id: &'a str,
    pub custom_id: Option<&'a str>,
}

pub(crate) fn delivery(facts: &SentFacts<'_>, refused: Option<&str>, at: Timestamp) -> Vec<u8> {
    let (error, error_code) = refused.map(refusal).map_or((None, None), |(error, code)| (Some(error), code));
    json(&Delivery {
        r#type: "DeliveryCallback",
        instance_id: facts.instance,
        phone: facts.phone,
        zaap_id: facts.zaap_id,
        message_id: facts.wire_id,
        momment: at.timestamp_millis(),
        error,
        error_code,
        custom_id: facts.custom_id,
    })
}

pub(crate) fn message_status(facts: &SentFacts<'_>, status: &str, at: Timestamp) -> Vec<u8> {
    json(&MessageStatus {
        r#type: "MessageStatusCallback",
        instance_id: facts.instance,
        status,
        ids: [facts.wire_id],
        momment: at.timestamp_millis(),
        phone_device: 0,
        phone: facts.phone,
        is_group: facts.is_group,
    })
}

pub(crate) fn connected(instance: &str, phone: &str, at: Timestamp) -> Vec<u8> {
    json(&Connected {
        r#type: "ConnectedCallback",
        connected: true,
        phone,
        momment: at.timestamp_millis(),
        instance_id: instance,
    })
}

pub(crate) fn disconnected(instance: &str, at: Timestamp) -> Vec<u8> {
    json(&Disconnected {
        r#type: "DisconnectedCallback",
        disconnected: true,
        error: "Device has been disconnected",
        momment: at.timestamp_millis(),
        instance_id: instance,
    })
}

/// Texts, numbers and flags always serialise.
fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn at() -> Timestamp {
        Timestamp::from_timestamp_millis(1_781_524_802_456).unwrap()
    }

    fn read(body: &[u8]) -> Value {
        serde_json::from_slice(body).unwrap()
    }

    fn facts(custom_id: Option<&'static str>) -> SentFacts<'static> {
        let (instance, zaap_id) = ("5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "019A2C7755B1704E9D0F3B6A81C4E2D7");
        SentFacts { instance, phone: "5562988887777", is_group: false, zaap_id, wire_id: "3EB0A1C9D2E47F0B6C18", custom_id }
    }

    #[test]
    fn the_delivery_is_the_reference_s_example() {
        let expected = json!({ "type": "DeliveryCallback", "instanceId": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "phone": "5562988887777",
            "zaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7", "messageId": "3EB0A1C9D2E47F0B6C18", "momment": 1_781_524_802_456_i64 });
        assert_eq!(read(&delivery(&facts(None), None, at())), expected);
    }

    #[test]
    fn a_refusal_names_its_error_and_the_client_s_own_id_comes_back() {
        let body = read(&delivery(&facts(Some("pedido-7")), Some("not_on_whatsapp"), at()));
        assert_eq!(body["error"], "Phone number does not have WhatsApp");
        assert_eq!(body["customId"], "pedido-7");
        assert!(body.get("errorCode").is_none());
        assert_eq!(read(&delivery(&facts(None), Some("restricted"), at()))["errorCode"], "SHADOW_BAN");
    }

    #[test]
    fn statuses_carry_a_list_of_ids() {
        let expected = json!({ "type": "MessageStatusCallback", "instanceId": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "status": "READ",
            "ids": ["3EB0A1C9D2E47F0B6C18"], "momment": 1_781_524_802_456_i64, "phoneDevice": 0, "phone": "5562988887777",
            "isGroup": false });
        assert_eq!(read(&message_status(&facts(None), "READ", at())), expected);
    }

    #[test]
    fn connection_changes_are_the_reference_s_examples() {
        let expected = json!({ "type": "ConnectedCallback", "connected": true, "phone": "5562933334444",
            "momment": 1_781_524_802_456_i64, "instanceId": "5B" });
        assert_eq!(read(&connected("5B", "5562933334444", at())), expected);
        let expected = json!({ "type": "DisconnectedCallback", "disconnected": true, "error": "Device has been disconnected",
            "momment": 1_781_524_802_456_i64, "instanceId": "5B" });
        assert_eq!(read(&disconnected("5B", at())), expected);
    }
}
