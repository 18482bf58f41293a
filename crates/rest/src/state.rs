//! What every handler is given.

use std::sync::Arc;

use recado_accounts::Accounts;
use recado_event_store::Platform;
use recado_messaging::Messaging;
use tokio::sync::watch;

use crate::RestSettings;
use crate::body::LargeBodies;
use crate::limit::RateLimit;

/// The use cases and settings behind the API. Cheap to clone.
#[derive(Clone)]
pub struct RestState {
    /// Tokens of accounts.
    pub accounts: Accounts,
    /// Instances and messages.
    pub messaging: Messaging,
    /// Time.
    pub platform: Platform,
    /// What the operator set.
    pub settings: Arc<RestSettings>,
    /// Buckets of this process.
    pub limit: Arc<RateLimit>,
    /// Room for large bodies in this process's memory.
    pub large_bodies: Arc<LargeBodies>,
    /// Turns `true` when the server stops, so that open streams end.
    pub stopping: watch::Receiver<bool>,
}

impl RestState {
    /// The state of one process.
    #[must_use]
    pub fn new(accounts: Accounts, messaging: Messaging, settings: RestSettings) -> Self {
        let limit = Arc::new(RateLimit::new(&settings));
        let platform = messaging.platform().clone();
        Self {
            accounts,
            messaging,
            platform,
            settings: Arc::new(settings),
            limit,
            large_bodies: Arc::default(),
            stopping: watch::channel(false).1,
        }
    }

    /// Streams end when `stopping` turns `true`.
    #[must_use]
    pub fn stopping_with(mut self, stopping: watch::Receiver<bool>) -> Self {
        self.stopping = stopping;
        self
    }
}
