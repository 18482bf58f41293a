//! Events are for ever: what version 1 has ever written must decode, whatever is added later. Lines are added here, never changed.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::account::AccountEvent;
use super::staff::StaffEvent;

const USER: &str = "019a0000-0000-7000-8000-000000000001";

/// Decodes each and gets the same words back, apart from fields that were added with a default.
fn reads<E: DeserializeOwned + Serialize>(stored: &[Value]) {
    for event in stored {
        let decoded = serde_json::from_value::<E>(event.clone());
        assert!(decoded.is_ok(), "{event}: {:?}", decoded.err());
        let again = serde_json::to_value(decoded.unwrap()).unwrap();
        for (field, value) in event.as_object().unwrap() {
            assert_eq!(&again[field], value, "{field} of {event}");
        }
    }
}

#[test]
fn account_events_of_version_1() {
    reads::<AccountEvent>(&[
        json!({ "type": "account.registered", "owner": USER, "name": "seal", "email": "seal", "email_digest": "d", "document": null,
            "locale": "pt-BR", "password_protected": "p", "client_token_protected": "c", "client_token_digest": "e",
            "partner_token_protected": "q", "partner_token_digest": "f" }),
        json!({ "type": "account.registration_repeated" }),
        json!({ "type": "account.verification_requested", "user": USER }),
        json!({ "type": "account.verified", "user": USER }),
        json!({ "type": "account.password_reset_requested", "user": USER }),
        json!({ "type": "account.password_changed", "user": USER, "password_protected": "p", "how": "changed", "kept_session": USER }),
        json!({ "type": "account.password_changed", "user": USER, "password_protected": "p", "how": "reset", "kept_session": null }),
        json!({ "type": "account.signed_in", "user": USER, "ip": "seal", "user_agent": null }),
        json!({ "type": "account.sign_in_locked", "user": USER, "until": "2026-10-05T12:15:00Z" }),
        json!({ "type": "account.client_token_activated" }),
        json!({ "type": "account.client_token_rotated", "token_protected": "p", "token_digest": "d" }),
        json!({ "type": "account.partner_token_rotated", "token_protected": "p", "token_digest": "d" }),
        json!({ "type": "account.profile_changed", "user": USER, "name": "seal", "document": "seal", "locale": "en" }),
        json!({ "type": "account.support_viewed", "what": "timeline" }),
    ]);
}

#[test]
fn staff_events_of_version_1() {
    reads::<StaffEvent>(&[
        json!({ "type": "staff.created", "email": "seal", "email_digest": "d", "role": "support", "locale": "pt-BR",
            "password_protected": "p" }),
        json!({ "type": "staff.password_reset_requested" }),
        json!({ "type": "staff.password_changed", "password_protected": "p", "how": "changed", "kept_session": null }),
        json!({ "type": "staff.signed_in", "ip": null, "user_agent": "seal" }),
        json!({ "type": "staff.sign_in_locked", "until": "2026-10-05T12:15:00Z" }),
    ]);
}
