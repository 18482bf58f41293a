//! What people and REST clients may do with a session. The engine follows by the events (reactor in `reactors/`).

use recado_event_store::Alongside;
use recado_kernel::{CommandMeta, InstanceId};

use super::Recorded;
use super::record_session::released;
use crate::domain::instance::{Connection, DisconnectReason, InstanceAction, InstanceCommand, InstanceEvent};
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Begins to show QR codes. Doing so twice is harmless.
    ///
    /// # Errors
    /// Trial over, connected already, not found, or the database.
    pub async fn start_pairing(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        self.require_ripe(&meta, id).await?;
        self.on_instance(meta, id, InstanceAction::StartPairing).await
    }

    /// Unlinks the number; a new QR code is needed afterwards. Doing so twice is harmless.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn disconnect(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        let action = InstanceAction::Disconnect(DisconnectReason::User);
        let command = InstanceCommand { account: meta.account_id, at: self.platform.now(), action };
        let alongside =
            move |_: &_, events: &[InstanceEvent]| Alongside { release: released(id, events), ..Alongside::default() };
        Ok(self.instances.execute_with(&id.to_string(), command, meta, alongside).await?.into())
    }

    /// Restarts the session; no new QR code is needed.
    ///
    /// # Errors
    /// No linked number, trial over, not found, or the database.
    pub async fn restart(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        self.on_instance(meta, id, InstanceAction::Restart).await
    }

    /// Tries to bring a lost session back; nothing to do when it is connected.
    ///
    /// # Errors
    /// No linked number, trial over, not found, or the database.
    pub async fn restore_session(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        let loaded = self.instances.load(&id.to_string()).await?;
        if loaded.aggregate.belongs_to(meta.account_id) && loaded.aggregate.connection == Connection::Connected {
            return Ok(Recorded { position: recado_event_store::Position::default(), changed: false });
        }
        self.restart(meta, id).await
    }
}
