//! What travels beside a body (plugzapi-api.md 3.1, Standard Webhooks 1.0.0).
//!
//! | Header | Says |
//! |---|---|
//! | `x-token` | the newest webhook secret |
//! | `x-recado-signature` | `sha256=` and the digest of the raw body under the newest secret |
//! | `x-recado-signature-previous` | the same under the secret before it, while both sign |
//! | `webhook-id` | the delivery's id, the same on every repeat |
//! | `webhook-timestamp` | this attempt, Unix seconds |
//! | `webhook-signature` | `v1,…` over id, timestamp and raw body; two of them, the newest first, while both sign |
//! | `z-api-token` | the instance's token, only where its owner asked for it |

use recado_event_store::StoreError;
use recado_kernel::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::target::Target;
use super::{sign, sign_standard};
use crate::{Messaging, MessagingError, TOKEN_PURPOSE, WEBHOOK_SECRET_PURPOSE};

/// The secrets that sign at `now`, the newest first.
fn secrets(messaging: &Messaging, target: &Target, now: Timestamp) -> Result<Vec<String>, StoreError> {
    let vault = &messaging.platform.vault;
    let previous = target.previous_secret.as_ref().filter(|previous| previous.until > now);
    let protected = std::iter::once(&target.secret_protected).chain(previous.map(|previous| &previous.protected));
    protected.map(|secret| vault.reveal(WEBHOOK_SECRET_PURPOSE, secret)).collect()
}

/// The headers of one attempt at `now`.
pub(super) async fn of(
    messaging: &Messaging,
    target: &Target,
    delivery: Uuid,
    body: &[u8],
    now: Timestamp,
) -> Result<HeaderMap, MessagingError> {
    let secrets = secrets(messaging, target, now)?;
    let (id, seconds) = (delivery.to_string(), now.timestamp());
    let standard: Vec<String> = secrets.iter().map(|secret| sign_standard(secret, &id, seconds, body)).collect();
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, text: &str| {
        let value = HeaderValue::from_str(text).map_err(|_| StoreError::Unreadable(format!("{name} is no header value")))?;
        headers.insert(HeaderName::from_static(name), value);
        Ok::<_, StoreError>(())
    };
    put("webhook-id", &id)?;
    put("webhook-timestamp", &seconds.to_string())?;
    put("webhook-signature", &standard.join(" "))?;
    for (secret, name) in secrets.iter().zip(["x-recado-signature", "x-recado-signature-previous"]) {
        put(name, &sign(secret, body))?;
    }
    put("x-token", secrets.first().map_or("", String::as_str))?;
    if target.webhooks.send_instance_token {
        let known = messaging.find_instance(target.instance).await?.filter(|view| view.account == target.account);
        if let Some(view) = known {
            put("z-api-token", &messaging.platform.vault.reveal(TOKEN_PURPOSE, &view.token_protected)?)?;
        }
    }
    Ok(headers)
}
