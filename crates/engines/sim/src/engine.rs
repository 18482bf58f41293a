//! The session engine: what the core asks of the simulated WhatsApp. It only writes to its own tables; what follows is told by
//! [`crate::Sim`]'s durable work.

use std::time::Duration;

use async_trait::async_trait;
use recado_event_store::{Platform, work};
use recado_kernel::{AccountId, ChatAddress, InstanceId, PhoneNumber, Timestamp, WireId};
use recado_messaging::engine::{
    Capabilities, EngineError, EngineKind, Handoff, Outgoing, PairStep, QrView, Refusal, SendFailure, SessionEngine, SessionState,
};
use recado_messaging::media::MediaLibrary;
use recado_messaging::{MAX_TEXT_BYTES, MessageKind};

use crate::files::Files;
use crate::session::{Session, State, Step};
use crate::sim::new_secret;
use crate::store::{messages, sessions};
use crate::worker::Job;
use crate::{Script, SimError, qr};

/// How long a message travels from the simulated server to the recipient's phone.
pub(crate) const TRAVEL: chrono::Duration = chrono::Duration::milliseconds(300);

/// The simulated WhatsApp as the core's engine. Cheap to clone.
#[derive(Clone)]
pub struct SimEngine {
    pub(crate) platform: Platform,
    media: Option<MediaLibrary>,
}

impl std::fmt::Debug for SimEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SimEngine(…)")
    }
}

impl SimEngine {
    /// On the same database as everything else.
    #[must_use]
    pub const fn new(platform: Platform) -> Self {
        Self { platform, media: None }
    }

    /// Phones keep copies of the files that are sent to them.
    #[must_use]
    pub fn with_media(mut self, media: MediaLibrary) -> Self {
        self.media = Some(media);
        self
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
}

impl SimEngine {
    pub(crate) fn files(&self) -> Files {
        Files::new(self.platform.clone(), self.media.clone())
    }

    /// The session, if it is linked and online.
    async fn linked(&self, instance: InstanceId) -> Result<Session, EngineError> {
        let session = sessions::find(&self.platform, instance).await.map_err(SimError::from)?;
        let session = session.filter(|session| session.phone().is_some()).ok_or(EngineError::NotLinked)?;
        if session.is_online() { Ok(session) } else { Err(EngineError::Unavailable("the phone is offline".into())) }
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
            kinds: MessageKind::ALL,
            revoke: true,
            mark_read: true,
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
        if let ChatAddress::Group(group) = &message.to {
            let text = message.content.as_text();
            let taken = crate::directory::post_to_group(self, message.account, sender, group, &message.wire_id, text).await;
            return match taken.map_err(|error| SendFailure::Unknown(error.to_string()))? {
                Some(refusal) => Err(SendFailure::Refused(refusal)),
                None => Ok(Handoff::Accepted),
            };
        }
        let ChatAddress::Phone(recipient) = &message.to else { return Err(SendFailure::Refused(Refusal::UnsupportedChat)) };
        match Script::of(recipient) {
            Script::NotOnWhatsApp => return Err(SendFailure::Refused(Refusal::NotOnWhatsApp)),
            Script::Restricts => return Err(SendFailure::Refused(Refusal::Restricted)),
            _ => {}
        }
        let resolved = match self.resolve(&session, sender, recipient, &message).await.map_err(not_sent)? {
            Ok(resolved) => resolved,
            // What it is about may have gone since an earlier attempt, which counts.
            Err(refusal) => {
                let sent =
                    messages::is_known(&self.platform, sender, &message.wire_id).await.map_err(|error| not_sent(error.into()))?;
                return if sent { Ok(Handoff::Accepted) } else { Err(SendFailure::Refused(refusal)) };
            }
        };
        // The commit's outcome may be unknown: the same wire id again settles it.
        let taken = self.take(&session, sender, recipient, &message, resolved).await;
        taken.map_err(|error| SendFailure::Unknown(error.to_string()))?;
        Ok(Handoff::Accepted)
    }

    async fn revoke(&self, instance: InstanceId, chat: &ChatAddress, target: &WireId, own: bool) -> Result<(), EngineError> {
        let session = self.linked(instance).await?;
        let (Some(phone), ChatAddress::Phone(other)) = (session.phone(), chat) else { return Err(EngineError::UnknownMessage) };
        if own {
            return self.delete_for_all(&session, phone, other, target).await;
        }
        // In a chat of two, somebody else's message is deleted on one's own phone only.
        let hidden = messages::hide(&self.platform, other, phone, target).await.map_err(SimError::from)?;
        if hidden { Ok(()) } else { Err(EngineError::UnknownMessage) }
    }

    async fn mark_read(&self, instance: InstanceId, chat: &ChatAddress, read: &[WireId]) -> Result<(), EngineError> {
        let session = self.linked(instance).await?;
        let (Some(phone), ChatAddress::Phone(other)) = (session.phone(), chat) else { return Ok(()) };
        let now = self.platform.now();
        let told = messages::mark_these_read(&self.platform, other, phone, read, now).await.map_err(SimError::from)?;
        let name = |told: &InstanceId| format!("flush/{told}/{}", read.first().map_or("", WireId::as_str));
        let jobs: Vec<_> = told
            .iter()
            .map(|told| Job::Flush { instance: *told }.at(session.account, &told.to_string(), told.as_uuid(), &name(told), now))
            .collect();
        if !jobs.is_empty() {
            let mut connection = self.platform.pool().acquire().await.map_err(SimError::from)?;
            work::enqueue(&mut connection, &jobs).await.map_err(SimError::from)?;
            self.platform.log.ring();
        }
        Ok(())
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
        self.platform.log.ring();
        Ok(())
    }

    async fn logout(&self, instance: InstanceId) -> Result<(), EngineError> {
        self.change(None, instance, Step::Unlink).await?;
        Ok(())
    }

    fn directory(&self) -> Option<&dyn recado_messaging::engine::SessionDirectory> {
        Some(self)
    }
}
