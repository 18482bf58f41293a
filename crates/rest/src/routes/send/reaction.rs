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

/// Required: `phone`, `reaction` (an emoji), `messageId` (under which message). Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let emoji = body.text("reaction")?.trim().to_owned();
    if emoji.len() > LONGEST {
        return Err(RestError::Invalid("reaction"));
    }
    react(state, caller, body, emoji).await
}

/// Required: `phone`, `messageId`. Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
pub async fn remove(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    react(state, caller, body, String::new()).await
}

async fn react(state: RestState, caller: Caller, body: Fields, emoji: String) -> Answer<SendResult> {
    let content = ReactionContent { target: id(&body, "messageId")?, emoji, target_from_me: false, target_author: None };
    accept_answer(&state, &caller, &body, content, vec![], None).await
}
