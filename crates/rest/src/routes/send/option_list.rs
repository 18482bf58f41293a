//! `POST /send-option-list`: a text with a list to choose from.

use axum::extract::State;
use recado_messaging::domain::message::{ListOption, OptionListContent};

use super::button_list::id_or_place;
use super::common::{accept, caption};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-option-list` takes.
    pub SendOptionListBody {
        phone(),
        text("message", "O texto.").required(),
        object(
            "optionList",
            "A lista.",
            &[
                text("title", "Título da lista."),
                text("buttonLabel", "O que está escrito no botão que a abre.").required(),
                list_of(
                    "options",
                    "As opções.",
                    &[
                        text("id", "Volta na resposta. Padrão: o lugar na lista, a partir de 1."),
                        text("title", "A opção."),
                        text("description", "Abaixo dela."),
                    ],
                )
                .required(),
            ],
        )
        .required(),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example {
        "phone": "5562988887777", "message": "Quando entregamos?",
        "optionList": {
            "title": "Horários", "buttonLabel": "Escolher",
            "options": [
                { "id": "seg-manha", "title": "Segunda-feira", "description": "Das 8h às 12h" },
                { "id": "seg-tarde", "title": "Segunda-feira", "description": "Das 14h às 18h" }
            ]
        }
    }
}

/// Required: `phone`, `message`, `optionList` (`{title, buttonLabel, options: [{id?, title, description}]}`; titles and descriptions may be
/// missing). Optional: the common fields.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-option-list",
    summary = "Enviar lista de opções",
    description = "Um texto com uma lista para escolher. A escolha volta como `listResponseMessage`.",
    request_body = SendOptionListBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
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
