//! Stopping an instance until an invoice is paid, and going on (plugzapi-api.md 2.12: day 10). Billing decides when; the session follows by
//! the events, the queue waits.

use recado_event_store::Alongside;
use recado_kernel::{CommandMeta, InstanceId};

use super::Recorded;
use super::record_session::released;
use crate::domain::instance::{InstanceAction, InstanceCommand, InstanceEvent};
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Stops it: the connection is closed, the link and the queue are kept, every REST call is answered with "subscribe again". Doing so
    /// twice is harmless.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn suspend_instance(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        let command = InstanceCommand { account: meta.account_id, at: self.platform.now(), action: InstanceAction::Suspend };
        let alongside =
            move |_: &_, events: &[InstanceEvent]| Alongside { release: released(id, events), ..Alongside::default() };
        Ok(self.instances.execute_with(&id.to_string(), command, meta, alongside).await?.into())
    }

    /// Goes on: a kept link is connected again without a new QR code, and what waited goes out. Doing so twice is harmless.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn reactivate_instance(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        self.on_instance(meta, id, InstanceAction::Reactivate).await
    }
}
