//! Integrator tokens with a name each (plugzapi-api.md 2.12): made and made void by the account's owner or by staff, shown once, kept as a
//! keyed digest only.

use recado_event_store::{Alongside, CommandError, StoreError};
use recado_kernel::name::InvalidName;
use recado_kernel::{AccountId, CommandMeta, Door, Name, Secret};
use uuid::Uuid;

use super::store_code;
use crate::credentials::{ACCOUNT_TOKEN, account_token};
use crate::domain::account::{AccountCommand, AccountError, NewPartnerToken};
use crate::people::store_error;
use crate::projections::partner_tokens::{self, PARTNER_TOKENS, PartnerTokenRow};
use crate::{Accounts, Forbidden, Permission, Principal, StaffPermission};

/// Why a token is not made or made void.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PartnerTokenError {
    /// Another role, or another account.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The name is none.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// So many are in force already.
    #[error("too many tokens are in force")]
    TooMany,
    /// There is no such account.
    #[error("there is no such account")]
    UnknownAccount,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PartnerTokenError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::Name(_) => "name_invalid",
            Self::TooMany => "too_many_tokens",
            Self::UnknownAccount => "unknown_account",
            Self::Store(error) => store_code(error),
        }
    }
}

impl Accounts {
    /// The account's integrator tokens, newest first, void ones included.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn partner_tokens(
        &self,
        principal: &Principal,
        account: AccountId,
    ) -> Result<Vec<PartnerTokenRow>, PartnerTokenError> {
        may_see(principal, account)?;
        Ok(partner_tokens::of_account(self.platform.pool(), account).await?)
    }

    /// A new token. This answer is the only time it is shown.
    ///
    /// # Errors
    /// See [`PartnerTokenError`].
    pub async fn create_partner_token(
        &self,
        principal: &Principal,
        account: AccountId,
        name: &str,
    ) -> Result<Secret<String>, PartnerTokenError> {
        may_manage(principal, account)?;
        let name: Name = name.parse()?;
        let token = account_token(&self.platform, 'P');
        let digest = self.platform.vault.digest(ACCOUNT_TOKEN, None, &token);
        let new = NewPartnerToken {
            token: self.platform.new_uuid(),
            name: name.as_str().to_owned(),
            // The last letter is always the same.
            tail: token.chars().skip(29).take(4).collect(),
            digest: digest.clone(),
        };
        let alongside = Alongside { claims: vec![Self::token_claim(account, &digest)], ..Alongside::default() };
        self.on_tokens(principal, account, AccountCommand::CreatePartnerToken(new), alongside).await?;
        Ok(Secret::new(token))
    }

    /// Makes a token void at once. Doing so twice is harmless.
    ///
    /// # Errors
    /// See [`PartnerTokenError`].
    pub async fn revoke_partner_token(
        &self,
        principal: &Principal,
        account: AccountId,
        token: Uuid,
    ) -> Result<(), PartnerTokenError> {
        may_manage(principal, account)?;
        let known = self.accounts.load(&account.to_string()).await?.aggregate;
        let claim = known.named_partner_token(token).map(|known| Self::token_claim(account, &known.digest));
        let alongside = Alongside { release: claim.into_iter().collect(), ..Alongside::default() };
        self.on_tokens(principal, account, AccountCommand::RevokePartnerToken { token }, alongside).await
    }

    async fn on_tokens(
        &self,
        principal: &Principal,
        account: AccountId,
        command: AccountCommand,
        alongside: Alongside,
    ) -> Result<(), PartnerTokenError> {
        let meta: CommandMeta = self.platform.meta(account, principal.actor(), Door::Panel);
        match self.accounts.execute_with(&account.to_string(), command, meta, move |_, _| alongside.clone()).await {
            Ok(outcome) => {
                let patience = std::time::Duration::from_secs(2);
                self.platform.log.wait_for(PARTNER_TOKENS, outcome.position, patience).await;
                Ok(())
            }
            Err(CommandError::Refused(AccountError::TooManyTokens)) => Err(PartnerTokenError::TooMany),
            Err(CommandError::Refused(AccountError::Unknown)) => Err(PartnerTokenError::UnknownAccount),
            Err(error) => Err(store_error(error).into()),
        }
    }
}

fn may_see(principal: &Principal, account: AccountId) -> Result<(), Forbidden> {
    match principal.is_staff() {
        true => principal.require_staff(StaffPermission::FindAccounts).map(drop),
        false if principal.require(Permission::ViewTokens)? == account => Ok(()),
        false => Err(Forbidden),
    }
}

fn may_manage(principal: &Principal, account: AccountId) -> Result<(), Forbidden> {
    match principal.is_staff() {
        true => principal.require_staff(StaffPermission::ManagePartnerTokens).map(drop),
        false if principal.require(Permission::ManageAccount)? == account => Ok(()),
        false => Err(Forbidden),
    }
}
