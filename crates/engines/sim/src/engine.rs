//! The session engine: what the core asks of the simulated WhatsApp. It only writes to its own tables; what follows is told by
//! [`crate::Sim`]'s durable work.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use recado_event_store::{Platform, work};
use recado_kernel::{AccountId, ChatAddress, InstanceId, PhoneNumber, Timestamp};
use recado_messaging::MAX_TEXT_BYTES;
use recado_messaging::engine::{
    Capabilities, EngineError, EngineKind, Handoff, Outgoing, PairStep, QrView, Refusal, SendFailure, SessionEngine, SessionState,
};

use crate::session::{Session, State, Step};
use crate::sim::new_secret;
use crate::store::{messages, phones, sessions};
use crate::worker::Job;
use crate::{Script, SimError, qr};

/// How long a message travels from the simulated server to the recipient's phone.
const TRAVEL: chrono::Duration = chrono::Duration::milliseconds(300);

/// The simulated WhatsApp as the core's engine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SimEngine {
    platform: Platform,
}

impl SimEngine {
    /// On the same database as everything else.
    #[must_use]
    pub const fn new(platform: Platform) -> Self {
        Self { platform }
    }

    /// Takes one step; a session that does not exist is idle. Changes by others meanwhile are looked at again.
    async fn change(&self, account: Option<AccountId>, instance: InstanceId, step: Step) -> Result<Option<Session>, SimError> {
        for _ in 0..4 {
            let session = match (sessions::find(&self.platform, instance).await?, account) {
                (Some(session), _) => session,
                (None, Some(account)) => Session::new(account, instance, new_secret(&self.platform)),
                (None, None) => return Ok(None),
            };
            let Some(next) = session.step(step.clone())? else { return Ok(Some(session)) };
            let mut connection = self.platform.pool().acquire().await?;
            match sessions::store(&self.platform, &mut connection, &next).await {
                Err(SimError::Busy) => {}
                stored => return stored.map(|()| Some(next)),
            }
        }
        Err(SimError::Busy)
    }

    async fn take(
        &self,
        session: &Session,
        sender: &PhoneNumber,
        recipient: &PhoneNumber,
        message: &Outgoing,
    ) -> Result<(), SimError> {
        let now = self.platform.now();
        let new = messages::NewMessage {
            wire_id: &message.wire_id,
            account: message.account,
            from_session: Some((message.instance, message.message)),
            sender,
            recipient,
            text: message.text.expose(),
            at: now,
        };
        let mut transaction = self.platform.pool().begin().await?;
        phones::ensure(&mut transaction, recipient, Some(message.account), now).await?;
        // A wire id seen before is the same message again: accepted, once.
        if let Some(seq) = messages::insert(&self.platform, &mut transaction, &new).await? {
            let instance = session.instance;
            let namespace = instance.as_uuid();
            let lane = format!("{instance}/{}", self.platform.vault.digest("sim-lane", None, recipient.as_str()));
            let mut jobs =
                vec![Job::Deliver { seq }.at(message.account, &lane, namespace, &format!("deliver/{seq}"), now + TRAVEL)];
            let mischief = match Script::of(recipient) {
                Script::DropsLine => Some(Job::DropLine { instance, seq }),
                Script::Bans => Some(Job::Ban { instance }),
                _ => None,
            };
            let lane = instance.to_string();
            jobs.extend(mischief.map(|job| job.at(message.account, &lane, namespace, &format!("mischief/{seq}"), now)));
            work::enqueue(&mut transaction, &jobs).await?;
        }
        transaction.commit().await?;
        self.platform.log.ring_topics(&[crate::TOPIC]);
        Ok(())
    }
}

