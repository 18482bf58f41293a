//! Handler of topic "send": one message at a time per instance, in the order of acceptance. The mark `message.sending` is stored before the
//! call and the same wire id is used on every attempt, so that a crash between the two sends the message once (whatsapp-web-engine.md 13).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{ClaimedWork, Outcome, WorkHandler};
use recado_kernel::{InstanceId, MessageId, Timestamp};

use crate::domain::message::Receipt;
use crate::domain::pacing;
use crate::engine::{Handoff, Outgoing, SendFailure, SessionEngine, SessionState};
use crate::media::Fetcher;
use crate::net::AddressPolicy;
use crate::use_cases::{BeginSending, EngineFact, OutgoingMessage, SendWork};
use crate::{Messaging, MessagingError, SEND_TOPIC};

/// How often a message that surely did not go out is tried.
const ATTEMPTS: i32 = 10;
/// How often one whose outcome is unknown is tried, with an engine that recognises repeats.
const UNKNOWN_ATTEMPTS: i32 = 3;

/// The handler.
pub(crate) struct Sender {
    pub(super) messaging: Messaging,
    pub(super) engine: Arc<dyn SessionEngine>,
    pub(super) fetcher: Option<Fetcher>,
}

impl Sender {
    pub(crate) fn new(messaging: Messaging, engine: Arc<dyn SessionEngine>) -> Self {
        let policy = AddressPolicy { allow_local: messaging.settings.allow_local_webhooks };
        Self { messaging, engine, fetcher: Fetcher::new(policy) }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.messaging.platform.now()
    }

    fn hold(&self, wait: Duration) -> Outcome {
        Outcome::Hold { until: self.now() + wait }
    }

    async fn send(&self, work: &ClaimedWork) -> Result<Outcome, MessagingError> {
        let order: SendWork = work.decode()?;
        let instance = self.messaging.instances.load(&order.instance.to_string()).await?.aggregate;
        if !instance.terms.may_send(self.now()) {
            return Ok(self.hold(Duration::seconds(60)));
        }
        // Asked before the mark: a message that waits for its session can still be cancelled, and so can one that is being typed.
        if !self.is_online(order.instance).await {
            return Ok(self.hold(Duration::seconds(2)));
        }
        if order.fetch
            && let Some(outcome) = self.fetch(work, &order).await?
        {
            return Ok(outcome);
        }
        let typing = pacing::typing_time(order.delay_typing).to_std().unwrap_or_default();
        if self.messaging.settings.pacing.max_gap_ms > 0 && !typing.is_zero() {
            tokio::time::sleep(typing).await;
            if !self.is_online(order.instance).await {
                return Ok(self.hold(Duration::seconds(2)));
            }
        }
        let attempt = u32::try_from(work.attempts).unwrap_or(1);
        let begun = self.messaging.begin_sending(work.account_id, order.instance, order.message, attempt, work.cause);
        let message = match begun.await? {
            BeginSending::Go(message) => *message,
            BeginSending::Skip => return Ok(Outcome::done()),
        };
        // Before the call: whoever hears of the acceptance first erases the content.
        let told = instance.webhooks.received.is_some() || instance.webhooks.received_delivery.is_some();
        if instance.notify_sent_by_me && told {
            let kept_until = self.now() + Duration::hours(self.messaging.settings.incoming_retention_hours);
            self.messaging.keep_own_copy(work.account_id, message.message, &message.content, kept_until).await?;
        }
        let outgoing = Outgoing {
            account: work.account_id,
            instance: order.instance,
            message: message.message,
            wire_id: message.wire_id.clone(),
            attempt: message.attempt,
            to: message.to.clone(),
            content: message.content.clone(),
            reply_to: message.reply_to.clone(),
            typing,
        };
        let fact = EngineFact {
            account: work.account_id,
            instance: order.instance,
            engine: self.engine.kind().as_str().to_owned(),
            key: "send".to_owned(),
            at: self.now(),
            cause: Some(message.as_cause()),
        };
        match self.engine.send(outgoing).await {
            Ok(handoff) => self.handed_over(&message, &fact, handoff).await,
            Err(SendFailure::Refused(refusal)) => self.refuse(&fact, message.message, refusal.as_str()).await,
            Err(SendFailure::Busy { retry_in }) => {
                Ok(self.hold(Duration::from_std(retry_in).unwrap_or_else(|_| Duration::seconds(2))))
            }
            Err(SendFailure::NotSent(error)) if work.attempts < ATTEMPTS => Ok(self.again(work, error)),
            Err(SendFailure::NotSent(_)) => self.refuse(&fact, message.message, "not_sent").await,
            Err(SendFailure::Unknown(error))
                if self.engine.capabilities().client_message_id && work.attempts < UNKNOWN_ATTEMPTS =>
            {
                Ok(Outcome::Retry { at: self.now() + Duration::seconds(30), error })
            }
            Err(SendFailure::Unknown(_)) => {
                self.messaging.record_uncertain(&fact, message.message, "no_answer").await?;
                Ok(Outcome::done())
            }
        }
    }

    async fn is_online(&self, instance: InstanceId) -> bool {
        matches!(self.engine.state(instance).await, Ok(SessionState::Online { .. }))
    }

    pub(super) async fn refuse(&self, fact: &EngineFact, message: MessageId, reason: &str) -> Result<Outcome, MessagingError> {
        self.messaging.record_refused(fact, message, reason).await?;
        self.messaging.erase_own_copy(fact.account, message).await?;
        self.messaging.media.discard(fact.account, message).await;
        Ok(Outcome::done())
    }

    async fn handed_over(
        &self,
        message: &OutgoingMessage,
        fact: &EngineFact,
        handoff: Handoff,
    ) -> Result<Outcome, MessagingError> {
        if handoff == Handoff::Accepted {
            self.messaging.record_message_receipt(fact, message.message, Receipt::Sent).await?;
            if !message.content.media().is_empty() {
                self.messaging.media.discard(fact.account, message.message).await;
            }
        }
        let policy = self.messaging.settings.pacing;
        let (now, wish) = (self.now(), message.delay_message.filter(|_| policy.max_gap_ms > 0));
        let next = self.messaging.platform.with_rng(|rng| pacing::next_allowed(policy, now, wish, rng));
        Ok(Outcome::Done { not_before: (next > now).then_some(next) })
    }

    fn again(&self, work: &ClaimedWork, error: String) -> Outcome {
        Outcome::Retry { at: back_off(self.now(), work.attempts, Duration::seconds(1), Duration::seconds(60)), error }
    }
}

#[async_trait]
impl WorkHandler for Sender {
    fn topic(&self) -> &'static str {
        SEND_TOPIC
    }

    fn concurrency(&self) -> usize {
        64
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        match self.send(work).await {
            Ok(outcome) => outcome,
            // The database, most likely: the message stays first in its lane, the same attempt is marked once.
            Err(error) if error.is_ours() => {
                tracing::warn!(message = %work.id, %error, "sending waits");
                self.hold(Duration::seconds(2))
            }
            Err(error) => Outcome::Dead { error: error.to_string() },
        }
    }
}
