//! The other side of the simulated WhatsApp: what people do with the virtual phones.

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::Duration;
use recado_event_store::{NewWork, Platform, WorkHandler, work};
use recado_kernel::{AccountId, InstanceId, MessageId, PhoneNumber, Timestamp, WireId};
use recado_messaging::MessageContent;
use recado_messaging::engine::EngineEvents;
use recado_messaging::media::MediaLibrary;

use crate::qr;
use crate::session::{Session, Step};
use crate::store::{messages, phones, sessions};
use crate::tell::SessionNews;
use crate::worker::Job;
use crate::{Hand, SimError};

/// What a phone scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanTarget {
    /// Whatever the instance shows at this moment (the command line).
    Instance {
        /// The owner.
        account: AccountId,
        /// Which.
        instance: InstanceId,
    },
    /// The text of a QR code, or the eight characters of a phone code.
    Code(String),
}

/// Drives the simulated WhatsApp. Cheap to clone; any process may do it.
#[derive(Clone)]
pub struct Sim {
    pub(crate) platform: Platform,
    pub(crate) core: Arc<dyn EngineEvents>,
    pub(crate) media: Option<MediaLibrary>,
}

impl std::fmt::Debug for Sim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sim(…)")
    }
}

impl Sim {
    /// `core` is the messaging context: it hears what happens.
    #[must_use]
    pub fn new(platform: Platform, core: impl EngineEvents + 'static) -> Self {
        Self { platform, core: Arc::new(core), media: None }
    }

    /// What phones send is put here before the core hears of it.
    #[must_use]
    pub fn with_media(mut self, media: MediaLibrary) -> Self {
        self.media = Some(media);
        self
    }

    /// Handlers of the simulator's durable work.
    #[must_use]
    pub fn handlers(&self) -> Vec<Arc<dyn WorkHandler>> {
        vec![Arc::new(self.clone())]
    }

    /// A phone scans a code: the instance is connected afterwards. A phone is linked to one instance at a time. Returns the instance.
    ///
    /// # Errors
    /// The code is old or foreign, phone or instance are linked already, the core refuses (trial over), or the database.
    pub async fn scan(&self, target: &ScanTarget, phone: &PhoneNumber) -> Result<InstanceId, SimError> {
        let now = self.platform.now();
        let (account, instance) = match target {
            ScanTarget::Instance { account, instance } => (*account, *instance),
            ScanTarget::Code(text) => self.owner_of_code(text, phone, now).await?,
        };
        let mut connection = self.platform.pool().acquire().await?;
        phones::ensure(&mut connection, phone, Some(account), now).await?;
        drop(connection);
        if sessions::find(&self.platform, instance).await?.is_none() {
            self.store_step(
                Session::new(account, instance, self.new_secret()),
                Step::StartPairing { secret: self.new_secret() },
                None,
            )
            .await?;
        }
        let scan = Step::Scan { phone: phone.clone(), at: now };
        if self.change(instance, scan.clone(), Some(SessionNews::Paired)).await?.is_none() {
            // Linked already, as far as the servers know. The core may have decided otherwise a moment ago (it was disconnected, the order
            // to log out is on its way): a person who scans wants it connected, so it is told anew.
            self.change(instance, Step::Unlink, None).await?;
            self.change(instance, scan, Some(SessionNews::Paired)).await?;
        }
        self.flush(instance).await?;
        Ok(instance)
    }

    async fn owner_of_code(&self, text: &str, phone: &PhoneNumber, now: Timestamp) -> Result<(AccountId, InstanceId), SimError> {
        let shows = |session: &Session| session.state == crate::session::State::Pairing;
        if let Some(instance) = qr::instance_of(text) {
            let session = sessions::find(&self.platform, instance).await?.filter(shows).ok_or(SimError::InvalidCode)?;
            let valid = qr::accepts(&session.secret, instance, text, now);
            return if valid { Ok((session.account, instance)) } else { Err(SimError::InvalidCode) };
        }
        let typed: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let mut shown = sessions::pairing(&self.platform).await?.into_iter();
        let found = shown.find(|session| qr::phone_code(&session.secret, phone.as_str()) == typed);
        found.map(|session| (session.account, session.instance)).ok_or(SimError::InvalidCode)
    }

    /// Somebody writes to the number linked to `instance`. Returns the message's id in WhatsApp.
    ///
    /// # Errors
    /// Nothing is linked, the text is empty or too long, or the database.
    pub async fn say(&self, instance: InstanceId, from: &PhoneNumber, text: &str) -> Result<WireId, SimError> {
        let session = sessions::find(&self.platform, instance).await?.ok_or(SimError::NotLinked)?;
        let to = session.phone().ok_or(SimError::NotLinked)?;
        self.answer(session.account, from, to, text).await
    }

    /// A phone of the simulator page writes to any number (answers in a chat).
    ///
    /// # Errors
    /// The text is empty or too long, or the database.
    pub async fn answer(&self, account: AccountId, from: &PhoneNumber, to: &PhoneNumber, text: &str) -> Result<WireId, SimError> {
        let hand = Hand { account, phone: from.clone(), chat: to.clone() };
        self.send(&hand, MessageContent::text(text).into()).await
    }

