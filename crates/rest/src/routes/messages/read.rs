//! `POST /read-message`: tells the other side that its message was read.

use axum::extract::State;
use http::StatusCode;
use recado_kernel::WireId;

use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /read-message` takes.
    pub ReadMessageBody {
        phone(),
        text("messageId", "Qual mensagem.").required(),
    }
    example { "phone": "5562988887777", "messageId": "3EB0AA11BB22CC33DD44" }
}

/// Required: `phone` (the chat), `messageId`. 204.
///
/// # Errors
/// The fields, no session; the database.
#[utoipa::path(
    post,
    path = "/read-message",
    summary = "Marcar como lida",
    description = "Marca uma mensagem recebida como lida.",
    request_body = ReadMessageBody,
    responses((status = 204, description = "Marcada; sem corpo.")),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn mark(State(state): State<RestState>, caller: Caller, body: Fields) -> Result<StatusCode, RestError> {
    let chat = body.chat("phone")?;
    let message = WireId::parse(&body.word("messageId")?).map_err(|_| RestError::Invalid("messageId"))?;
    state.messaging.mark_read(caller.access.account(), caller.instance(), &chat, &[message]).await?;
    Ok(StatusCode::NO_CONTENT)
}
