//! `POST /send-text`: a text into the queue.

use axum::extract::State;
use recado_messaging::MessagingError;
use recado_messaging::domain::message::{GroupMention, TextContent, check_text};

use super::common::{accept, optional_id};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-text` takes.
    pub SendTextBody {
        phone(),
        text("message", "O texto, até 65.536 bytes. Marcas de formatação e quebras de linha (`\\n`) são mantidas.").required(),
        reply_to(),
        boolean("privateAnswer", "Com `messageId` de uma mensagem de grupo: responder em particular."),
        text("editMessageId", "`messageId` de um texto já enviado, que este substitui."),
        mentioned(),
        list_of(
            "groupMentioned",
            "Grupos da comunidade a mencionar.",
            &[text("phone", "ID do grupo.").required(), text("subject", "Nome do grupo.")],
        ),
        delay_message(),
        delay_typing(),
        custom_id(),
    }
    example { "phone": "5562988887777", "message": "Bom dia! Seu pedido saiu para entrega." }
}

/// Required: `phone`, `message`. Optional: `delayMessage`, `delayTyping` (seconds), `messageId` (what is being answered),
/// `privateAnswer`, `editMessageId` (the text that is replaced), `mentioned` (numbers), `groupMentioned` (`{phone, subject}`), `customId`
/// (comes back in the `DeliveryCallback`).
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
    body.chat("phone")?;
    let text = body.text("message")?.to_owned();
    check_text(&text).map_err(MessagingError::from)?;
    let groups = body.optional_list("groupMentioned")?.filter(|groups| !groups.is_empty());
    let groups = if groups.is_some() { body.objects("groupMentioned")? } else { vec![] };
    let content = TextContent {
        text,
        mentioned: body.phones("mentioned")?,
        group_mentioned: groups.iter().map(group).collect::<Result<_, _>>()?,
        private_answer: body.optional_boolean("privateAnswer")?.unwrap_or(false),
        edits: optional_id(&body, "editMessageId")?,
    };
    accept(&state, &caller, &body, content, vec![]).await
}

fn group(fields: &Fields) -> Result<GroupMention, RestError> {
    Ok(GroupMention { phone: fields.word("phone")?, subject: fields.optional_word("subject")?.unwrap_or_default() })
}
