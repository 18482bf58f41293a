//! What the simulated servers tell a session beside messages, in order and each once. Presence is not kept for a session that is away.

use recado_kernel::{InstanceId, PhoneNumber};
use recado_messaging::engine::{EngineEvent, EngineEventsError, EngineKind, EventKey, Happening, Notice, PresenceState};

use super::tables::notices;
use crate::session::Session;
use crate::store::{phones, sessions};
use crate::{Sim, SimError};

impl Sim {
    /// A person shows that they are typing, recording, there or gone. Lost on a session that is not online.
    ///
    /// # Errors
    /// Nothing is linked, or the database.
    pub async fn presence(&self, instance: InstanceId, from: &PhoneNumber, state: PresenceState) -> Result<(), SimError> {
        let session = sessions::find(&self.platform, instance).await?.ok_or(SimError::NotLinked)?;
        session.phone().ok_or(SimError::NotLinked)?;
        if !session.is_online() {
            return Ok(());
        }
        let now = self.platform.now();
        let key = format!("presence/{}", self.platform.new_uuid());
        let last_seen = (state == PresenceState::Unavailable).then_some(now);
        let notice = Notice::Presence { phone: from.clone(), state, last_seen };
        let mut transaction = self.platform.pool().begin().await?;
        phones::ensure(&mut transaction, from, Some(session.account), now).await?;
        notices::insert(&mut transaction, session.account, instance, &key, now, &notice).await?;
        transaction.commit().await?;
        self.tell_notices(&session).await
    }

    /// Tells an online session what waits for it.
    pub(crate) async fn tell_notices(&self, session: &Session) -> Result<(), SimError> {
        loop {
            let waiting = notices::waiting(self.platform.pool(), session.instance).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for notice in waiting {
                let event = EngineEvent {
                    key: EventKey::new("notice", &notice.key),
                    engine: EngineKind::Sim,
                    account: session.account,
                    instance: session.instance,
                    at: notice.at,
                    what: Happening::Noticed(notice.notice),
                };
                match self.core.deliver(&[event]).await {
                    Ok(()) => {}
                    Err(EngineEventsError::Refused(reason)) => tracing::debug!(reason, "the core refused a simulated notice"),
                    Err(error) => return Err(error.into()),
                }
                notices::told(self.platform.pool(), notice.seq).await?;
            }
        }
    }
}
