//! What the operator may decide about messaging.

use crate::domain::pacing::PacingPolicy;

/// Settings with the documented defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagingSettings {
    /// Address of the installation, without a slash at the end: links to received files begin with it.
    pub public_url: String,
    /// Permit `http://` and loopback webhook receivers (`RECADO_ALLOW_LOCAL_WEBHOOKS=1`): local work and tests only.
    pub allow_local_webhooks: bool,
    /// Length of the trial in hours (issue 2: 2 days, to the second).
    pub trial_hours: i64,
    /// How long a cancelled subscription stays usable, in days (plugzapi-api.md 2.12).
    pub cancel_grace_days: i64,
    /// The plan of a subscription that names none.
    pub plan: String,
    /// Messages that may wait while an instance is disconnected (plugzapi-api.md 4).
    pub disconnected_queue_limit: i64,
    /// Gaps between messages.
    pub pacing: PacingPolicy,
    /// How long the text of an incoming message is kept for its webhooks, in hours.
    pub incoming_retention_hours: i64,
}

impl Default for MessagingSettings {
    fn default() -> Self {
        Self {
            public_url: "http://localhost".to_owned(),
            allow_local_webhooks: false,
            trial_hours: 48,
            cancel_grace_days: 30,
            plan: "PRO".to_owned(),
            disconnected_queue_limit: 1_000,
            pacing: PacingPolicy::default(),
            incoming_retention_hours: 72,
        }
    }
}
