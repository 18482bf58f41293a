//! `POST /send-button-actions`: a text with buttons that call, open a page or answer.

use axum::extract::State;
use recado_messaging::domain::message::{ActionButton, ButtonAction, ButtonActionsContent};

use super::button_list::id_or_place;
use super::common::{accept, caption};
use super::contact::digits;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// Required: `phone`, `message`, `buttonActions` (`[{id?, type: CALL|URL|REPLY, phone?, url?, label}]`; REPLY is not mixed with the
/// others). Optional: `title`, `footer`, and the common ones.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = ButtonActionsContent {
        text: body.text("message")?.to_owned(),
        title: caption(&body, "title")?,
        footer: caption(&body, "footer")?,
        buttons: body.objects("buttonActions")?.iter().enumerate().map(button).collect::<Result<_, _>>()?,
    };
    accept(&state, &caller, &body, content, vec![]).await
}

fn button((index, fields): (usize, &Fields)) -> Result<ActionButton, RestError> {
    let action = match fields.text("type")?.trim().to_ascii_uppercase().as_str() {
        "CALL" => ButtonAction::Call { phone: digits(&fields.word("phone")?) },
        "URL" => ButtonAction::Url { url: fields.text("url")?.trim().to_owned() },
        "REPLY" => ButtonAction::Reply {},
        _ => return Err(RestError::Invalid("type")),
    };
    Ok(ActionButton { id: id_or_place(fields, index)?, label: fields.text("label")?.to_owned(), action })
}
