//! Handler of topic "webhook": builds the body, signs it, posts it, writes the attempt down (plugzapi-api.md 3.1). No connection and no row
//! is held while a receiver takes its time.

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::{ClaimedWork, Outcome, StoreError, WorkHandler};
use recado_kernel::{AccountId, InstanceId, Sealed};
use uuid::Uuid;

use super::body::{self, ReceivedFacts, SentFacts};
use super::callback::{Callback, CallbackKind, Order};
use super::destination::breaker::Permit;
use super::destination::places::{Place, Places};
use super::destination::{Destination, row};
use super::facts::{self, MessageFacts};
use super::history::{Attempt, DeliveryState};
use super::log::{self, End, Waiting};
use super::target::Target;
use super::{TOPIC, headers};
use crate::net::{AddressPolicy, Answer, PostFailure, Poster};
use crate::{Messaging, MessagingError};

/// Seconds after the first, second … failed attempt.
const RETRIES: [i64; 5] = [10, 30, 120, 600, 3_600];
/// How long a delivery waits for a receiver that is away before it is given up, in hours.
const WAITS_HOURS: i64 = 72;

/// The handler.
pub(crate) struct WebhookDelivery {
    messaging: Messaging,
    bodies: Bodies,
    poster: Result<Poster, PostFailure>,
    places: Places,
}

/// Where an attempt goes, and as what.
struct Going<'a> {
    of: Destination,
    place: Place<'a>,
    /// It finds out whether the receiver is back.
    probe: bool,
    /// The circuit has something to forget when this goes well.
    was_well: bool,
}

/// An attempt that was made.
struct Made {
    answered: Result<Answer, PostFailure>,
    attempt: Attempt,
}

impl WebhookDelivery {
    pub(crate) fn new(messaging: Messaging) -> Self {
        let policy = AddressPolicy { allow_local: messaging.settings.allow_local_webhooks };
        let bodies = Bodies::new(messaging.clone());
        Self { messaging, bodies, poster: Poster::new(policy), places: Places::default() }
    }

    async fn deliver(&self, work: &ClaimedWork) -> Result<Outcome, MessagingError> {
        let (account, pool) = (work.account_id, self.messaging.platform.pool());
        let Some(waiting) = log::waiting(pool, account, work.id).await? else { return Ok(Outcome::done()) };
        let Waiting { target, order, since, called } = &waiting;
        if target.silenced && order.callback.kind() != CallbackKind::Disconnected {
            return self.end(account, work.id, DeliveryState::Stopped, Some("the number was unlinked")).await;
        }
        let Some(url) = target.webhooks.get(order.url_of) else {
            return self.end(account, work.id, DeliveryState::Stopped, Some("no URL is configured any more")).await;
        };
        let going = match self.admit(Destination::of(account, url.as_str())).await? {
            Ok(going) => going,
            Err(_) if self.messaging.platform.now() - *since > Duration::hours(WAITS_HOURS) => {
                let note = "the receiver was away for too long";
                self.end(account, work.id, DeliveryState::Failed, Some(note)).await?;
                return Ok(Outcome::Dead { error: note.to_owned() });
            }
            Err(held) => return Ok(held),
        };
        let Some(body) = self.bodies.body(account, target.instance, target, order).await? else {
            return self.end(account, work.id, DeliveryState::Stopped, Some("the content has been erased")).await;
        };
        let made = self.call(work, target, url.as_str(), body).await?;
        // A process that died before it called has claimed the work as well, and a probe is written down but was not the delivery's own: neither
        // is a failure of the receiver.
        let tried = i64::from(work.attempts).min(called + 1);
        self.judge(work, order, url.as_str(), &going, made, tried).await
    }

