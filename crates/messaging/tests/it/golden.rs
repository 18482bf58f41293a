//! Events are for ever: what version 1 has ever written must decode, whatever is added later. Lines are added here, never changed.

use recado_messaging::{InstanceEvent, MessageEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const ACCOUNT: &str = "019a0000-0000-7000-8000-000000000001";
const INSTANCE: &str = "019a0000-0000-7000-8000-000000000002";

/// Decodes each and gets the same words back, apart from fields that were added with a default.
fn reads<E: DeserializeOwned + Serialize>(stored: &[Value]) {
    for event in stored {
        let decoded = serde_json::from_value::<E>(event.clone());
        assert!(decoded.is_ok(), "{event}: {:?}", decoded.err());
        let decoded = decoded.unwrap();
        let again = serde_json::to_value(decoded).unwrap();
        for (field, value) in event.as_object().unwrap() {
            assert_eq!(&again[field], value, "{field} of {event}");
        }
    }
}

#[test]
fn instance_events_of_version_1() {
    let webhooks = json!({ "received": "https://example.com/r", "received_delivery": null, "delivery": null, "message_status": null,
        "connected": null, "disconnected": null, "presence": null });
    let settings = json!({ "disable_enqueue_when_disconnected": true, "call_reject_auto": false, "call_reject_message": null,
        "auto_read_message": false, "auto_read_status": false });
    reads::<InstanceEvent>(&[
        json!({ "type": "instance.created", "account": ACCOUNT, "name": "Loja", "trial_ends_at": "2026-10-07T12:00:00Z",
            "token_protected": "p", "token_digest": "d", "webhook_secret_protected": "s" }),
        json!({ "type": "instance.renamed", "name": "Padaria" }),
        json!({ "type": "instance.webhooks_changed", "webhooks": webhooks, "notify_sent_by_me": true }),
        json!({ "type": "instance.settings_changed", "settings": settings }),
        json!({ "type": "instance.pairing_started" }),
        json!({ "type": "instance.paired", "number": "seal", "number_digest": "d" }),
        json!({ "type": "instance.paired", "number": "seal", "number_digest": "d", "previous_digest": "e" }),
        json!({ "type": "instance.disconnected", "reason": "user", "released_digest": "d" }),
        json!({ "type": "instance.disconnected", "reason": "phone" }),
        json!({ "type": "instance.disconnected", "reason": "trial_expired" }),
        json!({ "type": "instance.disconnected", "reason": "service_ended" }),
        json!({ "type": "instance.disconnected", "reason": "connection_lost" }),
        json!({ "type": "instance.disconnected", "reason": "pairing_abandoned" }),
        json!({ "type": "instance.reconnected" }),
        json!({ "type": "instance.restarted" }),
        json!({ "type": "instance.subscribed", "plan": "PRO" }),
        json!({ "type": "instance.subscription_cancelled", "ends_at": "2026-11-07T12:00:00Z" }),
        json!({ "type": "instance.trial_expired" }),
        json!({ "type": "instance.service_ended" }),
        json!({ "type": "instance.token_rotated", "token_protected": "p", "token_digest": "d" }),
    ]);
}

#[test]
fn message_events_of_version_1() {
    reads::<MessageEvent>(&[
        json!({ "type": "message.accepted", "account": ACCOUNT, "instance": INSTANCE, "wire_id": "3EB0A1C9D2E47F0B6C18", "kind": "text",
            "chat": "seal", "chat_digest": "d", "size": 7, "digest": "e", "delay_message": null, "delay_typing": 0, "custom_id": null }),
        json!({ "type": "message.accepted", "account": ACCOUNT, "instance": INSTANCE, "wire_id": "3EB0A1C9D2E47F0B6C18", "kind": "text",
            "chat": "seal", "chat_digest": "d", "size": 7, "digest": "e", "delay_message": 15, "delay_typing": 3,
            "custom_id": "pedido-7", "reply_to": "3EB0A1C9D2E47F0B6C19" }),
        json!({ "type": "message.sending", "attempt": 1 }),
        json!({ "type": "message.sent" }),
        json!({ "type": "message.received" }),
        json!({ "type": "message.read" }),
        json!({ "type": "message.refused", "reason": "not_on_whatsapp" }),
        json!({ "type": "message.cancelled" }),
        json!({ "type": "message.uncertain", "reason": "no_answer" }),
        json!({ "type": "message.incoming", "account": ACCOUNT, "instance": INSTANCE, "wire_id": "3EB0A1C9D2E47F0B6C18", "kind": "text",
            "chat": "seal", "chat_digest": "d", "size": 7, "digest": "e" }),
    ]);
}
