//! `GET /status`: is it connected?

use recado_messaging::Connection;
use serde::Serialize;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;

/// The connection as clients read it. `error` is also there when all is well.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
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
pub async fn show(caller: Caller) -> Answer<Status> {
    Ok(Reply::ok(Status::of(caller.access.view.connection)))
}