    /// A place and the circuit's permission, or the outcome that waits for them.
    async fn admit(&self, of: Destination) -> Result<Result<Going<'_>, Outcome>, MessagingError> {
        let now = self.messaging.platform.now();
        let place = match self.places.wait(&of, self.messaging.platform.clock.as_ref()).await {
            Ok(place) => place,
            Err(until) => return Ok(Err(Outcome::Hold { until })),
        };
        if place.is_believed() {
            return Ok(Ok(Going { of, place, probe: false, was_well: true }));
        }
        let (permit, seen) = row::ask(self.messaging.platform.pool(), &of, now).await?;
        place.saw(seen.is_well());
        Ok(match permit {
            Permit::Wait(until) => Err(Outcome::Hold { until: self.places.behind(&of, until) }),
            Permit::Go | Permit::Probe => Ok(Going { of, place, probe: permit == Permit::Probe, was_well: seen.is_well() }),
        })
    }

    async fn call(&self, work: &ClaimedWork, target: &Target, url: &str, body: Vec<u8>) -> Result<Made, MessagingError> {
        let (at, started) = (self.messaging.platform.now(), tokio::time::Instant::now());
        let headers = headers::of(&self.messaging, target, work.id, &body, at).await?;
        let answered = match &self.poster {
            Ok(poster) => poster.post(url, headers, body).await,
            Err(failure) => Err(failure.clone()),
        };
        let attempt = Attempt {
            number: work.attempts,
            at,
            http_status: answered.as_ref().ok().map(|answer| answer.status),
            latency_ms: i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX),
            error: answered.as_ref().err().map(ToString::to_string),
            answer: answered.as_ref().ok().map(|answer| answer.beginning.clone()),
        };
        Ok(Made { answered, attempt })
    }

    /// Tells the circuit, writes the attempt down, and says what becomes of the work.
    async fn judge(
        &self,
        work: &ClaimedWork,
        order: &Order,
        url: &str,
        going: &Going<'_>,
        made: Made,
        tried: i64,
    ) -> Result<Outcome, MessagingError> {
        let (account, now) = (work.account_id, self.messaging.platform.now());
        going.place.took(made.attempt.latency_ms);
        self.tell_circuit(going, is_away(&made.answered)).await?;
        let again = RETRIES.get(usize::try_from(tried - 1).unwrap_or_default());
        let (outcome, state, note) = match &made.answered {
            Ok(Answer { status: 200..=299, .. }) => (Outcome::done(), Some(DeliveryState::Delivered), None),
            Ok(Answer { status: 410, .. }) => {
                let error = "the receiver answered 410 Gone".to_owned();
                (Outcome::Dead { error: error.clone() }, Some(DeliveryState::Failed), Some(error))
            }
            // Finding out is our wish, not the delivery's: it does not count against it.
            answered if going.probe && is_away(answered) => (Outcome::Hold { until: now + Duration::seconds(1) }, None, None),
            answered => {
                let error = match answered {
                    Ok(Answer { status, .. }) => format!("the receiver answered {status}"),
                    Err(failure) => failure.to_string(),
                };
                match again {
                    Some(seconds) => (Outcome::Retry { at: now + Duration::seconds(*seconds), error }, None, None),
                    None => (Outcome::Dead { error: error.clone() }, Some(DeliveryState::Failed), Some(error)),
                }
            }
        };
        let end = state.map(|state| End { state, note: note.as_deref(), at: now });
        log::record_attempt(&self.messaging, account, work.id, url, &made.attempt, end).await?;
        if state == Some(DeliveryState::Delivered) {
            self.forget_text(work, order).await?;
        }
        Ok(outcome)
    }

    async fn tell_circuit(&self, going: &Going<'_>, away: bool) -> Result<(), StoreError> {
        if going.was_well && !away {
            return Ok(());
        }
        let (pool, now, probe) = (self.messaging.platform.pool(), self.messaging.platform.now(), going.probe);
        let ((), breaker) = match away {
            true => row::change(pool, &going.of, |breaker| breaker.failed(now, probe)).await?,
            false => row::change(pool, &going.of, |breaker| breaker.succeeded()).await?,
        };
        going.place.saw(breaker.is_well());
        if probe && !away {
            tracing::info!(origin = going.of.origin, "a webhook receiver is back");
        } else if breaker.open.as_ref().is_some_and(|open| open.since == now) {
            tracing::warn!(origin = going.of.origin, "a webhook receiver is away; its deliveries wait");
        }
        Ok(())
    }

    /// What was told to everybody who wanted it is kept no longer.
    async fn forget_text(&self, work: &ClaimedWork, order: &Order) -> Result<(), MessagingError> {
        let (account, pool) = (work.account_id, self.messaging.platform.pool());
        if let Some(message) = order.callback.message()
            && order.callback.kind() == CallbackKind::Received
            && !log::text_still_wanted(pool, account, message, work.id).await?
        {
            self.messaging.erase_text_of(account, &order.callback).await?;
        }
        Ok(())
    }

    async fn end(
        &self,
        account: AccountId,
        id: Uuid,
        state: DeliveryState,
        note: Option<&str>,
    ) -> Result<Outcome, MessagingError> {
        log::conclude(self.messaging.platform.pool(), account, id, state, note, self.messaging.platform.now()).await?;
        Ok(Outcome::done())
    }
}

/// Is there nobody, or somebody who is not well? Any other answer, a refusal too, shows that the receiver lives.
fn is_away(answered: &Result<Answer, PostFailure>) -> bool {
    match answered {
        Ok(Answer { status, .. }) => matches!(status, 408 | 429 | 500..),
        // A name that leads nowhere, or to an address that must not be called, is no receiver either.
        Err(_) => true,
    }
}

