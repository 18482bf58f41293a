//! The 24-hour rule before the QR code: in the panel, and on the REST API only where the account turned that on (plugzapi-api.md 4).

use recado_kernel::{AccountId, CommandMeta, Door, InstanceId};

use crate::domain::guards::{GuardMode, Ripeness, ripeness};
use crate::{Messaging, MessagingError};

impl Messaging {
    /// How strictly the rule is meant for an instance, and whether its number has rested.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn qr_rule(&self, account: AccountId, id: InstanceId) -> Result<(GuardMode, Ripeness), MessagingError> {
        let guard = self.instance_guard(account, id).await?;
        let mode = match guard.qr_rule {
            Some(mode) => mode,
            None => self.guard_rules(account).await?.qr_rule,
        };
        Ok((mode, ripeness(guard.registered_at, self.platform.now())))
    }

    /// Refuses a QR code where the rule is enforced and the number has not rested, or nobody said since when it exists. A link that is only
    /// restored is not asked.
    ///
    /// # Errors
    /// [`MessagingError::NumberTooYoung`], [`MessagingError::RegistrationUnknown`], not found, the database.
    pub(crate) async fn require_ripe(&self, meta: &CommandMeta, id: InstanceId) -> Result<(), MessagingError> {
        let account = meta.account_id;
        match meta.door {
            Door::Panel => {}
            Door::Api if self.guard_rules(account).await?.qr_rule_in_api => {}
            Door::Api | Door::Engine | Door::Job => return Ok(()),
        }
        let known = self.instances.load(&id.to_string()).await?.aggregate;
        if !known.belongs_to(account) || known.number_digest.is_some() {
            return Ok(());
        }
        // From the log: the answer may have been given a moment ago.
        let guard = self.instance_guards.load(&id.to_string()).await?.aggregate;
        let mode = match guard.qr_rule {
            Some(mode) => mode,
            None => self.guard_policies.load(&account.to_string()).await?.aggregate.rules.qr_rule,
        };
        match ripeness(guard.registered_at, self.platform.now()) {
            _ if mode != GuardMode::Enforce => Ok(()),
            Ripeness::Ripe => Ok(()),
            Ripeness::Unknown => Err(MessagingError::RegistrationUnknown),
            Ripeness::Until(until) => Err(MessagingError::NumberTooYoung { until }),
        }
    }
}
