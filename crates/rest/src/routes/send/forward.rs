//! `POST /forward-message`: a message of another chat passed on.

use axum::extract::State;
use recado_messaging::domain::message::ForwardContent;

use super::common::{accept_answer, id};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;

crate::body! {
    /// What `POST /forward-message` takes.
    pub ForwardMessageBody {
        phone(),
        text("messageId", "Qual mensagem.").required(),
        text("messagePhone", "Em que conversa ela está.").required(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "messageId": "3EB0AA11BB22CC33DD44", "messagePhone": "5562977776666" }
}

/// Required: `phone` (to whom), `messageId`, `messagePhone` (the chat it is in). Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/forward-message",
    summary = "Encaminhar",
    description = "Leva uma mensagem de uma conversa para outra.",
    request_body = ForwardMessageBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = ForwardContent { target: id(&body, "messageId")?, chat: body.chat("messagePhone")? };
    accept_answer(&state, &caller, &body, content, vec![], None).await
}
