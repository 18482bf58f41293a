//! An instance somebody has been let into.

use recado_event_store::Platform;
use recado_kernel::{AccountId, Actor, CommandMeta, Door, InstanceId};

use crate::domain::instance::Connection;
use crate::projections::instances::InstanceView;
use crate::{Messaging, MessagingError};

/// An instance together with who is using it. Only [`Messaging::find_instance_by_token`] and [`Messaging::instance_access`] make one.
#[derive(Debug, Clone)]
pub struct InstanceAccess {
    /// The instance as the read model shows it.
    pub view: InstanceView,
    actor: Actor,
    door: Door,
}

impl InstanceAccess {
    pub(crate) const fn new(view: InstanceView, actor: Actor, door: Door) -> Self {
        Self { view, actor, door }
    }

    /// The owner.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.view.account
    }

    /// The instance.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.view.id
    }

    /// Is a session online?
    #[must_use]
    pub fn connected(&self) -> bool {
        self.view.connection == Connection::Connected
    }

    /// Circumstances of a new command by this caller.
    #[must_use]
    pub fn meta(&self, platform: &Platform) -> CommandMeta {
        platform.meta(self.account(), self.actor.clone(), self.door)
    }

    /// Is it this job of ours?
    pub(crate) fn is_job(&self, name: &str) -> bool {
        matches!(&self.actor, Actor::System(job) if job == name)
    }

    /// Refuses when trial or subscription is over (plugzapi-api.md 1.5: on every instance route).
    ///
    /// # Errors
    /// [`MessagingError::SubscribeAgain`].
    pub fn require_service(&self, platform: &Platform) -> Result<(), MessagingError> {
        if self.view.terms.may_send(platform.now()) { Ok(()) } else { Err(MessagingError::SubscribeAgain) }
    }
}

impl Messaging {
    /// Lets a signed-in person (or the command line) into an instance of `account`.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn instance_access(
        &self,
        account: AccountId,
        id: InstanceId,
        actor: Actor,
        door: Door,
    ) -> Result<InstanceAccess, MessagingError> {
        Ok(InstanceAccess::new(self.instance(account, id).await?, actor, door))
    }
}
