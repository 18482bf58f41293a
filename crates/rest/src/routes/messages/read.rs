//! `POST /read-message`: tells the other side that its message was read.

use axum::extract::State;
use http::StatusCode;
use recado_kernel::WireId;

use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// Required: `phone` (the chat), `messageId`. 204.
///
/// # Errors
/// The fields, no session; the database.
pub async fn mark(State(state): State<RestState>, caller: Caller, body: Fields) -> Result<StatusCode, RestError> {
    let chat = body.chat("phone")?;
    let message = WireId::parse(&body.word("messageId")?).map_err(|_| RestError::Invalid("messageId"))?;
    state.messaging.mark_read(caller.access.account(), caller.instance(), &chat, &[message]).await?;
    Ok(StatusCode::NO_CONTENT)
}
