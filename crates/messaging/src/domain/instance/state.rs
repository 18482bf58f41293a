//! The aggregate.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, Sealed, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    DeviceWish, InstanceAction, InstanceCommand, InstanceError, InstanceEvent, InstanceSettings, ServiceTerms, Subscription,
    Webhooks,
};

/// Where the session stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// No linked number.
    #[default]
    Disconnected,
    /// A QR code is shown.
    Pairing,
    /// Online.
    Connected,
    /// The connection broke; the link is kept and can be restored.
    Lost,
}

impl Connection {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::Pairing => "pairing",
            Self::Connected => "connected",
            Self::Lost => "lost",
        }
    }

    /// Reads the stored name; anything unknown is "disconnected".
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "pairing" => Self::Pairing,
            "connected" => Self::Connected,
            "lost" => Self::Lost,
            _ => Self::Disconnected,
        }
    }
}

/// One instance as its events tell.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Instance {
    /// `None` until it is created.
    pub account: Option<AccountId>,
    /// Display name.
    pub name: String,
    /// Trial and subscription.
    pub terms: ServiceTerms,
    /// The session.
    pub connection: Connection,
    /// The number, as long as it is linked (and its claim held).
    pub number: Option<Sealed>,
    /// Its digest.
    pub number_digest: Option<String>,
    /// Webhook URLs.
    pub webhooks: Webhooks,
    /// "Enviadas por mim".
    pub notify_sent_by_me: bool,
    /// Behaviour.
    pub settings: InstanceSettings,
    /// Does somebody want the queue to wait?
    #[serde(default)]
    pub queue_paused: bool,
    /// REST token under the vault.
    pub token_protected: String,
    /// Its keyed digest.
    pub token_digest: String,
    /// Webhook secret under the vault.
    pub webhook_secret_protected: String,
    /// The secret before it, while both sign.
    #[serde(default)]
    pub previous_webhook_secret: Option<PreviousSecret>,
    /// The device asked for at birth.
    #[serde(default)]
    pub device: DeviceWish,
    /// Gone for good.
    #[serde(default)]
    pub deleted: bool,
}

/// A webhook secret that was replaced and signs beside its successor for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// Under the vault.
    pub protected: String,
    /// Until when.
    pub until: Timestamp,
}

impl Instance {
    /// Does it (still) exist and belong to `account`?
    #[must_use]
    pub fn belongs_to(&self, account: AccountId) -> bool {
        self.account == Some(account) && !self.deleted
    }
}

impl Aggregate for Instance {
    const TYPE: &'static str = "instance";
    type Command = InstanceCommand;
    type Event = InstanceEvent;
    type Error = InstanceError;
    type Services = ();

    async fn handle(&mut self, command: InstanceCommand, _: &(), sink: &EventSink<Self>) -> Result<(), InstanceError> {
        let InstanceCommand { account, at, action } = command;
        let actions = match action {
            InstanceAction::All(actions) => actions,
            one => vec![one],
        };
        for action in actions {
            for event in self.decide(InstanceCommand { account, at, action })? {
                sink.write(event, self).await;
            }
        }
        Ok(())
    }

    fn apply(&mut self, event: InstanceEvent) {
        match event {
            InstanceEvent::Created {
                account,
                name,
                trial_ends_at,
                token_protected,
                token_digest,
                webhook_secret_protected,
                device,
            } => {
                *self = Self {
                    account: Some(account),
                    name,
                    terms: ServiceTerms { trial_ends_at, ..ServiceTerms::default() },
                    token_protected,
                    token_digest,
                    webhook_secret_protected,
                    device,
                    ..Self::default()
                };
            }
            InstanceEvent::Renamed { name } => self.name = name,
            InstanceEvent::WebhooksChanged { webhooks, notify_sent_by_me } => {
                self.webhooks = webhooks;
                self.notify_sent_by_me = notify_sent_by_me;
            }
            InstanceEvent::SettingsChanged { settings } => self.settings = settings,
            InstanceEvent::PairingStarted {} => self.connection = Connection::Pairing,
            InstanceEvent::Paired { number, number_digest, .. } => {
                self.connection = Connection::Connected;
                self.number = Some(number);
                self.number_digest = Some(number_digest);
            }
            InstanceEvent::Disconnected { reason, released_digest } => {
                if released_digest.is_some() {
                    self.number = None;
                    self.number_digest = None;
                }
                let kept = self.number_digest.is_some() || reason.keeps_link();
                self.connection = if kept { Connection::Lost } else { Connection::Disconnected };
            }
            InstanceEvent::Reconnected {} => self.connection = Connection::Connected,
            InstanceEvent::Restarted {} => {}
            InstanceEvent::QueuePaused {} => self.queue_paused = true,
            InstanceEvent::QueueResumed {} => self.queue_paused = false,
            InstanceEvent::Subscribed { plan } => self.terms.subscription = Subscription::Active { plan },
            InstanceEvent::SubscriptionCancelled { ends_at } => {
                let plan = match std::mem::take(&mut self.terms.subscription) {
                    Subscription::Active { plan } | Subscription::Cancelling { plan, .. } => plan,
                    Subscription::None | Subscription::Ended { .. } => String::new(),
                };
                self.terms.subscription = Subscription::Cancelling { plan, ends_at };
            }
            InstanceEvent::TrialExpired {} => self.terms.trial_expired = true,
            InstanceEvent::ServiceEnded {} => {
                if let Subscription::Cancelling { ends_at, .. } = self.terms.subscription {
                    self.terms.subscription = Subscription::Ended { ended_at: ends_at };
                }
            }
            InstanceEvent::WebhookSecretRotated { secret_protected, previous_until } => {
                let replaced = std::mem::replace(&mut self.webhook_secret_protected, secret_protected);
                self.previous_webhook_secret = Some(PreviousSecret { protected: replaced, until: previous_until });
            }
            InstanceEvent::WebhookSecretRetired {} => self.previous_webhook_secret = None,
            InstanceEvent::Suspended {} => self.terms.suspended = true,
            InstanceEvent::Reactivated {} => self.terms.suspended = false,
            InstanceEvent::Deleted { .. } => self.deleted = true,
            InstanceEvent::TokenRotated { token_protected, token_digest } => {
                self.token_protected = token_protected;
                self.token_digest = token_digest;
            }
        }
    }
}
