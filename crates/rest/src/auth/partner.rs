//! The integrator: a bearer token of an account (plugzapi-api.md 2.12). No Client-Token on these routes.

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use recado_accounts::PartnerTokenKind;
use recado_kernel::{AccountId, Actor, CommandMeta, Door};
use recado_messaging::{InstanceAccess, Recorded};

use super::caller::{instance_of_path, see};
use crate::{RestError, RestState};

/// How many instances the first token (the account security token) may create; the partner token knows no limit.
const FIRST_TOKEN_INSTANCES: usize = 25;

/// An account that drives its instances from its own system.
#[derive(Debug, Clone, Copy)]
pub struct Partner {
    /// The account.
    pub account: AccountId,
    /// By which token.
    pub kind: PartnerTokenKind,
}

impl Partner {
    /// Circumstances of a new command.
    #[must_use]
    pub fn meta(&self, state: &RestState) -> CommandMeta {
        state.platform.meta(self.account, Actor::Partner(self.account), Door::Api)
    }

    /// Refuses when the token may create no more instances.
    ///
    /// # Errors
    /// [`RestError::InstanceLimit`], the database.
    pub async fn require_room(&self, state: &RestState) -> Result<(), RestError> {
        if self.kind == PartnerTokenKind::Partner {
            return Ok(());
        }
        let existing = state.messaging.instances(self.account).await?.len();
        if existing < FIRST_TOKEN_INSTANCES { Ok(()) } else { Err(RestError::InstanceLimit) }
    }
}

impl FromRequestParts<RestState> for Partner {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, RestError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = bearer(header).ok_or(RestError::Unauthorized)?;
        let access = state.accounts.partner_access(token).await?.ok_or(RestError::Unauthorized)?;
        super::address::require_allowed(parts, state, access.account_id).await?;
        Ok(Self { account: access.account_id, kind: access.kind })
    }
}

/// The token of `Bearer <token>`; the scheme in any case.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A partner together with one of its own instances, also one whose trial is over: that is what subscribing is for.
#[derive(Debug, Clone)]
pub struct PartnersInstance {
    /// Who asks.
    pub partner: Partner,
    /// The instance of the path.
    pub access: InstanceAccess,
}

impl PartnersInstance {
    /// Waits a little until the next request will see what was recorded; best effort.
    pub async fn see(&self, state: &RestState, recorded: Recorded) {
        see(state, recorded).await;
    }
}

impl FromRequestParts<RestState> for PartnersInstance {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, RestError> {
        let partner = Partner::from_request_parts(parts, state).await?;
        let access = instance_of_path(parts, state).await?;
        if access.account() != partner.account {
            return Err(RestError::InstanceNotFound);
        }
        Ok(Self { partner, access })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bearer_tokens() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for none in ["", "abc", "Basic abc", "Bearer", "Bearer "] {
            assert_eq!(bearer(none), None, "{none}");
        }
    }
}
