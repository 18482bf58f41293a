//! What may be asked of an instance.

use recado_kernel::{AccountId, Name, Sealed, Timestamp};

use super::{DisconnectReason, InstanceSettings, SettingsChange, WebhookChange};

/// One request with its circumstances.
#[derive(Debug, Clone)]
pub struct InstanceCommand {
    /// Who owns the instance; another account's instance is "not found".
    pub account: AccountId,
    /// Now.
    pub at: Timestamp,
    /// What is wanted.
    pub action: InstanceAction,
}

/// What is wanted. A request that finds its work done writes no event.
#[derive(Debug, Clone)]
pub enum InstanceAction {
    /// Begin to exist.
    Create {
        /// Display name.
        name: Name,
        /// End of the trial.
        trial_ends_at: Timestamp,
        /// Token under the vault.
        token_protected: String,
        /// Its keyed digest.
        token_digest: String,
        /// Webhook secret under the vault.
        webhook_secret_protected: String,
    },
    /// Another display name.
    Rename {
        /// The new one.
        name: Name,
    },
    /// Other webhooks.
    ChangeWebhooks(WebhookChange),
    /// Other behaviour.
    ChangeSettings(InstanceSettings),
    /// Other behaviour in some respects.
    AdjustSettings(SettingsChange),
    /// Show a QR code.
    StartPairing,
    /// A phone scanned. The claim on the number is taken alongside.
    Pair {
        /// Sealed number.
        number: Sealed,
        /// Its keyed digest.
        number_digest: String,
    },
    /// The session ends, or has ended.
    Disconnect(DisconnectReason),
    /// The kept session is online again.
    Reconnect,
    /// Restart the session (no new QR code).
    Restart,
    /// Pay from now on.
    Subscribe {
        /// Plan name.
        plan: String,
    },
    /// Do not renew.
    CancelSubscription {
        /// When service ends.
        ends_at: Timestamp,
    },
    /// The trial's timer rang.
    ExpireTrial,
    /// The cancelled subscription's timer rang.
    EndService,
    /// Another token.
    RotateToken {
        /// Token under the vault.
        token_protected: String,
        /// Its keyed digest.
        token_digest: String,
    },
}
