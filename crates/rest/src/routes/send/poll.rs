//! `POST /send-poll`: a question with options to vote on.

use axum::extract::State;
use recado_messaging::domain::message::PollContent;
use serde_json::Value;

use super::common::accept;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-poll` takes.
    pub SendPollBody {
        phone(),
        text("message", "A pergunta.").required(),
        list_of("poll", "As opções, pelo menos duas diferentes.", &[text("name", "A opção.").required()]).required(),
        integer("pollMaxOptions", "Quantas se podem escolher: 1 é escolha única. Ausente: quantas se quiser."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example {
        "phone": "5562988887777", "message": "Qual o melhor horário?", "poll": [{ "name": "Manhã" }, { "name": "Tarde" }], "pollMaxOptions": 1
    }
}

/// Required: `phone`, `message` (the question), `poll` (`[{name}]`). Optional: `pollMaxOptions` (absent: any number), and the common ones.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-poll",
    summary = "Enviar enquete",
    description = "Uma pergunta com opções. Os votos voltam como `pollVote`.",
    request_body = SendPollBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull", "poll is invalid: at least two different options"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let question = body.text("message")?.to_owned();
    let options = names(&body, "poll")?;
    if options.is_empty() {
        return Err(RestError::Required("poll"));
    }
    let most = body.optional_integer("pollMaxOptions")?.unwrap_or(0);
    let max_options = u32::try_from(most).map_err(|_| RestError::Invalid("pollMaxOptions"))?;
    accept(&state, &caller, &body, PollContent { question, options, max_options }, vec![]).await
}

/// `[{name}]`; texts alone are taken, too. It must be there, but may be empty.
pub(super) fn names(body: &Fields, list: &'static str) -> Result<Vec<String>, RestError> {
    let options = body.optional_list(list)?.ok_or(RestError::Required(list))?;
    let names = options.into_iter().map(|option| match option {
        Value::String(name) => Ok(name),
        Value::Object(fields) => Fields::new(fields).word("name"),
        _ => Err(RestError::Invalid(list)),
    });
    names.collect()
}
