//! Reactions to events: sessions follow their instance, messages go out, webhooks are delivered.

mod auto_read;
pub(crate) mod calls;
mod fetch;
mod send;
mod sessions;

use std::sync::Arc;

use recado_event_store::{Projection, WorkHandler};

use crate::Messaging;
use crate::webhooks::deliver::WebhookDelivery;
use crate::webhooks::outbox::WebhookOutbox;

/// Reactors that turn events into durable work.
pub(crate) fn projections(_: &Messaging) -> Vec<Arc<dyn Projection>> {
    vec![Arc::new(sessions::SessionOrders), Arc::new(WebhookOutbox), Arc::new(auto_read::AutoReadOrders)]
}

/// Handlers of that work. Without an engine (the command line beside a running server) the work of sessions is left to those who have one.
pub(crate) fn handlers(messaging: &Messaging) -> Vec<Arc<dyn WorkHandler>> {
    let mut all: Vec<Arc<dyn WorkHandler>> = vec![Arc::new(WebhookDelivery::new(messaging.clone()))];
    if let Some(engine) = &messaging.engine {
        all.push(Arc::new(send::Sender::new(messaging.clone(), engine.clone())));
        all.push(Arc::new(auto_read::AutoReader::new(messaging.clone(), engine.clone())));
        all.push(Arc::new(calls::CallDesk::new(messaging.clone(), engine.clone())));
        all.push(Arc::new(sessions::SessionKeeper::new(messaging.clone(), engine.clone())));
    }
    all
}