#[async_trait]
impl SessionEngine for SimEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Sim
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            qr: true,
            phone_code: true,
            client_message_id: true,
            typing: true,
            read_receipts: true,
            text_limit: MAX_TEXT_BYTES,
        }
    }

    async fn state(&self, instance: InstanceId) -> Result<SessionState, EngineError> {
        let session = sessions::find(&self.platform, instance).await.map_err(SimError::from)?;
        Ok(match session.map(|session| session.state) {
            None | Some(State::Idle) => SessionState::Idle,
            Some(State::Pairing) => SessionState::Pairing,
            Some(State::Linked { phone, online: true, .. }) => SessionState::Online { number: phone },
            Some(State::Linked { phone, online: false, .. }) => SessionState::Offline { number: phone },
        })
    }

    async fn online(&self, instances: &[InstanceId]) -> Result<HashSet<InstanceId>, EngineError> {
        Ok(sessions::online(&self.platform, instances).await.map_err(SimError::from)?)
    }

    async fn start_pairing(&self, account: AccountId, instance: InstanceId) -> Result<PairStep, EngineError> {
        let session = self.change(Some(account), instance, Step::StartPairing { secret: new_secret(&self.platform) }).await?;
        let linked = session.is_some_and(|session| session.is_online());
        Ok(if linked { PairStep::AlreadyLinked } else { PairStep::ShowQr })
    }

    async fn qr(&self, instance: InstanceId, now: Timestamp) -> Result<Option<QrView>, EngineError> {
        let session = sessions::find(&self.platform, instance).await.map_err(SimError::from)?;
        Ok(session.filter(|session| session.state == State::Pairing).map(|session| qr::view(&session.secret, instance, now)))
    }

    async fn phone_code(&self, account: AccountId, instance: InstanceId, phone: &PhoneNumber) -> Result<String, EngineError> {
        let session = self.change(Some(account), instance, Step::StartPairing { secret: new_secret(&self.platform) }).await?;
        let session = session.filter(|session| session.state == State::Pairing).ok_or(EngineError::NotLinked)?;
        Ok(qr::phone_code(&session.secret, phone.as_str()))
    }

    async fn send(&self, message: Outgoing) -> Result<Handoff, SendFailure> {
        let not_sent = |error: SimError| SendFailure::NotSent(error.to_string());
        let session = sessions::find(&self.platform, message.instance).await.map_err(|error| not_sent(error.into()))?;
        let busy = SendFailure::Busy { retry_in: Duration::from_secs(2) };
        let Some(session) = session.filter(Session::is_online) else { return Err(busy) };
        let Some(sender) = session.phone() else { return Err(busy) };
        let ChatAddress::Phone(recipient) = &message.to else { return Err(SendFailure::Refused(Refusal::UnsupportedChat)) };
        match Script::of(recipient) {
            Script::NotOnWhatsApp => return Err(SendFailure::Refused(Refusal::NotOnWhatsApp)),
            Script::Restricts => return Err(SendFailure::Refused(Refusal::Restricted)),
            _ => {}
        }
        // The commit's outcome may be unknown: the same wire id again settles it.
        self.take(&session, sender, recipient, &message).await.map_err(|error| SendFailure::Unknown(error.to_string()))?;
        Ok(Handoff::Accepted)
    }

    async fn disconnect(&self, instance: InstanceId) -> Result<(), EngineError> {
        match self.change(None, instance, Step::GoOffline).await {
            Ok(_) | Err(SimError::NotLinked) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn reconnect(&self, instance: InstanceId) -> Result<(), EngineError> {
        let session = self.change(None, instance, Step::GoOnline).await?.ok_or(EngineError::NotLinked)?;
        // What the servers kept meanwhile is told by durable work.
        let job = Job::Resume { instance }.at(
            session.account,
            &instance.to_string(),
            instance.as_uuid(),
            &format!("reconnect/{}", session.generation),
            self.platform.now(),
        );
        let mut connection = self.platform.pool().acquire().await.map_err(SimError::from)?;
        work::enqueue(&mut connection, &[job]).await.map_err(SimError::from)?;
        self.platform.log.ring_topics(&[crate::TOPIC]);
        Ok(())
    }

    async fn logout(&self, instance: InstanceId) -> Result<(), EngineError> {
        self.change(None, instance, Step::Unlink).await?;
        Ok(())
    }
}
