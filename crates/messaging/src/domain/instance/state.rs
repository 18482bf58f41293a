//! The aggregate.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, Sealed};
use serde::{Deserialize, Serialize};

use super::{InstanceCommand, InstanceError, InstanceEvent, InstanceSettings, ServiceTerms, Subscription, Webhooks};

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
}

impl Instance {
    /// Does it exist and belong to `account`?
    #[must_use]
    pub fn belongs_to(&self, account: AccountId) -> bool {
        self.account == Some(account)
    }
}

impl Aggregate for Instance {
    const TYPE: &'static str = "instance";
    type Command = InstanceCommand;
    type Event = InstanceEvent;
    type Error = InstanceError;
    type Services = ();

    async fn handle(&mut self, command: InstanceCommand, _: &(), sink: &EventSink<Self>) -> Result<(), InstanceError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: InstanceEvent) {
        match event {
            InstanceEvent::Created { account, name, trial_ends_at, token_protected, token_digest, webhook_secret_protected } => {
                *self = Self {
                    account: Some(account),
                    name,
                    terms: ServiceTerms { trial_ends_at, ..ServiceTerms::default() },
                    token_protected,
                    token_digest,
                    webhook_secret_protected,
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
            InstanceEvent::TokenRotated { token_protected, token_digest } => {
                self.token_protected = token_protected;
                self.token_digest = token_digest;
            }
        }
    }
}
