//! Reactor: instance and message events become webhook deliveries, each with its durable work. A repeat is harmless: ids derive from the
//! event. Which URL gets what: plugzapi-api.md 2.6; when nothing is sent any more: 3.1.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use recado_event_store::{Projection, ProjectionError, RecordedEvent, Vault};
use recado_kernel::{InstanceId, MessageId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::callback::{Callback, Order};
use super::facts::{self, MessageFacts};
use super::feed::{self, NewEntry};
use super::log::{self, NewDelivery};
use super::target::{self, Target};
use crate::domain::instance::{DisconnectReason, InstanceEvent, PreviousSecret, WebhookKind, Webhooks};
use crate::domain::message::MessageEvent;
use crate::media::MediaLibrary;

pub(crate) const NAME: &str = "webhook_outbox@1";
/// No event leads to more deliveries: delivery, status, and our own message.
pub(crate) const MOST_PER_EVENT: usize = 3;

/// The id of the `n`-th delivery that tells of `event`.
pub(crate) fn delivery_id(event: &RecordedEvent, n: usize) -> Uuid {
    event.derived_id(NAME, n)
}

/// The reactor.
pub(crate) struct WebhookOutbox;

#[async_trait]
impl Projection for WebhookOutbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "instance.created",
            "instance.webhooks_changed",
            "instance.webhook_secret_rotated",
            "instance.webhook_secret_retired",
            "instance.paired",
            "instance.reconnected",
            "instance.restarted",
            "instance.disconnected",
            "message.sent",
            "message.received",
            "message.read",
            "message.played",
            "message.refused",
            "message.incoming",
        ]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let messages: Vec<MessageId> = batch
            .iter()
            .filter(|e| e.aggregate_type == "message")
            .map(message_of)
            .collect::<Result<HashSet<_>, _>>()?
            .into_iter()
            .collect();
        let facts = facts::load(db, &messages).await?;
        let mut wanted: HashSet<Uuid> = facts.values().map(|facts| facts.instance.as_uuid()).collect();
        for event in batch.iter().filter(|e| e.aggregate_type == "instance") {
            wanted.insert(instance_of(event)?.as_uuid());
        }
        let wanted: Vec<Uuid> = wanted.into_iter().collect();
        let mut fold = Fold { targets: target::load(db, &wanted).await?, ..Fold::default() };
        for event in batch {
            if event.aggregate_type == "instance" {
                fold.instance(event)?;
            } else if let Some(facts) = facts.get(&message_of(event)?) {
                fold.message(event, facts)?;
            }
        }
        let changed: Vec<&Target> = fold.changed.iter().filter_map(|id| fold.targets.get(id)).collect();
        target::store(db, &changed).await?;
        feed::store(db, &fold.entries).await?;
        log::enqueue(db, &fold.deliveries).await?;
        Vault::erase_contents(db, &fold.unwanted).await?;
        MediaLibrary::abandon(db, &fold.unwanted).await?;
        Ok(())
    }
}

fn poison(event: &RecordedEvent, reason: &str) -> ProjectionError {
    ProjectionError::Poison { position: event.position.position, reason: reason.to_owned() }
}

fn message_of(event: &RecordedEvent) -> Result<MessageId, ProjectionError> {
    event.aggregate_id.parse().map_err(|_| poison(event, "not a message id"))
}

fn instance_of(event: &RecordedEvent) -> Result<InstanceId, ProjectionError> {
    event.aggregate_id.parse().map_err(|_| poison(event, "not an instance id"))
}

#[derive(Default)]
struct Fold {
    targets: HashMap<Uuid, Target>,
    changed: HashSet<Uuid>,
    deliveries: Vec<NewDelivery>,
    /// What the feed says, in order.
    entries: Vec<NewEntry>,
    /// Incoming content that nobody asked for.
    unwanted: Vec<Uuid>,
}

impl Fold {
    fn instance(&mut self, event: &RecordedEvent) -> Result<(), ProjectionError> {
        let id = instance_of(event)?.as_uuid();
        let happened: InstanceEvent = event.decode()?;
        if let InstanceEvent::Created { account, webhook_secret_protected, .. } = happened {
            let target = Target {
                account,
                instance: InstanceId::from_uuid(id),
                webhooks: Webhooks::default(),
                notify_sent_by_me: false,
                secret_protected: webhook_secret_protected,
                previous_secret: None,
                number: None,
                connected: false,
                silenced: false,
                feed_read_at: None,
            };
            self.targets.insert(id, target);
            self.changed.insert(id);
            return Ok(());
        }
        let target = self.targets.get_mut(&id).ok_or_else(|| poison(event, "an instance that was never created"))?;
        let mut say = None;
        match happened {
            InstanceEvent::WebhooksChanged { webhooks, notify_sent_by_me } => {
                target.webhooks = webhooks;
                target.notify_sent_by_me = notify_sent_by_me;
            }
            InstanceEvent::WebhookSecretRotated { secret_protected, previous_until } => {
                let protected = std::mem::replace(&mut target.secret_protected, secret_protected);
                target.previous_secret = Some(PreviousSecret { protected, until: previous_until });
            }
            InstanceEvent::WebhookSecretRetired {} => target.previous_secret = None,
            InstanceEvent::Paired { number, .. } => {
                target.number = Some(number);
                say = Some(connect(target));
            }
            InstanceEvent::Reconnected {} => say = Some(connect(target)),
            InstanceEvent::Restarted {} if target.connected => say = Some(connect(target)),
            InstanceEvent::Disconnected { reason, released_digest } => {
                if released_digest.is_some() || target.connected {
                    say = Some((WebhookKind::Disconnected, Callback::Disconnected {}));
                }
                target.connected = false;
                if !matches!(reason, DisconnectReason::ConnectionLost | DisconnectReason::PairingAbandoned) {
                    target.silenced = true;
                }
            }
            _ => return Ok(()),
        }
        self.changed.insert(id);
        let target = target.clone();
        if let Some((url_of, callback)) = say {
            self.order(event, &target, url_of, callback, 0);
        }
        Ok(())
    }

