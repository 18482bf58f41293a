//! A new instance with its trial and its token.

use chrono::{Duration, SubsecRound as _};
use recado_event_store::{Alongside, Claim, CommandError, NewWork, Position};
use recado_kernel::{AccountId, CommandMeta, InstanceId, Name, Secret, Timestamp};

use crate::domain::instance::{
    DeviceWish, FIRST_TOKEN_INSTANCES, INSTANCE_SLOT, InstanceAction, InstanceCommand, InstanceEvent, InstanceSettings,
    WebhookChange,
};
use crate::timers::InstanceTimer;
use crate::use_cases::token::{new_token, new_webhook_secret};
use crate::{Messaging, MessagingError, TOKEN_PURPOSE, WEBHOOK_SECRET_PURPOSE};

/// How often a place that somebody else took meanwhile is looked for again.
const ATTEMPTS: usize = 60;

/// What an instance is born with.
#[derive(Debug, Clone)]
pub struct NewInstance {
    /// Display name.
    pub name: Name,
    /// Webhooks; addresses come from [`Messaging::webhook_url`].
    pub webhooks: WebhookChange,
    /// Behaviour.
    pub settings: InstanceSettings,
    /// The device asked for.
    pub device: DeviceWish,
    /// Only while the account has fewer than [`FIRST_TOKEN_INSTANCES`] (plugzapi-api.md 2.12).
    pub within_first_token: bool,
}

impl NewInstance {
    /// An instance with nothing but a name, and no limit.
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self {
            name,
            webhooks: WebhookChange::default(),
            settings: InstanceSettings::default(),
            device: DeviceWish::default(),
            within_first_token: false,
        }
    }
}

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
        self.create_instance_with(meta, NewInstance::named(name)).await
    }

    /// The same with everything it is born with, in one append: whatever breaks, there is the whole instance or none.
    ///
    /// # Errors
    /// [`MessagingError::InstanceLimit`], the database.
    pub async fn create_instance_with(&self, meta: CommandMeta, new: NewInstance) -> Result<CreatedInstance, MessagingError> {
        let account = meta.account_id;
        // Time-ordered when the command id is; the same command always makes the same instance.
        let id = InstanceId::derive(account.as_uuid(), &format!("instance/{}", meta.command_id));
        let token = new_token(&self.platform);
        let webhook_secret = new_webhook_secret(&self.platform);
        // The database keeps microseconds; the trial must end on the same grid.
        let trial_ends_at = meta.occurred_at.trunc_subsecs(6) + Duration::hours(self.settings.trial_hours);
        let command = InstanceCommand {
            account,
            at: meta.occurred_at,
            action: InstanceAction::Create {
                name: new.name,
                trial_ends_at,
                token_protected: self.platform.vault.protect(TOKEN_PURPOSE, &token)?,
                token_digest: self.token_digest(&token),
                webhook_secret_protected: self.platform.vault.protect(WEBHOOK_SECRET_PURPOSE, &webhook_secret)?,
                device: new.device,
                webhooks: new.webhooks,
                settings: new.settings,
            },
        };
        for _ in 0..ATTEMPTS {
            let place = self.place(account, id, new.within_first_token).await?;
            if place.is_none() && new.within_first_token {
                // Full; but a repeat of what was done while there was room is answered as then.
                return self.born(id, account, Position::default()).await?.ok_or(MessagingError::InstanceLimit);
            }
            let alongside = move |_: &_, _: &[InstanceEvent]| {
                let timer: NewWork = InstanceTimer::trial_end(id).at(account, trial_ends_at);
                Alongside { work: vec![timer], claims: place.clone().into_iter().collect(), ..Alongside::default() }
            };
            let outcome = match self.instances.create_with(&id.to_string(), command.clone(), meta.clone(), alongside).await {
                Err(CommandError::ClaimTaken { scope }) if scope == INSTANCE_SLOT => continue,
                outcome => outcome?,
            };
            if outcome.replayed {
                return self.born(id, account, outcome.position).await?.ok_or(MessagingError::InstanceNotFound);
            }
            return Ok(CreatedInstance { id, token: Secret::new(token), due: trial_ends_at, position: outcome.position });
        }
        Err(MessagingError::Busy)
    }

    /// One of the account's first numbered places that is free; `None`: all are taken (or, within the limit, as many instances exist). Which
    /// one is left to chance, so that requests at once seldom want the same.
    async fn place(&self, account: AccountId, id: InstanceId, limited: bool) -> Result<Option<Claim>, MessagingError> {
        let most = i64::try_from(FIRST_TOKEN_INSTANCES).unwrap_or(i64::MAX);
        let free: Vec<i64> = sqlx::query_scalar(
            "SELECT n FROM generate_series(1::bigint, $3) AS n
              WHERE NOT EXISTS (SELECT 1 FROM claim WHERE scope = $1 AND key = $2 || '/' || n)
                AND (NOT $4 OR (SELECT count(*) FROM view_instance WHERE account_id = $5 AND deleted_at IS NULL) < $3)",
        )
        .bind(INSTANCE_SLOT)
        .bind(account.to_string())
        .bind(most)
        .bind(limited)
        .bind(account.as_uuid())
        .fetch_all(self.platform.pool())
        .await?;
        let last = u64::try_from(free.len()).unwrap_or(0).checked_sub(1);
        let Some(last) = last else { return Ok(None) };
        let chosen = self.platform.with_rng(|rng| rng.between(0, last));
        let place = usize::try_from(chosen).ok().and_then(|chosen| free.get(chosen));
        Ok(place.map(|place| Claim { scope: INSTANCE_SLOT.to_owned(), key: format!("{account}/{place}"), owner: id.to_string() }))
    }

    /// An instance that was created before.
    async fn born(&self, id: InstanceId, account: AccountId, at: Position) -> Result<Option<CreatedInstance>, MessagingError> {
        let known = self.instances.load(&id.to_string()).await?.aggregate;
        if !known.belongs_to(account) {
            return Ok(None);
        }
        let token = Secret::new(self.platform.vault.reveal(TOKEN_PURPOSE, &known.token_protected)?);
        Ok(Some(CreatedInstance { id, token, due: known.terms.trial_ends_at, position: at }))
    }
}
