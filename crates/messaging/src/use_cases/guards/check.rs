//! What stands between a request to send and the queue. The usual case is one indexed look-up: is the chat's digest claimed by an opt-out,
//! and is the instance's warm-up meant strictly?

use recado_kernel::{AccountId, ChatAddress, CommandId, InstanceId, MessageId};

use super::confirm::CONFIRMER;
use super::{chat_digest, chat_digests};
use crate::domain::guards::{WarmUp, local_day};
use crate::domain::instance_guard::{InstanceGuardAction, InstanceGuardCommand};
use crate::domain::opt_out::OPTED_OUT;
use crate::use_cases::InstanceAccess;
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Refuses a message to a contact that opted out, and one to a new contact beyond today's allowance. Our confirmation of an opt-out passes.
    ///
    /// # Errors
    /// [`MessagingError::OptedOut`], [`MessagingError::WarmUp`], the database.
    pub(crate) async fn require_guards(&self, access: &InstanceAccess, to: &ChatAddress) -> Result<(), MessagingError> {
        if !to.is_person() || access.is_job(CONFIRMER) {
            return Ok(());
        }
        let (account, instance) = (access.account(), access.instance());
        let (opted_out, strict): (bool, bool) = sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM claim WHERE scope = $1 AND key = $2),
                    COALESCE((SELECT warm_up = 'enforce' FROM view_instance_guard WHERE instance_id = $3), false)",
        )
        .bind(OPTED_OUT)
        .bind(chat_digest(&self.platform, account, to))
        .bind(instance.as_uuid())
        .fetch_one(self.platform.pool())
        .await?;
        match (opted_out, strict) {
            (true, _) => Err(MessagingError::OptedOut),
            (false, true) => self.count_new_contact(account, access, instance, to).await,
            (false, false) => Ok(()),
        }
    }

    /// Only the aggregate may say yes: the read model may lag behind requests that come at once.
    async fn count_new_contact(
        &self,
        account: AccountId,
        access: &InstanceAccess,
        instance: InstanceId,
        to: &ChatAddress,
    ) -> Result<(), MessagingError> {
        let chats = chat_digests(&self.platform, account, to);
        let facts = self.number_facts(account, instance, &chats).await?;
        if facts.knows {
            return Ok(());
        }
        let known = self.instance_guards.load(&instance.to_string()).await?.aggregate;
        let plan = known.plan.as_ref().unwrap_or(&self.settings.warm_up_plan);
        let now = self.platform.now();
        let Some(allowed) = WarmUp::of(plan, facts.first_linked_at, now, facts.used).allowed else { return Ok(()) };
        let action = InstanceGuardAction::CountNewContact {
            day: local_day(now),
            number_digest: facts.number_digest,
            chat_digests: chats,
            seen: facts.used,
            allowed,
        };
        let command = InstanceGuardCommand { account, action };
        self.instance_guards.execute(&instance.to_string(), command, access.meta(&self.platform)).await?;
        Ok(())
    }

    /// May this waiting message still go out? Asked again before the hand-over: the contact may have left since it was accepted.
    pub(crate) async fn is_opted_out(
        &self,
        account: AccountId,
        to: &ChatAddress,
        message: MessageId,
    ) -> Result<bool, MessagingError> {
        if !to.is_person() {
            return Ok(false);
        }
        let owner = self.opted_out_as(account, to).await?;
        let Some(owner) = owner else { return Ok(false) };
        Ok(self.opt_outs.load(&owner).await?.aggregate.confirmation != Some(message))
    }

    /// The opt-out that holds this contact's claim now.
    pub(super) async fn opted_out_as(&self, account: AccountId, contact: &ChatAddress) -> Result<Option<String>, MessagingError> {
        Ok(sqlx::query_scalar("SELECT owner FROM claim WHERE scope = $1 AND key = $2")
            .bind(OPTED_OUT)
            .bind(chat_digest(&self.platform, account, contact))
            .fetch_optional(self.platform.pool())
            .await?)
    }
}

/// The message that a command id leads to; as accepting does it.
pub(super) fn message_of(account: AccountId, instance: InstanceId, command_id: CommandId) -> MessageId {
    let name = format!("message/{instance}/{command_id}");
    match recado_kernel::id::moment_of_uuid(command_id.as_uuid()) {
        Some(at) => MessageId::derive_at(at, account.as_uuid(), &name),
        None => MessageId::derive(account.as_uuid(), &name),
    }
}
