//! What the routes that link a phone share.

use recado_messaging::Connection;
use recado_messaging::engine::Pairing;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::{RestError, RestState};

/// Something to scan or type, or the news that it is not needed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Code<T> {
    /// To be shown to a person.
    Show(T),
    /// There is nothing to pair (plugzapi-api.md 2.1).
    Connected {
        /// Always true.
        connected: bool,
    },
}

impl<T> Code<T> {
    pub(super) const fn connected() -> Self {
        Self::Connected { connected: true }
    }
}

/// The QR text of this moment; `None` when the instance is connected.
pub(super) async fn qr_text(state: &RestState, caller: &Caller) -> Result<Option<String>, RestError> {
    if !needs_pairing(caller)? {
        return Ok(None);
    }
    match state.messaging.qr_code(caller.meta(state), caller.instance()).await? {
        Pairing::Connected => Ok(None),
        Pairing::Show(view) => Ok(Some(view.text)),
        Pairing::NotReady => Err(RestError::WhatsappSilent),
    }
}

/// A kept link must be restored or given up first: a new code would not help.
pub(super) fn needs_pairing(caller: &Caller) -> Result<bool, RestError> {
    match caller.access.view.connection {
        Connection::Connected => Ok(false),
        Connection::Lost => Err(RestError::Refused("You need to restore the session.".to_owned())),
        Connection::Disconnected | Connection::Pairing => Ok(true),
    }
}