    fn message(&mut self, event: &RecordedEvent, facts: &MessageFacts) -> Result<(), ProjectionError> {
        let Some(target) = self.targets.get(&facts.instance.as_uuid()).cloned() else { return Ok(()) };
        let message = message_of(event)?;
        let status = |status: &str| (WebhookKind::MessageStatus, Callback::MessageStatus { message, status: status.to_owned() });
        let incoming = event.event_type == "message.incoming";
        let orders = match event.decode()? {
            MessageEvent::Sent {} => {
                let own = Callback::Received { message, from_me: true };
                let mut orders = vec![(WebhookKind::Delivery, Callback::Delivery { message, refused: None }), status("SENT")];
                if target.notify_sent_by_me {
                    orders.push((own_messages(&target).unwrap_or(WebhookKind::Received), own));
                }
                orders
            }
            MessageEvent::Received {} => vec![status("RECEIVED")],
            MessageEvent::Read {} => vec![status("READ")],
            MessageEvent::Played {} => vec![status("PLAYED")],
            MessageEvent::Refused { reason } => {
                vec![(WebhookKind::Delivery, Callback::Delivery { message, refused: Some(reason) })]
            }
            MessageEvent::Incoming { .. } => received_kinds(&target.webhooks)
                .into_iter()
                .map(|url_of| (url_of, Callback::Received { message, from_me: false }))
                .collect(),
            _ => vec![],
        };
        let before = self.deliveries.len();
        if !target.silenced {
            for (n, (url_of, callback)) in orders.into_iter().enumerate() {
                self.order(event, &target, url_of, callback, n);
            }
        }
        if incoming && self.deliveries.len() == before && !feed::is_read(&target, event.occurred_at) {
            self.unwanted.push(message.as_uuid());
        }
        Ok(())
    }

    fn order(&mut self, event: &RecordedEvent, target: &Target, url_of: WebhookKind, callback: Callback, n: usize) {
        // The feed tells each callback once, whatever URLs there are.
        let told = self.entries.last().is_some_and(|entry| entry.event == event.position && entry.order.callback == callback);
        if !told {
            let order = Order { url_of, at: event.occurred_at, callback: callback.clone() };
            self.entries.push(NewEntry { event: event.position, account: target.account, instance: target.instance, order });
        }
        let Some(url) = target.webhooks.get(url_of) else { return };
        // One at a time per instance and message; connection changes per instance (plugzapi-api.md 3.1).
        let lane = match callback.message() {
            Some(message) => format!("{}/{message}", target.instance),
            None => target.instance.to_string(),
        };
        self.deliveries.push(NewDelivery {
            id: delivery_id(event, n),
            account: target.account,
            instance: target.instance,
            url: url.as_str().to_owned(),
            lane,
            order: Order { url_of, at: event.occurred_at, callback },
            cause: Some(event.as_cause()),
        });
    }
}

fn connect(target: &mut Target) -> (WebhookKind, Callback) {
    target.connected = true;
    target.silenced = false;
    (WebhookKind::Connected, Callback::Connected { number: target.number.clone() })
}

/// Where our own messages are told: only with "enviadas por mim" on.
fn own_messages(target: &Target) -> Option<WebhookKind> {
    let preferred = [WebhookKind::ReceivedDelivery, WebhookKind::Received];
    preferred.into_iter().find(|kind| target.notify_sent_by_me && target.webhooks.get(*kind).is_some())
}

/// Where incoming messages are told: both URLs of the kind, once if they are equal; without any the feed alone tells.
fn received_kinds(webhooks: &Webhooks) -> Vec<WebhookKind> {
    let both = [WebhookKind::Received, WebhookKind::ReceivedDelivery];
    let same = webhooks.received == webhooks.received_delivery;
    both.into_iter().take(if same { 1 } else { 2 }).collect()
}

/// The URLs incoming messages are told to, once if they are equal.
pub(crate) fn received_urls(webhooks: &Webhooks) -> Vec<WebhookKind> {
    received_kinds(webhooks).into_iter().filter(|kind| webhooks.get(*kind).is_some()).collect()
}
