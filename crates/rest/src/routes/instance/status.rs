//! `GET /status`: is it connected?

use recado_messaging::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;

/// The connection as clients read it. `error` is also there when all is well.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "connected": true, "smartphoneConnected": true, "session": true, "error": "You are already connected."
}))]
pub struct Status {
    connected: bool,
    smartphone_connected: bool,
    session: bool,
    error: &'static str,
}

impl Status {
    /// A client compares the texts exactly, final dots included.
    const fn of(connection: Connection) -> Self {
        let (connected, session, error) = match connection {
            Connection::Connected => (true, true, "You are already connected."),
            Connection::Lost => (false, true, "You need to restore the session."),
            Connection::Disconnected | Connection::Pairing => (false, false, "You are not connected."),
        };
        Self { connected, smartphone_connected: connected, session, error }
    }
}

/// 200 in every state.
///
/// # Errors
/// Only those of every instance route.
#[utoipa::path(
    get,
    path = "/status",
    summary = "Situação da conexão",
    description = "Responde 200 também desconectada. `error` vem sempre: `You are already connected.`, `You are not connected.` ou \
                   `You need to restore the session.`",
    responses((status = 200, description = "Como está.", body = Status)),
)]
pub async fn show(caller: Caller) -> Answer<Status> {
    Ok(Reply::ok(Status::of(caller.access.view.connection)))
}
