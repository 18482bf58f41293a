//! Handler of topic "webhook": builds the body, signs it, posts it, writes the attempt down (plugzapi-api.md 3.1).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::{ClaimedWork, Outcome, StoreError, WorkHandler};
use recado_kernel::{AccountId, InstanceId, Sealed};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::body::{self, ReceivedFacts, SentFacts};
use super::callback::{Callback, CallbackKind, Order};
use super::facts::{self, MessageFacts};
use super::history::{Attempt, DeliveryState};
use super::log;
use super::target::{self, Target};
use super::{TOPIC, sign};
use crate::net::{AddressPolicy, Answer, PostFailure, Poster};
use crate::{Messaging, MessagingError, WEBHOOK_SECRET_PURPOSE};

/// Seconds after the first, second … failed attempt.
const RETRIES: [i64; 5] = [10, 30, 120, 600, 3_600];

/// How many deliveries of one instance run at once in this process: a slow receiver must not take every place.
const AT_ONCE_PER_INSTANCE: usize = 8;

/// The handler.
pub(crate) struct WebhookDelivery {
    messaging: Messaging,
    poster: Result<Poster, PostFailure>,
    running: Mutex<HashMap<String, usize>>,
}

/// One of an instance's places; given back when dropped.
struct Place<'a> {
    running: &'a Mutex<HashMap<String, usize>>,
    instance: &'a str,
}

impl<'a> Place<'a> {
    fn take(running: &'a Mutex<HashMap<String, usize>>, instance: &'a str) -> Option<Self> {
        let mut counts = running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(instance.to_owned()).or_default();
        if *count >= AT_ONCE_PER_INSTANCE {
            return None;
        }
        *count += 1;
        Some(Self { running, instance })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut counts = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(self.instance) {
            *count -= 1;
            if *count == 0 {
                counts.remove(self.instance);
            }
        }
    }
}

impl WebhookDelivery {
    pub(crate) fn new(messaging: Messaging) -> Self {
        let policy = AddressPolicy { allow_local: messaging.settings.allow_local_webhooks };
        Self { messaging, poster: Poster::new(policy), running: Mutex::default() }
    }

    async fn deliver(&self, work: &ClaimedWork) -> Result<Outcome, MessagingError> {
        let (account, pool) = (work.account_id, self.messaging.platform.pool());
        let Some((instance, order)) = log::waiting(pool, account, work.id).await? else { return Ok(Outcome::done()) };
        let Some(target) = target::find(pool, account, instance).await? else { return Ok(Outcome::done()) };
        if target.silenced && order.callback.kind() != CallbackKind::Disconnected {
            return self.end(account, work.id, DeliveryState::Stopped, Some("the number was unlinked")).await;
        }
        let Some(url) = target.webhooks.get(order.url_of) else {
            return self.end(account, work.id, DeliveryState::Stopped, Some("no URL is configured any more")).await;
        };
        let Some(body) = self.body(account, instance, &target, &order).await? else {
            return self.end(account, work.id, DeliveryState::Stopped, Some("the content has been erased")).await;
        };
        let headers = self.headers(&target, &body)?;
        let (at, started) = (self.messaging.platform.now(), tokio::time::Instant::now());
        let answered = match &self.poster {
            Ok(poster) => poster.post(url.as_str(), headers, body).await,
            Err(failure) => Err(failure.clone()),
        };
        let latency_ms = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
        let attempt = Attempt {
            number: work.attempts,
            at,
            http_status: answered.as_ref().ok().map(|answer| answer.status),
            latency_ms,
            error: answered.as_ref().err().map(ToString::to_string),
            answer: answered.as_ref().ok().map(|answer| answer.beginning.clone()),
        };
        log::record_attempt(&self.messaging, account, work.id, url.as_str(), &attempt).await?;
        self.judge(work, &order, answered).await
    }

    async fn judge(
        &self,
        work: &ClaimedWork,
        order: &Order,
        answered: Result<Answer, PostFailure>,
    ) -> Result<Outcome, MessagingError> {
        let (account, pool) = (work.account_id, self.messaging.platform.pool());
        let error = match answered {
            Ok(Answer { status: 200..=299, .. }) => {
                let outcome = self.end(account, work.id, DeliveryState::Delivered, None).await?;
                if let Some(message) = order.callback.message()
                    && order.callback.kind() == CallbackKind::Received
                    && !log::text_still_wanted(pool, account, message, work.id).await?
                {
                    self.messaging.erase_text_of(account, &order.callback).await?;
                }
                return Ok(outcome);
            }
            Ok(Answer { status: 410, .. }) => {
                self.end(account, work.id, DeliveryState::Failed, Some("the receiver answered 410 Gone")).await?;
                return Ok(Outcome::Dead { error: "the receiver answered 410 Gone".to_owned() });
            }
            Ok(Answer { status, .. }) => format!("the receiver answered {status}"),
            Err(failure) => failure.to_string(),
        };
        let tried = usize::try_from(work.attempts).unwrap_or(0).max(1);
        match RETRIES.get(tried - 1) {
            Some(seconds) => Ok(Outcome::Retry { at: self.messaging.platform.now() + Duration::seconds(*seconds), error }),
            None => {
                self.end(account, work.id, DeliveryState::Failed, Some(&error)).await?;
                Ok(Outcome::Dead { error })
            }
        }
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

    fn headers(&self, target: &Target, body: &[u8]) -> Result<HeaderMap, MessagingError> {
        let secret = self.messaging.platform.vault.reveal(WEBHOOK_SECRET_PURPOSE, &target.secret_protected)?;
        let value = |text: &str| {
            HeaderValue::from_str(text).map_err(|_| StoreError::Unreadable("the webhook secret is no header value".to_owned()))
        };
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-token"), value(&secret)?);
        headers.insert(HeaderName::from_static("x-recado-signature"), value(&sign(&secret, body))?);
        Ok(headers)
    }

    /// `None`: what it would say has been erased.
    async fn body(
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
    async fn opened(&self, sealed: Option<&Sealed>) -> Result<String, StoreError> {
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
        32
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let Some(_place) = Place::take(&self.running, &work.subject) else {
            return Outcome::Hold { until: self.messaging.platform.now() + Duration::seconds(1) };
        };
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
