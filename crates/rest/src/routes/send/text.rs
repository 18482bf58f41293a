//! `POST /send-text`: a text into the queue.

use axum::extract::State;
use recado_kernel::WireId;
use recado_messaging::AcceptText;

use crate::answer::{Answer, Reply, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-text` takes.
    pub SendTextBody {
        phone(),
        text("message", "O texto, até 65.536 bytes. Marcas de formatação e quebras de linha (`\\n`) são mantidas.").required(),
        reply_to(),
        delay_message(),
        delay_typing(),
        custom_id(),
    }
    example { "phone": "5562988887777", "message": "Bom dia! Seu pedido saiu para entrega." }
}

/// Required: `phone`, `message`. Optional: `delayMessage`, `delayTyping` (seconds), `messageId` (what is being answered), `customId`
/// (comes back in the `DeliveryCallback`).
///
/// Once the message is stored the answer is 200, whatever else happens (plugzapi-api.md 1.5, hard rule): nothing after
/// [`recado_messaging::Messaging::accept_text`] can fail.
///
/// # Errors
/// The fields, the phone, the text's size, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-text",
    summary = "Enviar texto",
    description = "Põe um texto na fila da instância. Com a instância desconectada, ele espera pela conexão.",
    request_body = SendTextBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull", "message is too long: at most 65536 bytes"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    let text = AcceptText {
        phone: body.chat("phone")?,
        message: body.text("message")?.to_owned(),
        delay_message: body.optional_integer("delayMessage")?,
        delay_typing: body.optional_integer("delayTyping")?,
        custom_id: body.optional_text("customId")?.map(str::to_owned),
        reply_to: answered(body.optional_text("messageId")?)?,
        command_id: None,
    };
    let accepted = state.messaging.accept_text(&caller.access, text).await?;
    Ok(Reply::ok(SendResult::new(accepted.message, &accepted.wire_id)))
}

fn answered(message_id: Option<&str>) -> Result<Option<WireId>, RestError> {
    let named = message_id.filter(|id| !id.trim().is_empty());
    named.map(WireId::parse).transpose().map_err(|_| RestError::Invalid("messageId"))
}
