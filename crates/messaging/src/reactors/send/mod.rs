//! Handler of topic "send": one message at a time per instance, in the order of acceptance. The mark `message.sending` is stored before the
//! call and the same wire id is used on every attempt, so that a crash between the two sends the message once (whatsapp-web-engine.md 13).
//!
//! Nobody sleeps over a message: gaps, "Digitando…" and sessions that are not online are moments in the queue's rows.

mod look;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{ClaimedWork, Gather, Outcome, StoreError, WorkHandler};
use recado_kernel::{ChatAddress, MessageId, Timestamp};

use crate::domain::message::Receipt;
use crate::domain::pacing;
use crate::engine::{Handoff, Outgoing, SendFailure, SessionEngine};
use crate::media::Fetcher;
use crate::net::AddressPolicy;
use crate::use_cases::{BeginSending, EngineFact, OutgoingMessage, SendWork};
use crate::{Messaging, MessagingError, SEND_TOPIC};
use look::{Asked, Seen};

/// How often a message that surely did not go out is tried; also one whose outcome is unknown, with an engine that recognises repeats. A
/// process that dies counts as well: fewer would give up after two crashes and a hiccup.
const ATTEMPTS: i32 = 10;
/// How many messages are handed over at once in this process: most of the time of each is spent waiting for WhatsApp.
const AT_ONCE: usize = 128;
/// How many are looked at together before that.
const LOOKED_AT_TOGETHER: usize = 128;

/// Where a message stands in its queue ([`ClaimedWork::step`]): "Digitando…" was shown. Below zero: how often its session was looked for
/// in vain. [`crate::Messaging::queue_outlook`] knows this number.
const TYPED: i16 = 1;
/// Longest wait for a session that should be online, in seconds. When it says that it is, the queue goes on at once.
const LONGEST_LOOK: i64 = 10;

/// The handler.
pub(crate) struct Sender {
    pub(super) messaging: Messaging,
    pub(super) engine: Arc<dyn SessionEngine>,
    pub(super) fetcher: Option<Fetcher>,
    looks: Gather<Asked, Result<Seen, MessagingError>>,
}

impl Sender {
    pub(crate) fn new(messaging: Messaging, engine: Arc<dyn SessionEngine>) -> Self {
        let own = (messaging.clone(), engine.clone());
        let looks = Gather::new(LOOKED_AT_TOGETHER, move |asked: Vec<Asked>| {
            let (messaging, engine) = own.clone();
            async move {
                match look::look(&messaging, &engine, &asked).await {
                    Ok(seen) => seen.into_iter().map(Ok).collect(),
                    Err(error) => vec![Err(error); asked.len()],
                }
            }
        });
        let policy = AddressPolicy { allow_local: messaging.settings.allow_local_webhooks };
        Self { messaging, engine, fetcher: Fetcher::new(policy), looks }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.messaging.platform.now()
    }

    fn hold(&self, wait: Duration) -> Outcome {
        Outcome::Hold { until: self.now() + wait }
    }

    async fn send(&self, work: &ClaimedWork) -> Result<Outcome, MessagingError> {
        let order: SendWork = work.decode()?;
        let policy = self.messaging.settings.pacing;
        let typing = if policy.is_off() { Duration::zero() } else { pacing::typing_time(order.delay_typing) };
        let types_first = !typing.is_zero() && work.step != TYPED;
        let asked = Asked { account: work.account_id, instance: order.instance, message: order.message, content: !types_first };
        let broken = || StoreError::Database("looking at messages panicked".to_owned());
        let seen = self.looks.ask(asked).await.unwrap_or_else(|| Err(broken().into()))?;
        // Asked before the mark: a message that waits for its session can still be cancelled, and so can one that is being typed.
        if !seen.usable {
            return Ok(self.hold(Duration::seconds(60)));
        }
        if !seen.online {
            return Ok(self.look_again(work.step));
        }
        if order.fetch
            && let Some(outcome) = self.fetch(work, &order).await?
        {
            return Ok(outcome);
        }
        let to = self.messaging.platform.vault.unseal(&order.chat).await?.and_then(|chat| chat.parse::<ChatAddress>().ok());
        if types_first {
            return Ok(self.type_first(&order, to.as_ref(), typing).await);
        }
        let attempt = u32::try_from(work.attempts).unwrap_or(1);
        let content = match seen.content {
            Some(content) => self.messaging.with_files(work.account_id, order.message, content).await?,
            None => None,
        };
        let begun = self.messaging.begin_with(work.account_id, &order, to.zip(content), attempt, work.cause);
        let message = match begun.await? {
            BeginSending::Go(message) => *message,
            // Somebody before us may have sent it and died: the message after it keeps its distance all the same.
            BeginSending::Skip if work.attempts > 1 => return Ok(self.done(order.delay_message)),
            BeginSending::Skip => return Ok(Outcome::done()),
        };
        // Before the call: whoever hears of the acceptance first erases the content.
        if seen.told {
            let kept_until = self.now() + Duration::hours(self.messaging.settings.incoming_retention_hours);
            self.messaging.keep_own_copy(work.account_id, message.message, &message.content, kept_until).await?;
        }
        self.hand_over(work, &order, message, typing).await
    }

