//! The integrator: a bearer token of an account (plugzapi-api.md 2.12). No Client-Token on these routes.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use recado_accounts::PartnerTokenKind;
use recado_kernel::{AccountId, Actor, CommandId, CommandMeta, Door};
use recado_messaging::{InstanceAccess, Recorded, RequestCommands};

use super::caller::{instance_of_path, see};
use crate::{RestError, RestState};

/// An account that drives its instances from its own system.
#[derive(Debug, Clone)]
pub struct Partner {
    /// The account.
    pub account: AccountId,
    /// By which token.
    pub kind: PartnerTokenKind,
    commands: Option<Arc<RequestCommands>>,
}

/// In the request's extensions: it may come again, and its commands must be the same then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repeated(pub CommandId);

impl Partner {
    /// Circumstances of a new command.
    #[must_use]
    pub fn meta(&self, state: &RestState) -> CommandMeta {
        let meta = state.platform.meta(self.account, Actor::Partner(self.account), Door::Api);
        match &self.commands {
            Some(commands) => commands.next(meta),
            None => meta,
        }
    }

    /// Is the number of instances limited (plugzapi-api.md 2.12)? The account security token may lead to 25; partner tokens know no limit.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.kind == PartnerTokenKind::First
    }
}

impl FromRequestParts<RestState> for Partner {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, RestError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = bearer(header).ok_or(RestError::Unauthorized)?;
        let access = state.accounts.partner_access(token).await?.ok_or(RestError::Unauthorized)?;
        super::address::require_allowed(parts, state, access.account_id).await?;
        let repeated = parts.extensions.get::<Repeated>().map(|Repeated(first)| Arc::new(RequestCommands::new(*first)));
        Ok(Self { account: access.account_id, kind: access.kind, commands: repeated })
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
