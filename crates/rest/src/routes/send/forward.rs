//! `POST /forward-message`: a message of another chat passed on.

use axum::extract::State;
use recado_messaging::domain::message::ForwardContent;

use super::common::{accept_answer, id};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;

/// Required: `phone` (to whom), `messageId`, `messagePhone` (the chat it is in). Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = ForwardContent { target: id(&body, "messageId")?, chat: body.chat("messagePhone")? };
    accept_answer(&state, &caller, &body, content, vec![], None).await
}
