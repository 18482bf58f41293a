//! `POST /send-option-list`: a text with a list to choose from.

use axum::extract::State;
use recado_messaging::domain::message::{ListOption, OptionListContent};

use super::button_list::id_or_place;
use super::common::{accept, caption};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// Required: `phone`, `message`, `optionList` (`{title, buttonLabel, options: [{id?, title, description}]}`; titles and descriptions may be
/// missing). Optional: the common fields.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let text = body.text("message")?.to_owned();
    let list = body.object("optionList")?;
    let content = OptionListContent {
        text,
        title: caption(&list, "title")?,
        button_label: list.text("buttonLabel")?.to_owned(),
        options: list.objects("options")?.iter().enumerate().map(option).collect::<Result<_, _>>()?,
    };
    accept(&state, &caller, &body, content, vec![]).await
}

fn option((index, fields): (usize, &Fields)) -> Result<ListOption, RestError> {
    let (title, description) = (caption(fields, "title")?, caption(fields, "description")?);
    if title.trim().is_empty() && description.trim().is_empty() {
        return Err(RestError::Required("title"));
    }
    Ok(ListOption { id: id_or_place(fields, index)?, title, description })
}