    async fn hand_over(
        &self,
        work: &ClaimedWork,
        order: &SendWork,
        message: OutgoingMessage,
        typing: Duration,
    ) -> Result<Outcome, MessagingError> {
        let outgoing = Outgoing {
            account: work.account_id,
            instance: order.instance,
            message: message.message,
            wire_id: message.wire_id.clone(),
            attempt: message.attempt,
            to: message.to.clone(),
            content: message.content.clone(),
            reply_to: message.reply_to.clone(),
            typing: typing.to_std().unwrap_or_default(),
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
            Ok(handoff) => {
                if handoff == Handoff::Accepted {
                    self.messaging.record_message_receipt(&fact, message.message, Receipt::Sent).await?;
                    if !message.content.media().is_empty() {
                        self.messaging.media.discard(fact.account, message.message).await;
                    }
                }
                Ok(self.done(message.delay_message))
            }
            Err(SendFailure::Refused(refusal)) => self.refuse(&fact, message.message, refusal.as_str()).await,
            Err(SendFailure::Busy { retry_in }) => {
                Ok(self.hold(Duration::from_std(retry_in).unwrap_or_else(|_| Duration::seconds(2))))
            }
            Err(SendFailure::NotSent(error)) if work.attempts < ATTEMPTS => Ok(self.again(work, error)),
            Err(SendFailure::NotSent(_)) => self.refuse(&fact, message.message, "not_sent").await,
            Err(SendFailure::Unknown(error)) if self.engine.capabilities().client_message_id && work.attempts < ATTEMPTS => {
                Ok(Outcome::Retry { at: self.now() + Duration::seconds(30), error })
            }
            Err(SendFailure::Unknown(_)) => {
                self.messaging.record_uncertain(&fact, message.message, "no_answer").await?;
                Ok(Outcome::done())
            }
        }
    }

    /// The session should be online, as far as the core knows, and is not: its news is on the way, or its engine is starting.
    fn look_again(&self, step: i16) -> Outcome {
        let looks = step.min(0).saturating_neg().min(8);
        let wait = (2_i64 << looks).min(LONGEST_LOOK);
        Outcome::Pause { until: self.now() + Duration::seconds(wait), step: -(looks + 1) }
    }

    /// Shows "Digitando…" and comes back when it has been shown long enough.
    async fn type_first(&self, order: &SendWork, to: Option<&ChatAddress>, typing: Duration) -> Outcome {
        let until = self.now() + typing;
        if let Some(to) = to
            && let Err(error) = self.engine.show_typing(order.instance, to, typing.to_std().unwrap_or_default()).await
        {
            tracing::debug!(message = %order.message, %error, "nobody sees the typing");
        }
        Outcome::Pause { until, step: TYPED }
    }

    pub(super) async fn refuse(&self, fact: &EngineFact, message: MessageId, reason: &str) -> Result<Outcome, MessagingError> {
        self.messaging.record_refused(fact, message, reason).await?;
        self.messaging.erase_own_copy(fact.account, message).await?;
        self.messaging.media.discard(fact.account, message).await;
        Ok(Outcome::done())
    }

    /// Gone; the next message of the instance after the gap.
    fn done(&self, delay_message: Option<u8>) -> Outcome {
        let policy = self.messaging.settings.pacing;
        if policy.is_off() {
            return Outcome::done();
        }
        let now = self.now();
        let next = self.messaging.platform.with_rng(|rng| pacing::next_allowed(policy, now, delay_message, rng));
        Outcome::Done { not_before: Some(next) }
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
        AT_ONCE
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
