//! The tokens of an account: the Client-Token (plugzapi-api.md 1.2) and the partner token (2.12).

use recado_event_store::{Alongside, StoreError};
use recado_kernel::{AccountId, Secret};
use subtle::ConstantTimeEq as _;

use super::store_code;
use crate::credentials::{ACCOUNT_TOKEN, account_token};
use crate::domain::account::{Account, AccountCommand};
use crate::people::{PersonId, store_error};
use crate::projections::{accounts, partner_tokens};
use crate::store::claims;
use crate::{Accounts, Forbidden, Permission, Principal};

/// A token as the account page shows it.
#[derive(Debug, Clone)]
pub struct AccountToken {
    /// In clear.
    pub token: Secret<String>,
    /// Is it in force? A partner token always is.
    pub active: bool,
}

/// What the REST API must ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientTokenPolicy {
    /// Must calls carry the Client-Token?
    pub active: bool,
    /// Its keyed digest.
    pub digest: String,
}

/// How a call's Client-Token fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientTokenCheck {
    /// Right, or not needed.
    Ok,
    /// Needed, and not there (or empty).
    Missing,
    /// Needed, and another one.
    Wrong,
}

/// Which token opened the partner routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerTokenKind {
    /// The account security token: at most 25 instances (plugzapi-api.md 2.12).
    First,
    /// The partner token: no limit.
    Partner,
}

/// Who may use the partner routes with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerAccess {
    /// The tenant.
    pub account_id: AccountId,
    /// By which token.
    pub kind: PartnerTokenKind,
}

/// Why a token is not shown or changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// Another role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TokenError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::Store(error) => store_code(error),
        }
    }
}

fn gone() -> StoreError {
    StoreError::Unreadable("the account of a session does not exist".into())
}

