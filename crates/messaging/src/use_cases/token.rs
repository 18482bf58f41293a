//! The REST token: shown again in the panel, found by a keyed digest, compared in constant time.

use chrono::{Duration, SubsecRound as _};
use recado_event_store::Platform;
use recado_kernel::{CommandMeta, InstanceId, Secret};

use super::{InstanceAccess, Recorded};
use crate::domain::instance::InstanceAction;
use crate::{Messaging, MessagingError, TOKEN_PURPOSE, WEBHOOK_SECRET_PURPOSE};
use recado_kernel::{AccountId, Actor, Door, Timestamp};
use subtle::ConstantTimeEq as _;

/// How long the webhook secret before the newest signs beside it, in hours.
const BOTH_SIGN_HOURS: i64 = 24;

impl Messaging {
    /// The instance behind `/instances/{public_id}/token/{token}`; `None` for an unknown id and for a wrong token alike, so that ids cannot
    /// be probed. Ids are read loosely (either case, with or without hyphens).
    ///
    /// # Errors
    /// The database.
    pub async fn find_instance_by_token(&self, public_id: &str, token: &str) -> Result<Option<InstanceAccess>, MessagingError> {
        let Ok(id) = public_id.parse::<InstanceId>() else { return Ok(None) };
        let given = self.token_digest(token);
        let Some(view) = self.find_instance(id).await? else { return Ok(None) };
        let matches: bool = given.as_bytes().ct_eq(view.token_digest.as_bytes()).into();
        Ok((matches && view.deleted_at.is_none()).then(|| InstanceAccess::new(view, Actor::Api(id.public()), Door::Api)))
    }

    /// Replaces the token; the old one is void as soon as the read model has seen it.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn rotate_token(&self, meta: CommandMeta, id: InstanceId) -> Result<(Secret<String>, Recorded), MessagingError> {
        let token = new_token(&self.platform);
        let action = InstanceAction::RotateToken {
            token_protected: self.platform.vault.protect(TOKEN_PURPOSE, &token)?,
            token_digest: self.token_digest(&token),
        };
        let recorded = self.on_instance(meta, id, action).await?;
        if recorded.changed {
            return Ok((Secret::new(token), recorded));
        }
        // A repeated command: the token it made then.
        let known = self.instances.load(&id.to_string()).await?.aggregate;
        Ok((Secret::new(self.platform.vault.reveal(TOKEN_PURPOSE, &known.token_protected)?), recorded))
    }

    /// The token in clear, for people who may see it.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn show_token(&self, account: AccountId, id: InstanceId) -> Result<Secret<String>, MessagingError> {
        let instance = self.instances.load(&id.to_string()).await?.aggregate;
        if !instance.belongs_to(account) {
            return Err(MessagingError::InstanceNotFound);
        }
        Ok(Secret::new(self.platform.vault.reveal(TOKEN_PURPOSE, &instance.token_protected)?))
    }

    /// The secret that signs this instance's webhooks.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn webhook_secret(&self, account: AccountId, id: InstanceId) -> Result<Secret<String>, MessagingError> {
        let instance = self.instances.load(&id.to_string()).await?.aggregate;
        if !instance.belongs_to(account) {
            return Err(MessagingError::InstanceNotFound);
        }
        Ok(Secret::new(self.platform.vault.reveal(WEBHOOK_SECRET_PURPOSE, &instance.webhook_secret_protected)?))
    }

    /// Replaces the secret that signs webhooks. The new one signs at once, the old one beside it for a day or until
    /// [`Self::retire_webhook_secret`].
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn rotate_webhook_secret(
        &self,
        meta: CommandMeta,
        id: InstanceId,
    ) -> Result<(Secret<String>, Recorded), MessagingError> {
        let secret = new_webhook_secret(&self.platform);
        let action = InstanceAction::RotateWebhookSecret {
            secret_protected: self.platform.vault.protect(WEBHOOK_SECRET_PURPOSE, &secret)?,
            previous_until: meta.occurred_at.trunc_subsecs(6) + Duration::hours(BOTH_SIGN_HOURS),
        };
        let account = meta.account_id;
        let recorded = self.on_instance(meta, id, action).await?;
        if recorded.changed {
            return Ok((Secret::new(secret), recorded));
        }
        // A repeated command: the secret it made then.
        Ok((self.webhook_secret(account, id).await?, recorded))
    }

    /// The secret before the newest signs no more.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn retire_webhook_secret(&self, meta: CommandMeta, id: InstanceId) -> Result<Recorded, MessagingError> {
        self.on_instance(meta, id, InstanceAction::RetireWebhookSecret).await
    }

    /// Until when the webhook secret before the newest signs, too; `None` when it does not.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn previous_secret_until(&self, account: AccountId, id: InstanceId) -> Result<Option<Timestamp>, MessagingError> {
        let instance = self.instances.load(&id.to_string()).await?.aggregate;
        if !instance.belongs_to(account) {
            return Err(MessagingError::InstanceNotFound);
        }
        let now = self.platform.now();
        Ok(instance.previous_webhook_secret.map(|previous| previous.until).filter(|until| *until > now))
    }

    pub(crate) fn token_digest(&self, token: &str) -> String {
        self.platform.vault.digest("instance_token", None, &token.trim().to_ascii_uppercase())
    }
}

/// 24 upper-case hex characters (plugzapi-api.md 1.1).
pub(super) fn new_token(platform: &Platform) -> String {
    platform.random_bytes::<12>().iter().map(|byte| format!("{byte:02X}")).collect()
}

/// 64 lower-case hex characters.
pub(super) fn new_webhook_secret(platform: &Platform) -> String {
    platform.random_bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}
