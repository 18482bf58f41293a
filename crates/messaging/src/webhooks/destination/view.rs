//! What people are shown of receivers.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, Timestamp};

use super::{Destination, origin_of, row};
use crate::domain::instance::WebhookKind;
use crate::webhooks::target;
use crate::{Messaging, MessagingError};

/// How a receiver's circuit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// Calls go.
    Closed,
    /// Calls wait.
    Open,
    /// One call finds out.
    HalfOpen,
}

impl Circuit {
    /// The wire name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// One receiver of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestinationView {
    /// Scheme, host and port.
    pub origin: String,
    /// How it stands.
    pub circuit: Circuit,
    /// Failed calls in a row while closed.
    pub failures: u32,
    /// Since when it is open.
    pub since: Option<Timestamp>,
    /// When the next call finds out.
    pub retry_at: Option<Timestamp>,
}

impl Messaging {
    /// The receivers behind an instance's webhooks, each once.
    ///
    /// # Errors
    /// The database.
    pub async fn webhook_destinations(
        &self,
        account: AccountId,
        instance: InstanceId,
    ) -> Result<Vec<DestinationView>, MessagingError> {
        let pool = self.platform.pool();
        let now = self.platform.now();
        let mut views = vec![];
        for of in destinations_of(self, account, instance).await? {
            let breaker = row::find(pool, &of).await?;
            let circuit = match &breaker.open {
                None => Circuit::Closed,
                Some(open) if open.retry_at <= now || open.probe_until.is_some_and(|until| until > now) => Circuit::HalfOpen,
                Some(_) => Circuit::Open,
            };
            let (since, retry_at) = (breaker.open.as_ref().map(|open| open.since), breaker.open.map(|open| open.retry_at));
            views.push(DestinationView { origin: of.origin, circuit, failures: breaker.failures, since, retry_at });
        }
        Ok(views)
    }

    /// A person says that an instance's receivers are well again: each circuit that is open finds out with its next call.
    pub(crate) async fn hurry_destinations(&self, account: AccountId, instance: InstanceId) -> Result<(), StoreError> {
        let (pool, now) = (self.platform.pool(), self.platform.now());
        for of in destinations_of(self, account, instance).await? {
            if row::find(pool, &of).await?.open.is_some() {
                row::change(pool, &of, |breaker| breaker.hurry(now)).await?;
            }
        }
        Ok(())
    }
}

async fn destinations_of(
    messaging: &Messaging,
    account: AccountId,
    instance: InstanceId,
) -> Result<Vec<Destination>, StoreError> {
    let Some(target) = target::find(messaging.platform.pool(), account, instance).await? else { return Ok(vec![]) };
    let urls = WebhookKind::ALL.into_iter().filter_map(|kind| target.webhooks.get(kind));
    let mut origins: Vec<String> = urls.map(|url| origin_of(url.as_str())).collect();
    origins.sort();
    origins.dedup();
    Ok(origins.into_iter().map(|origin| Destination { account, origin }).collect())
}
