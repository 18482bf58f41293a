//! Paying and not paying any more.

use chrono::{Duration, SubsecRound as _};
use recado_event_store::Alongside;
use recado_kernel::{CommandMeta, InstanceId};

use super::Recorded;
use crate::domain::instance::{InstanceAction, InstanceCommand, InstanceEvent};
use crate::timers::InstanceTimer;
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Subscribes; `None` takes the default plan. Two tabs at once subscribe once. Also revives an instance whose trial or service is
    /// over (it must be paired again), and takes back a cancellation.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn subscribe(&self, meta: CommandMeta, id: InstanceId, plan: Option<&str>) -> Result<Recorded, MessagingError> {
        let plan = plan.unwrap_or(&self.settings.plan).to_owned();
        let command =
            InstanceCommand { account: meta.account_id, at: self.platform.now(), action: InstanceAction::Subscribe { plan } };
        let alongside = move |_: &_, _: &[InstanceEvent]| Alongside {
            cancel_work: vec![InstanceTimer::trial_end(id).id()],
            ..Alongside::default()
        };
        Ok(self.instances.execute_with(&id.to_string(), command, meta, alongside).await?.into())
    }

    /// Cancels the subscription: usable for [`crate::MessagingSettings::cancel_grace_days`] more days, whose end is a timer stored with
    /// the event. Doing so twice is harmless.
    ///
    /// # Errors
    /// Not subscribed, not found, or the database.
    pub async fn cancel_subscription(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        let account = meta.account_id;
        let ends_at = meta.occurred_at.trunc_subsecs(6) + Duration::days(self.settings.cancel_grace_days);
        let command =
            InstanceCommand { account, at: self.platform.now(), action: InstanceAction::CancelSubscription { ends_at } };
        let alongside = move |_: &_, _: &[InstanceEvent]| Alongside {
            work: vec![InstanceTimer::service_end(id, ends_at).at(account, ends_at)],
            ..Alongside::default()
        };
        Ok(self.instances.execute_with(&id.to_string(), command, meta, alongside).await?.into())
    }
}
