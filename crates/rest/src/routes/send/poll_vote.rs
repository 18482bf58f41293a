//! `POST /send-poll-vote`: a vote.

use axum::extract::State;
use recado_messaging::domain::message::PollVoteContent;

use super::common::{accept_answer, id};
use super::poll::names;
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;

crate::body! {
    /// What `POST /send-poll-vote` takes.
    pub SendPollVoteBody {
        phone(),
        text("pollMessageId", "`messageId` da enquete.").required(),
        list_of("pollVote", "As opções escolhidas, como escritas na enquete.", &[text("name", "A opção.").required()]).required(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "pollMessageId": "3EB0AA11BB22CC33DD55", "pollVote": [{ "name": "Manhã" }] }
}

/// Required: `phone`, `pollMessageId`, `pollVote` (`[{name}]`; empty withdraws the vote). Optional: `delayMessage`, `customId`.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-poll-vote",
    summary = "Votar numa enquete",
    description = "O nosso voto numa enquete que alguém enviou. Uma lista vazia o retira.",
    request_body = SendPollVoteBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = PollVoteContent { poll: id(&body, "pollMessageId")?, options: names(&body, "pollVote")? };
    accept_answer(&state, &caller, &body, content, vec![], None).await
}
