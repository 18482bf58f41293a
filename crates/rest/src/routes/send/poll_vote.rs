//! `POST /send-poll-vote`: a vote.

use axum::extract::State;
use recado_messaging::domain::message::PollVoteContent;

use super::common::{accept_answer, id};
use super::poll::names;
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;

/// Required: `phone`, `pollMessageId`, `pollVote` (`[{name}]`; empty withdraws the vote). Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = PollVoteContent { poll: id(&body, "pollMessageId")?, options: names(&body, "pollVote")? };
    accept_answer(&state, &caller, &body, content, vec![], None).await
}
