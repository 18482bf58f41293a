//! Callbacks that follow from no stored event: presence, calls, group notices, messages we marked read. They are ordered together with whatever
//! durable work goes with them, in one transaction; ids derive from the engine's key, so a repeat orders nothing new.

use recado_event_store::{NewWork, StoreError, work};
use recado_kernel::{AccountId, Cause, InstanceId, Timestamp};
use uuid::Uuid;

use super::callback::{Callback, Order};
use super::log::{self, NewDelivery};
use super::target;
use crate::Messaging;
use crate::domain::instance::WebhookKind;
use crate::use_cases::EngineFact;

/// What is to be told about one fact.
pub(crate) struct Telling {
    account: AccountId,
    instance: InstanceId,
    key: String,
    at: Timestamp,
    cause: Option<Cause>,
    lane: String,
    callbacks: Vec<(WebhookKind, Callback)>,
    /// What is to be done besides.
    pub work: Vec<NewWork>,
}

impl Telling {
    /// About an engine's fact; tellings with the same `lane` stay in order.
    pub(crate) fn of(fact: &EngineFact, lane: String) -> Self {
        Self {
            account: fact.account,
            instance: fact.instance,
            key: format!("{}/{}", fact.engine, fact.key),
            at: fact.at,
            cause: fact.cause,
            lane,
            callbacks: vec![],
            work: vec![],
        }
    }

    /// One more callback.
    pub(crate) fn add(&mut self, url_of: WebhookKind, callback: Callback) {
        self.callbacks.push((url_of, callback));
    }
}

impl Messaging {
    /// Orders the deliveries and the work. Nothing is ordered for URLs that are not set.
    pub(crate) async fn tell(&self, telling: Telling) -> Result<(), StoreError> {
        let Telling { account, instance, key, at, cause, lane, callbacks, work } = telling;
        if callbacks.is_empty() && work.is_empty() {
            return Ok(());
        }
        let target = target::find(self.platform.pool(), account, instance).await?;
        let mut deliveries = Vec::with_capacity(callbacks.len());
        for (n, (url_of, callback)) in callbacks.into_iter().enumerate() {
            let Some(url) = target.as_ref().and_then(|target| target.webhooks.get(url_of)) else { continue };
            deliveries.push(NewDelivery {
                id: Uuid::new_v5(&instance.as_uuid(), format!("told/{key}/{n}").as_bytes()),
                account,
                instance,
                url: url.as_str().to_owned(),
                lane: format!("{instance}/{lane}"),
                order: Order { url_of, at, callback },
                cause,
            });
        }
        let mut transaction = self.platform.pool().begin().await?;
        log::enqueue(&mut transaction, &deliveries).await?;
        work::enqueue(&mut transaction, &work).await?;
        transaction.commit().await?;
        self.platform.log.ring();
        Ok(())
    }
}
