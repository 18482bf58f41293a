//! The simulated servers' durable work (topic "sim"): deliveries a moment after the acceptance, what sessions must be told, scripted mischief.

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{ClaimedWork, NewWork, Outcome, WorkHandler};
use recado_kernel::{AccountId, InstanceId, Timestamp};
use recado_messaging::MessageContent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::act::first_choice;
use crate::session::Step;
use crate::store::{messages, sessions};
use crate::tell::SessionNews;
use crate::{Hand, Script, Sim, SimError, TOPIC};

/// A piece of work; ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Job {
    /// Bring a message to its recipient's phone.
    Deliver { seq: i64 },
    /// Tell the core what became of a session.
    Tell { instance: InstanceId, generation: i64, news: SessionNews, at: Timestamp },
    /// The line drops and comes back a little later.
    DropLine { instance: InstanceId, seq: i64 },
    /// The line comes back.
    Resume { instance: InstanceId },
    /// A session hears what it has not been told (receipts, after its phone read something).
    Flush { instance: InstanceId },
    /// WhatsApp bans the sender.
    Ban { instance: InstanceId },
    /// A call that nobody took ends.
    EndCall { instance: InstanceId, call: String },
}

impl Job {
    /// As durable work; the same name is the same work.
    pub(crate) fn at(&self, account: AccountId, lane: &str, namespace: Uuid, name: &str, due_at: Timestamp) -> NewWork {
        NewWork {
            id: Uuid::new_v5(&namespace, format!("sim/{name}").as_bytes()),
            topic: TOPIC.to_owned(),
            lane: lane.to_owned(),
            account_id: account,
            subject: String::new(),
            // Ids, numbers and names always serialise.
            payload: serde_json::to_value(self).unwrap_or_default(),
            due_at,
            cause: None,
        }
    }
}

impl Sim {
    pub(crate) async fn carry_out(&self, job: Job) -> Result<(), SimError> {
        match job {
            Job::Deliver { seq } => self.deliver(seq).await,
            Job::Tell { instance, generation, news, at } => self.tell_session(instance, generation, news, at).await,
            Job::DropLine { instance, seq } => {
                self.change(instance, Step::GoOffline, Some(SessionNews::ConnectionLost)).await?;
                let Some(message) = messages::find(&self.platform, seq).await? else { return Ok(()) };
                let due = self.platform.now() + Duration::seconds(2);
                let lane = instance.to_string();
                self.enqueue(&[Job::Resume { instance }.at(
                    message.account,
                    &lane,
                    instance.as_uuid(),
                    &format!("resume/{seq}"),
                    due,
                )])
                .await
            }
            Job::Resume { instance } => {
                self.change(instance, Step::GoOnline, Some(SessionNews::Reconnected)).await?;
                self.flush(instance).await
            }
            Job::Flush { instance } => self.flush(instance).await,
            Job::Ban { instance } => self.unlink(instance).await,
            Job::EndCall { instance, call } => self.ring_out(instance, &call).await,
        }
    }

    /// Brings a message (and older ones) to the recipient's phone, if it is on, and tells whoever must know.
    async fn deliver(&self, seq: i64) -> Result<(), SimError> {
        let Some(message) = messages::find(&self.platform, seq).await? else { return Ok(()) };
        let linked = sessions::find_by_phone(&self.platform, &message.recipient).await?;
        let reachable = crate::store::phones::is_on(self.platform.pool(), &message.recipient).await?
            || linked.as_ref().is_some_and(crate::session::Session::is_online);
        if !reachable {
            // When it is switched on, everything waiting is delivered.
            return Ok(());
        }
        messages::mark_delivered(&self.platform, &message.recipient, seq, self.platform.now()).await?;
        if let Some(instance) = message.instance {
            self.flush(instance).await?;
        }
        match linked {
            Some(session) => self.flush(session.instance).await,
            None if message.instance.is_some()
                && !message.is_about
                && Script::of(&message.recipient) == Script::AnswersAtOnce =>
            {
                self.answer_at_once(&message).await
            }
            None => Ok(()),
        }
    }

    /// Presses the first button, chooses the first row, votes for the first option; anything else is answered in words.
    async fn answer_at_once(&self, message: &messages::Stored) -> Result<(), SimError> {
        self.read_range(&message.sender, &message.recipient, message.seq..=message.seq).await?;
        let hand = Hand { account: message.account, phone: message.recipient.clone(), chat: message.sender.clone() };
        let asked = messages::content(&self.platform, message.seq).await?;
        let answer = asked.as_ref().and_then(|asked| first_choice(asked, &message.wire_id));
        let draft = answer.unwrap_or_else(|| MessageContent::text("👍 (simulado)").into());
        self.put(&hand, draft, self.wire_id(&format!("answer/{}", message.seq))).await.map(drop)
    }
}

#[async_trait]
impl WorkHandler for Sim {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn concurrency(&self) -> usize {
        16
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let job = match work.decode::<Job>() {
            Ok(job) => job,
            Err(error) => return Outcome::Dead { error: error.to_string() },
        };
        match self.carry_out(job).await {
            Ok(()) => Outcome::done(),
            Err(error @ (SimError::Store(_) | SimError::Files(_) | SimError::Busy)) => Outcome::Retry {
                at: back_off(self.platform.now(), work.attempts, Duration::milliseconds(250), Duration::seconds(30)),
                error: error.to_string(),
            },
            // The session moved on meanwhile.
            Err(error) => {
                tracing::debug!(work = %work.id, %error, "simulated work is void");
                Outcome::done()
            }
        }
    }
}
