//! Showing the QR code of a session: the domain's event and the engine's code in one call.

use recado_kernel::{CommandMeta, InstanceId, PhoneNumber};

use super::{QrView, SessionEngine};
use crate::domain::instance::Connection;
use crate::{Messaging, MessagingError};

/// What the QR dialog shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pairing {
    /// There is a live session: nothing to scan.
    Connected,
    /// Draw this.
    Show(QrView),
    /// The engine has no code yet (or is not reachable): ask again shortly.
    NotReady,
}

impl Messaging {
    /// The QR code of this moment; starts pairing if nobody has. Asked again every few seconds, as the code changes every 20 s.
    ///
    /// # Errors
    /// Trial over, not found, or the database.
    pub async fn qr_code(&self, meta: CommandMeta, id: InstanceId) -> Result<Pairing, MessagingError> {
        let account = meta.account_id;
        if !self.ready_to_pair(meta, id).await? {
            return Ok(Pairing::Connected);
        }
        let Some(engine) = &self.engine else { return Ok(Pairing::NotReady) };
        let now = self.platform.now();
        // The reactor does the same a little later; doing it here spares the person the wait.
        let code = match engine.start_pairing(account, id).await {
            Ok(_) => engine.qr(id, now).await,
            Err(error) => Err(error),
        };
        Ok(match code {
            Ok(Some(view)) => Pairing::Show(view),
            Ok(None) => Pairing::NotReady,
            Err(error) => {
                tracing::warn!(instance = %id, %error, "no QR code");
                Pairing::NotReady
            }
        })
    }

    /// A code to type on the phone instead of scanning. `None`: connected already, or the engine cannot do this.
    ///
    /// # Errors
    /// Trial over, not found, or the database.
    pub async fn phone_code(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        phone: &PhoneNumber,
    ) -> Result<Option<String>, MessagingError> {
        let account = meta.account_id;
        if !self.ready_to_pair(meta, id).await? {
            return Ok(None);
        }
        let Some(engine) = self.engine.as_ref().filter(|engine| engine.capabilities().phone_code) else { return Ok(None) };
        match engine.phone_code(account, id, phone).await {
            Ok(code) => Ok(Some(code)),
            Err(_) => Ok(None),
        }
    }

    /// `false` when there is a live session.
    async fn ready_to_pair(&self, meta: CommandMeta, id: InstanceId) -> Result<bool, MessagingError> {
        let instance = self.instances.load(&id.to_string()).await?.aggregate;
        if !instance.belongs_to(meta.account_id) {
            return Err(MessagingError::InstanceNotFound);
        }
        match instance.connection {
            Connection::Connected => Ok(false),
            Connection::Pairing if instance.terms.may_send(self.platform.now()) => Ok(true),
            _ => match self.start_pairing(meta, id).await {
                Ok(_) => Ok(true),
                Err(MessagingError::AlreadyConnected) => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    /// The engine of this process, if it runs sessions.
    #[must_use]
    pub fn engine(&self) -> Option<&dyn SessionEngine> {
        self.engine.as_deref()
    }
}
