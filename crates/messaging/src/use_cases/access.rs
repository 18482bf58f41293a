//! An instance somebody has been let into.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use recado_event_store::Platform;
use recado_kernel::{AccountId, Actor, CommandId, CommandMeta, Door, InstanceId};

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
    commands: Option<Arc<RequestCommands>>,
}

/// The command ids of a request that may come again: the first, second … of a repeat are those of the first time.
#[derive(Debug)]
pub struct RequestCommands {
    first: CommandId,
    used: AtomicU32,
}

impl RequestCommands {
    /// `first` must be a version 7 UUID: messages take their month from it.
    #[must_use]
    pub const fn new(first: CommandId) -> Self {
        Self { first, used: AtomicU32::new(0) }
    }

    /// The id of the request's first command.
    #[must_use]
    pub const fn first(&self) -> CommandId {
        self.first
    }

    /// `meta` with the next id, as a part of the request's story.
    #[must_use]
    pub fn next(&self, mut meta: CommandMeta) -> CommandMeta {
        meta.command_id = match self.used.fetch_add(1, Ordering::Relaxed) {
            0 => self.first,
            n => CommandId::derive(self.first.as_uuid(), &format!("request/{n}")),
        };
        meta.correlation_id = self.first.as_uuid();
        meta
    }
}

impl InstanceAccess {
    pub(crate) const fn new(view: InstanceView, actor: Actor, door: Door) -> Self {
        Self { view, actor, door, commands: None }
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
        let meta = platform.meta(self.account(), self.actor.clone(), self.door);
        match &self.commands {
            Some(commands) => commands.next(meta),
            None => meta,
        }
    }

    /// The same caller in a request that may come again: a repeat is carried out once.
    #[must_use]
    pub fn repeatable(mut self, commands: RequestCommands) -> Self {
        self.commands = Some(Arc::new(commands));
        self
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
