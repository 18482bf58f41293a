//! What signing up and being created by the operator have in common.

use recado_event_store::{Alongside, Claim, CommandError, Position, StoreError};
use recado_kernel::{AccountId, CommandMeta, Document, Email, Locale, Name, Secret, UserId};

use crate::Accounts;
use crate::credentials::{ACCOUNT_TOKEN, EMAIL, PASSWORD, account_token};
use crate::domain::account::{AccountCommand, AccountError, NewToken, Registration};
use crate::people::{PersonId, claim_owner};

/// Checked input.
pub(super) struct Applicant {
    pub name: Name,
    pub email: Email,
    pub password: Secret<String>,
    pub document: Option<Document>,
    pub locale: Locale,
}

/// An account about to be stored.
pub(super) struct Prepared {
    pub account: AccountId,
    pub owner: UserId,
    pub client_token: String,
    pub partner_token: String,
    registration: Registration,
    claims: Vec<Claim>,
}

impl Prepared {
    pub(super) const fn person(&self) -> PersonId {
        PersonId::User(self.account, self.owner)
    }
}

impl Accounts {
    /// Purpose under which a token of the account is encrypted, and its claim.
    pub(super) fn new_account_token(&self, token: &str) -> Result<NewToken, StoreError> {
        let vault = &self.platform.vault;
        Ok(NewToken { protected: vault.protect(ACCOUNT_TOKEN, token)?, digest: vault.digest(ACCOUNT_TOKEN, None, token) })
    }

    /// The claim that makes a token of the account findable.
    pub(crate) fn token_claim(account: AccountId, digest: &str) -> Claim {
        Claim { scope: ACCOUNT_TOKEN.to_owned(), key: digest.to_owned(), owner: format!("account/{account}") }
    }

    /// Hashes, seals and draws everything a registration needs.
    pub(super) async fn prepare(&self, applicant: &Applicant, already_verified: bool) -> Result<Prepared, StoreError> {
        let platform = &self.platform;
        let (account, owner) = (AccountId::from_uuid(platform.new_uuid()), UserId::from_uuid(platform.new_uuid()));
        let person = PersonId::User(account, owner);
        let subject = person.subject();
        let hash = self.passwords.hash(applicant.password.clone()).await?;
        let document = match &applicant.document {
            None => None,
            Some(document) => Some(platform.vault.seal(account, &subject, document.as_str()).await?),
        };
        let (client_token, partner_token) = (account_token(platform, 'F'), account_token(platform, 'P'));
        let registration = Registration {
            owner,
            name: platform.vault.seal(account, &subject, applicant.name.as_str()).await?,
            email: platform.vault.seal(account, &subject, applicant.email.as_str()).await?,
            email_digest: self.email_digest(&applicant.email),
            document,
            locale: applicant.locale,
            password_protected: platform.vault.protect(PASSWORD, &hash)?,
            client_token: self.new_account_token(&client_token)?,
            partner_token: self.new_account_token(&partner_token)?,
            already_verified,
        };
        let claims = vec![
            Claim { scope: EMAIL.to_owned(), key: registration.email_digest.clone(), owner: claim_owner(person) },
            Self::token_claim(account, &registration.client_token.digest),
            Self::token_claim(account, &registration.partner_token.digest),
        ];
        Ok(Prepared { account, owner, client_token, partner_token, registration, claims })
    }

    /// Stores it, with `alongside`. `Ok(None)`: the address is in use, nothing was stored.
    pub(super) async fn store_registration(
        &self,
        prepared: Prepared,
        meta: CommandMeta,
        mut alongside: Alongside,
    ) -> Result<Option<Position>, StoreError> {
        alongside.claims = prepared.claims;
        let command = AccountCommand::Register(Box::new(prepared.registration));
        let id = prepared.account.to_string();
        match self.accounts.create_with(&id, command, meta, move |_, _| alongside.clone()).await {
            Ok(outcome) => Ok(Some(outcome.position)),
            Err(CommandError::ClaimTaken { .. } | CommandError::Refused(AccountError::AlreadyRegistered)) => Ok(None),
            Err(other) => Err(crate::people::store_error(other)),
        }
    }
}