/// Builds bodies from the log and the vault.
pub(crate) struct Bodies {
    messaging: Messaging,
}

impl Bodies {
    pub(crate) const fn new(messaging: Messaging) -> Self {
        Self { messaging }
    }

    /// `None`: what it would say has been erased.
    pub(super) async fn body(
        &self,
        account: AccountId,
        id: InstanceId,
        target: &Target,
        order: &Order,
    ) -> Result<Option<Vec<u8>>, MessagingError> {
        let (instance, at) = (id.public(), order.at);
        let message = match &order.callback {
            Callback::Connected { number } => {
                return Ok(Some(body::connected(&instance, &self.opened(number.as_ref()).await?, at)));
            }
            Callback::Disconnected {} => return Ok(Some(body::disconnected(&instance, at))),
            Callback::Presence { .. } | Callback::Notice(_) => {
                return Ok(self.messaging.notice_body(&instance, target, order).await?);
            }
            Callback::Received { message, .. } | Callback::Delivery { message, .. } | Callback::MessageStatus { message, .. } => {
                *message
            }
        };
        let mut connection = self.messaging.platform.pool().acquire().await?;
        let facts = facts::load(&mut connection, &[message]).await?.remove(&message).filter(|facts| facts.account == account);
        drop(connection);
        let Some(facts) = facts else { return Ok(None) };
        let phone = self.opened(Some(&facts.chat)).await?;
        if phone.is_empty() {
            return Ok(None);
        }
        let is_group = phone.ends_with("-group");
        let zaap_id = message.zaap_id();
        let sent = SentFacts {
            instance: &instance,
            phone: &phone,
            is_group,
            zaap_id: &zaap_id,
            wire_id: facts.wire_id.as_str(),
            custom_id: facts.custom_id.as_deref(),
        };
        match &order.callback {
            Callback::Delivery { refused, .. } => Ok(Some(body::delivery(&sent, refused.as_deref(), at))),
            Callback::MessageStatus { status, .. } => Ok(Some(body::message_status(&sent, status, at))),
            callback => self.received(account, target, callback, &facts, &sent, order).await,
        }
    }

    async fn received(
        &self,
        account: AccountId,
        target: &Target,
        callback: &Callback,
        facts: &MessageFacts,
        sent: &SentFacts<'_>,
        order: &Order,
    ) -> Result<Option<Vec<u8>>, MessagingError> {
        let Some(content) = self.messaging.text_of(account, callback).await? else { return Ok(None) };
        let connected_phone = self.opened(target.number.as_ref()).await?;
        let from_me = matches!(callback, Callback::Received { from_me: true, .. });
        let shown = self.opened(facts.sender_name.as_ref()).await?;
        let chat_name = self.opened(facts.chat_name.as_ref()).await?;
        let participant = self.opened(facts.participant.as_ref()).await?;
        let some = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
        let (participant, chat_name) = (some(&participant), some(&chat_name));
        let sender_name = match (from_me, shown.is_empty()) {
            (true, _) => connected_phone.as_str(),
            (false, true) => participant.as_deref().unwrap_or(sent.phone),
            (false, false) => shown.as_str(),
        };
        let received = ReceivedFacts {
            instance: sent.instance,
            wire_id: sent.wire_id,
            phone: sent.phone,
            is_group: sent.is_group,
            connected_phone: &connected_phone,
            from_me,
            sender_name,
            chat_name: chat_name.as_deref(),
            participant: participant.as_deref(),
            reply_to: facts.reply_to.as_ref().map(recado_kernel::WireId::as_str),
            forwarded: facts.forwarded,
            content: &content,
        };
        let links = self.messaging.media_links();
        Ok(Some(body::received(&received, &|file| links.of(file), order.at)))
    }

    /// The text behind a seal; empty when there is none or it was erased.
    pub(super) async fn opened(&self, sealed: Option<&Sealed>) -> Result<String, StoreError> {
        match sealed {
            Some(sealed) => Ok(self.messaging.platform.vault.unseal(sealed).await?.unwrap_or_default()),
            None => Ok(String::new()),
        }
    }
}

#[async_trait]
impl WorkHandler for WebhookDelivery {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn concurrency(&self) -> usize {
        // A receiver takes a place, not a connection: many slow ones must not fill them.
        128
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        match self.deliver(work).await {
            Ok(outcome) => outcome,
            // Our own trouble, not the receiver's: nothing is counted against the delivery.
            Err(error) if error.is_ours() => {
                tracing::warn!(delivery = %work.id, %error, "webhook waits");
                Outcome::Hold { until: self.messaging.platform.now() + Duration::seconds(2) }
            }
            Err(error) => Outcome::Dead { error: error.to_string() },
        }
    }
}
