//! A new instance with its trial and its token.

use chrono::{Duration, SubsecRound as _};
use recado_event_store::{Alongside, NewWork, Position};
use recado_kernel::{CommandMeta, InstanceId, Name, Secret, Timestamp};

use crate::domain::instance::{InstanceAction, InstanceCommand, InstanceEvent, InstanceSettings, WebhookChange};
use crate::timers::InstanceTimer;
use crate::use_cases::token::{new_token, new_webhook_secret};
use crate::{Messaging, MessagingError, TOKEN_PURPOSE, WEBHOOK_SECRET_PURPOSE};

/// A fresh instance.
#[derive(Debug, Clone)]
pub struct CreatedInstance {
    /// Its id; clients know [`InstanceId::public`].
    pub id: InstanceId,
    /// The REST token: 24 upper-case hex characters.
    pub token: Secret<String>,
    /// End of the trial.
    pub due: Timestamp,
    /// For [`Messaging::instance_visible`].
    pub position: Position,
}

impl Messaging {
    /// Creates an instance for `meta.account_id`. The trial runs from now (`meta.occurred_at`) for exactly
    /// [`crate::MessagingSettings::trial_hours`]; its timer is stored with the event. Repeating the same command id answers with the
    /// same instance.
    ///
    /// # Errors
    /// The database.
    pub async fn create_instance(&self, meta: CommandMeta, name: Name) -> Result<CreatedInstance, MessagingError> {
        self.create_instance_with(meta, name, WebhookChange::default(), InstanceSettings::default()).await
    }

    /// The same, born with webhooks and settings: all of it is stored, or nothing.
    ///
    /// # Errors
    /// The database.
    pub async fn create_instance_with(
        &self,
        meta: CommandMeta,
        name: Name,
        webhooks: WebhookChange,
        settings: InstanceSettings,
    ) -> Result<CreatedInstance, MessagingError> {
        let account = meta.account_id;
        // Time-ordered when the command id is; the same command always makes the same instance.
        let id = InstanceId::derive(account.as_uuid(), &format!("instance/{}", meta.command_id));
        let token = new_token(&self.platform);
        let webhook_secret = new_webhook_secret(&self.platform);
        // The database keeps microseconds; the trial must end on the same grid.
        let trial_ends_at = meta.occurred_at.trunc_subsecs(6) + Duration::hours(self.settings.trial_hours);
        let create = InstanceAction::Create {
            name,
            trial_ends_at,
            token_protected: self.platform.vault.protect(TOKEN_PURPOSE, &token)?,
            token_digest: self.token_digest(&token),
            webhook_secret_protected: self.platform.vault.protect(WEBHOOK_SECRET_PURPOSE, &webhook_secret)?,
        };
        let (webhooks, settings) = (InstanceAction::ChangeWebhooks(webhooks), InstanceAction::ChangeSettings(settings));
        let action = InstanceAction::All(vec![create, webhooks, settings]);
        let command = InstanceCommand { account, at: meta.occurred_at, action };
        let alongside = move |_: &_, _: &[InstanceEvent]| {
            let timer: NewWork = InstanceTimer::trial_end(id).at(account, trial_ends_at);
            Alongside { work: vec![timer], ..Alongside::default() }
        };
        let outcome = self.instances.create_with(&id.to_string(), command, meta, alongside).await?;
        if outcome.replayed {
            let known = self.instances.load(&id.to_string()).await?.aggregate;
            let token = Secret::new(self.platform.vault.reveal(TOKEN_PURPOSE, &known.token_protected)?);
            return Ok(CreatedInstance { id, token, due: known.terms.trial_ends_at, position: outcome.position });
        }
        Ok(CreatedInstance { id, token: Secret::new(token), due: trial_ends_at, position: outcome.position })
    }
}
