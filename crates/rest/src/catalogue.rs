//! The documented routes that are not built: they answer 501 by name, so that a client can tell "not here" from "mistyped"
//! (plugzapi-api.md 1.5 and 2.x). Building one means deleting its line.

use axum::routing::{MethodFilter, on};

use crate::RestError;
use crate::auth::Caller;
use crate::describe::Router;

/// Below `/instances/{instance}/token/{token}`: verb and path, as the reference writes them.
const UNBUILT: &[&str] = &[
    // 2.1 instance
    "PUT /update-auto-read-status",
    // 2.3 sending
    "POST /send-carousel",
    "POST /send-product",
    "POST /send-catalog",
    "POST /send-order",
    "POST /order-status-update",
    "POST /order-payment-update",
    "POST /send-event",
    "POST /send-edit-event",
    "POST /send-event-response",
    "POST /pin-message",
    "POST /send-newsletter-admin-invite",
    "POST /send-text-status",
    "POST /send-image-status",
    "POST /send-video-status",
    "POST /reply-status-text",
    "POST /reply-status-gif",
    "POST /reply-status-sticker",
    "POST /send-call",
    // 2.7 contacts
    "POST /contacts/{phone}/report",
    // 2.8 chats
    "POST /send-chat-expiration",
    "POST /chats/{phone}/notes",
    "GET /chat-messages/{phone}",
    // 2.11 catalog
    "GET /catalogs",
    "POST /catalogs",
    "GET /catalogs/{phone}",
    "POST /catalogs/{phone}",
    "POST /products",
    "GET /products/{id}",
    "DELETE /products/{id}",
    "POST /catalogs/config",
    "GET /catalogs/collection",
    "POST /catalogs/collection",
    "POST /catalogs/collection-edit/{id}",
    "DELETE /catalogs/collection/{id}",
    "GET /catalogs/collection-products/{phone}",
    "POST /catalogs/collection/add-product",
    "POST /catalogs/collection/remove-product",
    // 2.11 business profile
    "GET /business/profile",
    "POST /business/company-description",
    "POST /business/company-email",
    "POST /business/company-address",
    "POST /business/company-websites",
    "POST /business/hours",
    "POST /business/categories",
    "GET /business/available-categories",
    // 2.11 privacy
    "GET /privacy/disallowed-contacts",
    "POST /privacy/last-seen",
    "POST /privacy/photo",
    "POST /privacy/description",
    "POST /privacy/group-add",
    "POST /privacy/online",
    "POST /privacy/read-receipts",
    "POST /privacy/messages-duration",
    // 2.11 communities
    "GET /communities",
    "POST /communities",
    "GET /communities-metadata/{id}",
    "POST /communities/link",
    "POST /communities/unlink",
    "POST /communities/settings",
    "DELETE /communities/{id}",
    "POST /update-community-description",
    "POST /update-community-photo",
    // 2.11 channels
    "POST /create-newsletter",
    "GET /newsletter",
    "GET /newsletter/metadata/{id}",
    "POST /update-newsletter-name",
    "POST /update-newsletter-description",
    "POST /update-newsletter-picture",
    "POST /newsletter/settings/{id}",
    "POST /newsletter/accept-admin-invite/{id}",
    "POST /newsletter/remove-admin/{id}",
    "POST /newsletter/revoke-admin-invite/{id}",
    "POST /newsletter/transfer-ownership/{id}",
    "PUT /follow-newsletter",
    "PUT /unfollow-newsletter",
    "PUT /mute-newsletter",
    "PUT /unmute-newsletter",
    "DELETE /delete-newsletter",
    "POST /search-newsletter",
    // 2.11 mobile registration
    "POST /mobile/registration-available",
    "POST /mobile/request-registration-code",
    "POST /mobile/respond-captcha",
    "POST /mobile/confirm-registration-code",
    "POST /mobile/request-unbanning",
    "POST /mobile/confirm-pin-code",
    "POST /mobile/recovery-pin-code",
    "GET /security/email",
    "POST /security/email",
    "POST /security/email/remove",
    "POST /security/email/verify-email",
    "GET /security/two-fa-code",
    "POST /security/two-fa-code",
    "POST /security/two-fa-code/remove",
    // 2.11 calls
    "GET /call-token",
    "POST /sip-token",
    "GET /sip-info",
    // 6 open points: newer routes known only by name
    "PUT /webhooks/update-filters",
    "POST /webhooks/update-filters",
    "GET /instance/extension-token",
];

/// The one that partners alone may ask for (`routes::integrator`).
const PARTNERS: &str = "PUT /integrator/on-demand/subscription/update";

/// Everything documented that answers 501: verb and path below the instance.
#[must_use]
pub fn unbuilt() -> Vec<&'static str> {
    UNBUILT.iter().copied().chain([PARTNERS]).collect()
}

/// All of [`UNBUILT`], each answering 501 to an authenticated caller.
#[must_use]
pub fn routes() -> Router {
    UNBUILT.iter().fold(Router::new(), |router, &name| {
        let (verb, path) = name.split_once(' ').unwrap_or(("GET", name));
        let refuse = move |_: Caller| async move { RestError::NotImplemented(name) };
        router.route(&format!("{}{path}", crate::routes::INSTANCE), on(filter(verb), refuse))
    })
}

fn filter(verb: &str) -> MethodFilter {
    match verb {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_verb_and_a_path_and_stands_once() {
        let mut seen = std::collections::HashSet::new();
        for line in UNBUILT {
            let (verb, path) = line.split_once(' ').unwrap_or_default();
            assert!(["GET", "POST", "PUT", "DELETE"].contains(&verb) && path.starts_with('/'), "{line}");
            assert!(seen.insert(line), "{line} stands twice");
        }
        // Building the router checks that no two paths conflict.
        drop(routes());
    }
}