    /// The recipient reads a message that went out through `instance` (by `messageId` or `zaapId`), and the older ones of the chat.
    ///
    /// # Errors
    /// No such message, a number that never reads, or the database.
    pub async fn read(&self, instance: InstanceId, message: &str) -> Result<(), SimError> {
        let ours = message.parse::<MessageId>().ok();
        let found = messages::find_sent(&self.platform, instance, message.trim(), ours).await?;
        let found = found.ok_or(SimError::UnknownMessage)?;
        if crate::Script::of(&found.recipient) == crate::Script::NeverReads {
            return Err(SimError::NeverReads);
        }
        self.read_range(&found.sender, &found.recipient, 0..=found.seq).await
    }

    /// A phone opens a chat: everything in it is read.
    ///
    /// # Errors
    /// A number that never reads, or the database.
    pub async fn read_chat(&self, phone: &PhoneNumber, chat: &PhoneNumber) -> Result<(), SimError> {
        if crate::Script::of(phone) == crate::Script::NeverReads {
            return Err(SimError::NeverReads);
        }
        self.read_range(chat, phone, 0..=i64::MAX).await
    }

    pub(crate) async fn read_range(
        &self,
        sender: &PhoneNumber,
        recipient: &PhoneNumber,
        seqs: RangeInclusive<i64>,
    ) -> Result<(), SimError> {
        for instance in messages::mark_read(&self.platform, sender, recipient, seqs, self.platform.now()).await? {
            self.flush(instance).await?;
        }
        Ok(())
    }

    /// The phone unlinks the device ("Dispositivos conectados › Sair"): the instance is disconnected. Doing so twice is harmless.
    ///
    /// # Errors
    /// Nothing is linked, or the database.
    pub async fn unlink(&self, instance: InstanceId) -> Result<(), SimError> {
        let session = sessions::find(&self.platform, instance).await?.ok_or(SimError::NotLinked)?;
        if session.phone().is_none() {
            return Err(SimError::NotLinked);
        }
        self.change(instance, Step::Unlink, Some(SessionNews::Unlinked)).await.map(drop)
    }

    /// The phone loses or regains its connection: the session drops, or comes back and hears what it missed.
    ///
    /// # Errors
    /// Nothing is linked, or the database.
    pub async fn set_online(&self, instance: InstanceId, online: bool) -> Result<(), SimError> {
        let (step, news) =
            if online { (Step::GoOnline, SessionNews::Reconnected) } else { (Step::GoOffline, SessionNews::ConnectionLost) };
        self.change(instance, step, Some(news)).await?;
        self.flush(instance).await
    }

    /// Adds a virtual phone, or switches one on or off; one that is switched on gets what waits for it.
    ///
    /// # Errors
    /// The database.
    pub async fn switch_phone(&self, account: AccountId, number: &PhoneNumber, on: bool) -> Result<(), SimError> {
        let mut connection = self.platform.pool().acquire().await?;
        phones::ensure(&mut connection, number, Some(account), self.platform.now()).await?;
        drop(connection);
        phones::switch(self.platform.pool(), number, on).await?;
        match messages::newest_for(&self.platform, number).await? {
            Some(seq) if on => {
                self.carry_out(Job::Deliver { seq }).await?;
                for sender in messages::waiting_senders(&self.platform, number).await? {
                    self.flush(sender).await?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes one step of a session and tells the core, in this process at once and durably by work. `None`: nothing changed.
    pub(crate) async fn change(
        &self,
        instance: InstanceId,
        step: Step,
        news: Option<SessionNews>,
    ) -> Result<Option<Session>, SimError> {
        let session = sessions::find(&self.platform, instance).await?.ok_or(SimError::NotLinked)?;
        self.store_step(session, step, news).await
    }

    async fn store_step(&self, session: Session, step: Step, news: Option<SessionNews>) -> Result<Option<Session>, SimError> {
        let Some(next) = session.step(step)? else { return Ok(None) };
        let now = self.platform.now();
        let mut transaction = self.platform.pool().begin().await?;
        sessions::store(&self.platform, &mut transaction, &next).await?;
        let job = news.map(|news| Job::Tell { instance: next.instance, generation: next.generation, news, at: now });
        if let Some(job) = &job {
            let name = format!("tell/{}", next.generation);
            let lane = next.instance.to_string();
            // A moment later: this process tells it first.
            let again = job.at(next.account, &lane, next.instance.as_uuid(), &name, now + Duration::seconds(1));
            work::enqueue(&mut transaction, &[again]).await?;
        }
        transaction.commit().await?;
        if let Some(Job::Tell { instance, generation, news, at }) = job {
            Box::pin(self.tell_session(instance, generation, news, at)).await?;
        }
        Ok(Some(next))
    }

    pub(crate) async fn enqueue(&self, jobs: &[NewWork]) -> Result<(), SimError> {
        let mut connection = self.platform.pool().acquire().await?;
        work::enqueue(&mut connection, jobs).await?;
        self.platform.log.ring();
        Ok(())
    }

    /// An id as WhatsApp would give one.
    pub(crate) fn wire_id(&self, seed: &str) -> WireId {
        let digest = self.platform.vault.digest_bytes("sim-wire-id", None, seed);
        let mut head = [0; 9];
        head.copy_from_slice(&digest[..9]);
        WireId::from_digest(&head)
    }

    fn new_secret(&self) -> String {
        new_secret(&self.platform)
    }
}

/// What a session's codes are made from.
pub(crate) fn new_secret(platform: &Platform) -> String {
    platform.random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}
