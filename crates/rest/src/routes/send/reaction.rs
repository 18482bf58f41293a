//! `POST /send-reaction` and `/send-remove-reaction`: an emoji under a message.

use axum::extract::State;
use recado_messaging::domain::message::ReactionContent;

use super::common::{accept_answer, id};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// Longest emoji, in bytes: a family of four with skin tones has 41.
const LONGEST: usize = 64;

crate::body! {
    /// What `POST /send-reaction` takes.
    pub SendReactionBody {
        phone(),
        text("reaction", "O emoji.").required(),
        text("messageId", "Sob qual mensagem.").required(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "reaction": "👍", "messageId": "3EB0AA11BB22CC33DD44" }
}

/// Required: `phone`, `reaction` (an emoji), `messageId` (under which message). Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-reaction",
    summary = "Reagir",
    description = "Um emoji sob uma mensagem. Uma reação nova substitui a anterior.",
    request_body = SendReactionBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let emoji = body.text("reaction")?.trim().to_owned();
    if emoji.len() > LONGEST {
        return Err(RestError::Invalid("reaction"));
    }
    react(state, caller, body, emoji).await
}

crate::body! {
    /// What `POST /send-remove-reaction` takes.
    pub RemoveReactionBody {
        phone(),
        text("messageId", "De qual mensagem.").required(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "messageId": "3EB0AA11BB22CC33DD44" }
}

/// Required: `phone`, `messageId`. Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-remove-reaction",
    summary = "Tirar a reação",
    description = "Tira a nossa reação de uma mensagem.",
    request_body = RemoveReactionBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn remove(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    react(state, caller, body, String::new()).await
}

async fn react(state: RestState, caller: Caller, body: Fields, emoji: String) -> Answer<SendResult> {
    let content = ReactionContent { target: id(&body, "messageId")?, emoji, target_from_me: false, target_author: None };
    accept_answer(&state, &caller, &body, content, vec![], None).await
}
