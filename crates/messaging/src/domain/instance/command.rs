//! What may be asked of an instance.

use recado_kernel::{AccountId, Name, Sealed, Timestamp};

use super::{DeletionReason, DeviceWish, DisconnectReason, InstanceSettings, SettingsChange, WebhookChange};

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
    /// All of these or, if one is refused, none.
    All(Vec<InstanceAction>),
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
        /// What device was asked for.
        device: DeviceWish,
        /// Webhooks at birth.
        webhooks: WebhookChange,
        /// Behaviour at birth.
        settings: InstanceSettings,
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
    /// Let the queue wait until somebody resumes it.
    PauseQueue,
    /// Let a paused queue go on.
    ResumeQueue,
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
    /// Another webhook secret; the one before it keeps signing beside it for a while.
    RotateWebhookSecret {
        /// The new one under the vault.
        secret_protected: String,
        /// Until when both sign.
        previous_until: Timestamp,
    },
    /// Only the newest webhook secret signs from now on.
    RetireWebhookSecret,
    /// Stop until an invoice is paid: the link is kept, nothing is sent or received.
    Suspend,
    /// Go on after [`Self::Suspend`].
    Reactivate,
    /// The deletion's timer rang: only an instance that nobody pays for is deleted.
    DeleteUnpaid {
        /// The end of trial or service the timer is about.
        ended_at: Timestamp,
    },
    /// Delete it, whatever its state.
    Delete(DeletionReason),
    /// Another token.
    RotateToken {
        /// Token under the vault.
        token_protected: String,
        /// Its keyed digest.
        token_digest: String,
    },
}
