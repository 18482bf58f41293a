//! `DELETE /messages`: deletes a message for everybody.

use axum::extract::State;
use http::StatusCode;
use recado_kernel::WireId;

use crate::auth::Caller;
use crate::query::Params;
use crate::{RestError, RestState};

/// Query, all required: `messageId`, `phone` (the chat), `owner` (`true`: written by us). 204. A message of ours that still waits is taken
/// out of the queue, also while the instance is disconnected.
///
/// # Errors
/// The parameters, no session, no such message; the database.
#[utoipa::path(
    delete,
    path = "/messages",
    summary = "Apagar uma mensagem",
    description = "Apaga para todos. Uma mensagem nossa que ainda espera é tirada da fila, também com a instância desconectada.",
    params(
        ("messageId" = String, Query, description = "Qual mensagem.", example = "3EB0AA11BB22CC33DD44"),
        ("phone" = String, Query, description = "Em que conversa.", example = "5562988887777"),
        ("owner" = bool, Query, description = "`true`: enviada por nós; `false`: recebida.", example = true),
    ),
    responses((status = 204, description = "Apagada; sem corpo.")),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "messageId is required", "Message not found"]))),
)]
pub async fn remove(State(state): State<RestState>, caller: Caller, query: Params) -> Result<StatusCode, RestError> {
    let text = |name| query.text(name).ok_or(RestError::Required(name));
    let target = WireId::parse(text("messageId")?).map_err(|_| RestError::Invalid("messageId"))?;
    let chat = text("phone")?.parse().map_err(|_| RestError::InvalidPhone)?;
    let own = match text("owner")?.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(RestError::Invalid("owner")),
    };
    state.messaging.revoke_message(caller.meta(&state), caller.instance(), &chat, &target, own).await?;
    Ok(StatusCode::NO_CONTENT)
}
