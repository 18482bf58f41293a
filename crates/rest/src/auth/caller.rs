//! The client of one instance.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use recado_accounts::ClientTokenCheck;
use recado_kernel::{CommandMeta, InstanceId};
use recado_messaging::{InstanceAccess, Recorded};

use super::path_value;
use crate::{RestError, RestState};

/// An instance whose id and token stand in the path, whose account's security token was shown where it is active, and whose trial or
/// subscription runs. Every instance route takes one, so none can forget a check.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The instance, and who uses it.
    pub access: InstanceAccess,
}

impl Caller {
    /// Its id.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.access.instance()
    }

    /// Circumstances of a new command.
    #[must_use]
    pub fn meta(&self, state: &RestState) -> CommandMeta {
        self.access.meta(&state.platform)
    }

    /// Waits a little until the next request of this client will see what was recorded; best effort, never an error.
    pub async fn see(&self, state: &RestState, recorded: Recorded) {
        see(state, recorded).await;
    }
}

impl FromRequestParts<RestState> for Caller {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, RestError> {
        let access = instance_of_path(parts, state).await?;
        super::address::require_allowed(parts, state, access.account()).await?;
        // Several headers of that name: the first counts. An empty one is none (plugzapi-api.md 1.3).
        let shown = parts.headers.get("client-token").map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned());
        let shown = shown.filter(|token| !token.is_empty());
        check_client_token(state, &access, shown.as_deref()).await?;
        access.require_service(&state.platform)?;
        if !state.limit.allows(access.instance(), state.platform.now()) {
            return Err(RestError::TooManyRequests);
        }
        Ok(Self { access })
    }
}

/// See [`Caller::see`].
pub(super) async fn see(state: &RestState, recorded: Recorded) {
    if recorded.changed && !state.messaging.instance_visible(recorded.position).await {
        tracing::debug!("the read model lags behind");
    }
}

/// The instance named in the path; unknown ids and wrong tokens are alike.
pub(super) async fn instance_of_path(parts: &mut Parts, state: &RestState) -> Result<InstanceAccess, RestError> {
    let path = RawPathParams::from_request_parts(parts, state).await.map_err(|_| RestError::InstanceNotFound)?;
    let (id, token) = (path_value(&path, "instance"), path_value(&path, "token"));
    state.messaging.find_instance_by_token(id, token).await?.ok_or(RestError::InstanceNotFound)
}

async fn check_client_token(state: &RestState, access: &InstanceAccess, shown: Option<&str>) -> Result<(), RestError> {
    match state.accounts.check_client_token(access.account(), shown).await? {
        ClientTokenCheck::Ok => Ok(()),
        ClientTokenCheck::Missing => Err(RestError::ClientTokenMissing),
        ClientTokenCheck::Wrong => Err(RestError::ClientTokenWrong),
    }
}
