//! The opt-out list: on and off it, by a word or by hand. Claims on every way the contact is written come and go with the events, so a
//! message is refused from the very commit on.

use recado_event_store::{Alongside, Claim, CommandOutcome};
use recado_kernel::{AccountId, ChatAddress, CommandMeta};
use uuid::Uuid;

use super::chat_digests;
use super::check::message_of;
use super::confirm::Confirm;
use crate::domain::opt_out::{Asked, OPTED_OUT, OptOut, OptOutCommand, OptOutEvent, Source};
use crate::use_cases::{Recorded, contact};
use crate::{Messaging, MessagingError};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 200;

impl Messaging {
    /// Puts a contact on the list by hand. `changed` is false when it was there already.
    ///
    /// # Errors
    /// [`MessagingError::NotAPerson`] for groups and channels, [`MessagingError::Reason`], the database.
    pub async fn opt_out_by_hand(
        &self,
        meta: CommandMeta,
        who: &ChatAddress,
        reason: Option<&str>,
    ) -> Result<Recorded, MessagingError> {
        self.opt_out_for(meta, who, Source::Hand, reason).await
    }

    pub(super) async fn opt_out_for(
        &self,
        meta: CommandMeta,
        who: &ChatAddress,
        source: Source,
        reason: Option<&str>,
    ) -> Result<Recorded, MessagingError> {
        if !who.is_person() {
            return Err(MessagingError::NotAPerson);
        }
        let reason = match checked_reason(reason)? {
            Some(reason) => Some(self.platform.vault.seal(meta.account_id, &contact(who), reason).await?),
            None => None,
        };
        self.leave(meta, who, Asked::by(source, reason), None).await
    }

    /// Takes a contact off the list by hand; somebody must say why.
    ///
    /// # Errors
    /// [`MessagingError::Reason`] without one, [`MessagingError::NotOnList`], the database.
    pub async fn opt_in_by_hand(&self, meta: CommandMeta, id: Uuid, reason: &str) -> Result<Recorded, MessagingError> {
        let reason = checked_reason(Some(reason))?.ok_or(MessagingError::Reason)?;
        let known = self.opt_outs.load(&id.to_string()).await?.aggregate;
        let seal = known.contact.filter(|_| known.account == Some(meta.account_id)).ok_or(MessagingError::NotOnList)?;
        // Once the contact's key is destroyed nobody could read why, either.
        let reason = match self.platform.vault.unseal(&seal).await?.and_then(|text| text.parse::<ChatAddress>().ok()) {
            Some(who) => Some(self.platform.vault.seal(meta.account_id, &contact(&who), reason).await?),
            None => None,
        };
        let command = OptOutCommand::Lift { account: meta.account_id, asked: Asked::by(Source::Hand, reason) };
        self.on_opt_out(&id.to_string(), command, meta, None).await
    }

    /// Learns that a contact that opted out has another address, too (the `@lid` of a number, or the reverse): it is out under both.
    ///
    /// # Errors
    /// [`MessagingError::NotOnList`], the database.
    pub async fn opt_out_also_known(
        &self,
        meta: CommandMeta,
        who: &ChatAddress,
        other: &ChatAddress,
    ) -> Result<Recorded, MessagingError> {
        let account = meta.account_id;
        let id = self.opted_out_as(account, who).await?.ok_or(MessagingError::NotOnList)?;
        let sealed = self.platform.vault.seal(account, &contact(other), other.as_str()).await?;
        let digests = chat_digests(&self.platform, account, other);
        self.on_opt_out(&id, OptOutCommand::AddAddress { account, contact: sealed, digests }, meta, None).await
    }

    /// Is this contact on the account's list?
    ///
    /// # Errors
    /// The database.
    pub async fn has_opted_out(&self, account: AccountId, who: &ChatAddress) -> Result<bool, MessagingError> {
        Ok(self.opted_out_as(account, who).await?.is_some())
    }

    pub(super) async fn leave(
        &self,
        meta: CommandMeta,
        who: &ChatAddress,
        asked: Asked,
        confirm: Option<Confirm>,
    ) -> Result<Recorded, MessagingError> {
        let account = meta.account_id;
        let command = OptOutCommand::Record {
            account,
            contact: self.platform.vault.seal(account, &contact(who), who.as_str()).await?,
            digests: chat_digests(&self.platform, account, who),
            asked,
            confirmation: confirm.map(|confirm| message_of(account, confirm.instance, confirm.command_id)),
        };
        let id = self.opt_out_of(account, who).await?;
        self.on_opt_out(&id, command, meta, confirm).await
    }

    pub(super) async fn come_back(&self, meta: CommandMeta, who: &ChatAddress, asked: Asked) -> Result<Recorded, MessagingError> {
        let id = self.opt_out_of(meta.account_id, who).await?;
        self.on_opt_out(&id, OptOutCommand::Lift { account: meta.account_id, asked }, meta, None).await
    }

    /// Whoever holds the claim; else the id made of the contact's canonical form.
    async fn opt_out_of(&self, account: AccountId, who: &ChatAddress) -> Result<String, MessagingError> {
        if let Some(owner) = self.opted_out_as(account, who).await? {
            return Ok(owner);
        }
        let canonical = chat_digests(&self.platform, account, who).swap_remove(0);
        Ok(Uuid::new_v5(&account.as_uuid(), format!("opt_out/{canonical}").as_bytes()).to_string())
    }

    async fn on_opt_out(
        &self,
        id: &str,
        command: OptOutCommand,
        meta: CommandMeta,
        confirm: Option<Confirm>,
    ) -> Result<Recorded, MessagingError> {
        let (account, at, cause, owner) = (meta.account_id, meta.occurred_at, meta.as_cause(), id.to_owned());
        let alongside = move |after: &OptOut, events: &[OptOutEvent]| {
            let claims = after.digests.iter().map(|digest| Claim {
                scope: OPTED_OUT.to_owned(),
                key: digest.clone(),
                owner: owner.clone(),
            });
            let claims: Vec<Claim> = claims.collect();
            match events.first() {
                Some(OptOutEvent::Recorded { contact, .. }) => Alongside {
                    claims,
                    work: confirm.map(|confirm| confirm.work(account, contact.clone(), at, cause)).into_iter().collect(),
                    ..Alongside::default()
                },
                Some(OptOutEvent::AlsoKnown { digests, .. }) if after.out => Alongside {
                    claims: claims.into_iter().filter(|claim| digests.contains(&claim.key)).collect(),
                    ..Alongside::default()
                },
                Some(OptOutEvent::Lifted { .. }) => Alongside { release: claims, ..Alongside::default() },
                _ => Alongside::default(),
            }
        };
        let outcome: CommandOutcome<OptOutEvent> = self.opt_outs.execute_with(id, command, meta, alongside).await?;
        Ok(outcome.into())
    }
}

fn checked_reason(reason: Option<&str>) -> Result<Option<&str>, MessagingError> {
    match reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        Some(reason) if reason.chars().count() > LONGEST_REASON || reason.chars().any(char::is_control) => {
            Err(MessagingError::Reason)
        }
        checked => Ok(checked),
    }
}