impl Accounts {
    /// The Client-Token of the principal's account.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn client_token(&self, principal: &Principal) -> Result<AccountToken, TokenError> {
        let account = self.account_of(principal, Permission::ViewTokens).await?;
        let token = account.client_token().ok_or_else(gone)?;
        let token = Secret::new(self.platform.vault.reveal(ACCOUNT_TOKEN, &token.protected)?);
        Ok(AccountToken { token, active: account.client_token_active() })
    }

    /// The partner token of the principal's account.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn partner_token(&self, principal: &Principal) -> Result<AccountToken, TokenError> {
        let account = self.account_of(principal, Permission::ViewTokens).await?;
        let token = account.partner_token().ok_or_else(gone)?;
        let token = Secret::new(self.platform.vault.reveal(ACCOUNT_TOKEN, &token.protected)?);
        Ok(AccountToken { token, active: true })
    }

    /// From now on every REST call on the account's instances must carry the Client-Token. Activating twice changes nothing.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn activate_client_token(&self, principal: &Principal) -> Result<(), TokenError> {
        let account = principal.require(Permission::ManageAccount)?;
        let meta = self.meta_of(PersonId::of(principal));
        let outcome = self.accounts.execute(&account.to_string(), AccountCommand::ActivateClientToken, meta).await;
        self.seen(outcome.map_err(store_error)?.position).await;
        Ok(())
    }

    /// A new Client-Token; the old one is wrong from now on. Whether it is active stays as it is.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn rotate_client_token(&self, principal: &Principal) -> Result<AccountToken, TokenError> {
        self.rotate(principal, PartnerTokenKind::First).await?;
        self.client_token(principal).await
    }

    /// A new partner token; the old one is wrong from now on.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn rotate_partner_token(&self, principal: &Principal) -> Result<AccountToken, TokenError> {
        self.rotate(principal, PartnerTokenKind::Partner).await?;
        self.partner_token(principal).await
    }

    /// What REST calls on this account's instances must carry; `None` for an unknown account.
    ///
    /// # Errors
    /// The database.
    pub async fn client_token_policy(&self, account: AccountId) -> Result<Option<ClientTokenPolicy>, StoreError> {
        if let Some((active, digest)) = accounts::client_token(self.platform.pool(), account).await? {
            return Ok(Some(ClientTokenPolicy { active, digest }));
        }
        // A brand-new account the read model has not met yet.
        let loaded = self.accounts.load(&account.to_string()).await?.aggregate;
        let active = loaded.client_token_active();
        Ok(loaded.client_token().map(|token| ClientTokenPolicy { active, digest: token.digest.clone() }))
    }

    /// May a REST call with this `Client-Token` header go on? Compared in constant time; an empty header counts as absent
    /// (plugzapi-api.md 1.3).
    ///
    /// # Errors
    /// The database.
    pub async fn check_client_token(&self, account: AccountId, given: Option<&str>) -> Result<ClientTokenCheck, StoreError> {
        let Some(policy) = self.client_token_policy(account).await? else { return Ok(ClientTokenCheck::Wrong) };
        let given = given.map(str::trim).filter(|given| !given.is_empty());
        Ok(match (policy.active, given) {
            (false, _) => ClientTokenCheck::Ok,
            (true, None) => ClientTokenCheck::Missing,
            (true, Some(given)) => {
                let digest = self.platform.vault.digest(ACCOUNT_TOKEN, None, given);
                if digest.as_bytes().ct_eq(policy.digest.as_bytes()).into() {
                    ClientTokenCheck::Ok
                } else {
                    ClientTokenCheck::Wrong
                }
            }
        })
    }

    /// The account behind a partner route's bearer token: the Client-Token (active or not) or the partner token.
    ///
    /// # Errors
    /// The database.
    pub async fn find_by_partner_token(&self, token: &str) -> Result<Option<AccountId>, StoreError> {
        Ok(self.partner_access(token).await?.map(|access| access.account_id))
    }

    /// The same, telling which of the two it was: the first token has a limit (plugzapi-api.md 2.12).
    ///
    /// # Errors
    /// The database.
    pub async fn partner_access(&self, token: &str) -> Result<Option<PartnerAccess>, StoreError> {
        let digest = self.platform.vault.digest(ACCOUNT_TOKEN, None, token.trim());
        let owner = claims::owner(self.platform.pool(), ACCOUNT_TOKEN, &digest).await?;
        let account =
            owner.as_deref().and_then(|owner| owner.strip_prefix("account/")).and_then(|id| id.parse::<AccountId>().ok());
        let Some(account_id) = account else { return Ok(None) };
        // The claim says where to look; only the account itself says what is valid now.
        let loaded = self.accounts.load(&account_id.to_string()).await?.aggregate;
        let is = |token: Option<&crate::domain::account::AccountToken>| token.is_some_and(|token| token.digest == digest);
        if let Some(token) = loaded.partner_token_of(&digest) {
            partner_tokens::note_use(self.platform.pool(), account_id, token, self.platform.now()).await?;
            return Ok(Some(PartnerAccess { account_id, kind: PartnerTokenKind::Partner }));
        }
        Ok(if is(loaded.partner_token()) {
            Some(PartnerAccess { account_id, kind: PartnerTokenKind::Partner })
        } else if is(loaded.client_token()) {
            Some(PartnerAccess { account_id, kind: PartnerTokenKind::First })
        } else {
            None
        })
    }

    async fn account_of(&self, principal: &Principal, permission: Permission) -> Result<Account, TokenError> {
        let account = principal.require(permission)?;
        Ok(self.accounts.load(&account.to_string()).await?.aggregate)
    }

    async fn rotate(&self, principal: &Principal, kind: PartnerTokenKind) -> Result<(), TokenError> {
        let account = principal.require(Permission::ManageAccount)?;
        let before = self.account_of(principal, Permission::ManageAccount).await?;
        let first = if kind == PartnerTokenKind::First { 'F' } else { 'P' };
        let token = self.new_account_token(&account_token(&self.platform, first))?;
        let (old, command) = match kind {
            PartnerTokenKind::First => (before.client_token(), AccountCommand::RotateClientToken(token.clone())),
            PartnerTokenKind::Partner => (before.partner_token(), AccountCommand::RotatePartnerToken(token.clone())),
        };
        let alongside = Alongside {
            claims: vec![Self::token_claim(account, &token.digest)],
            release: old.iter().map(|old| Self::token_claim(account, &old.digest)).collect(),
            ..Alongside::default()
        };
        let meta = self.meta_of(PersonId::of(principal));
        let outcome = self.accounts.execute_with(&account.to_string(), command, meta, move |_, _| alongside.clone()).await;
        self.seen(outcome.map_err(store_error)?.position).await;
        Ok(())
    }
}
