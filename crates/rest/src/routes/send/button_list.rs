//! `POST /send-button-list`: a text with buttons that answer.

use axum::extract::State;
use recado_messaging::domain::message::{ButtonListContent, ReplyButton};
use recado_messaging::{Media, MediaUse};

use super::common::{accept, optional_file};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::{Fields, MediaFields};
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-button-list` takes.
    pub SendButtonListBody {
        phone(),
        text("message", "O texto.").required(),
        object(
            "buttonList",
            "Os botões.",
            &[
                list_of(
                    "buttons",
                    "Um por botão.",
                    &[text("id", "Volta na resposta. Padrão: o lugar na lista, a partir de 1."), text("label", "O que está escrito nele.").required()],
                )
                .required(),
                media("image", "Imagem acima do texto."),
                media("video", "Vídeo acima do texto."),
            ],
        )
        .required(),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example {
        "phone": "5562988887777", "message": "Podemos entregar hoje?",
        "buttonList": { "buttons": [{ "id": "sim", "label": "Sim" }, { "id": "nao", "label": "Outro dia" }] }
    }
}

/// Required: `phone`, `message`, `buttonList` (`{buttons: [{id?, label}], image?, video?}`). Optional: the common fields.
///
/// # Errors
/// The fields, a file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-button-list",
    summary = "Enviar botões",
    description = "Um texto com botões de resposta. A escolha volta como `buttonsResponseMessage`.",
    request_body = SendButtonListBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let text = body.text("message")?.to_owned();
    let mut list = body.object("buttonList")?;
    let buttons = list.objects("buttons")?.iter().enumerate().map(button).collect::<Result<_, _>>()?;
    let image = optional_file(&state, &mut list, "image", MediaUse::Image)?;
    let video = optional_file(&state, &mut list, "video", MediaUse::Video)?;
    let content = ButtonListContent {
        text,
        image: image.as_ref().map(|_| Media::to_come()),
        video: video.as_ref().map(|_| Media::to_come()),
        buttons,
    };
    accept(&state, &caller, &body, content, image.into_iter().chain(video).collect()).await
}

fn button((index, fields): (usize, &Fields)) -> Result<ReplyButton, RestError> {
    Ok(ReplyButton { id: id_or_place(fields, index)?, label: fields.text("label")?.to_owned() })
}

/// The id given, or the place in the list, counted from 1.
pub(super) fn id_or_place(fields: &Fields, index: usize) -> Result<String, RestError> {
    Ok(fields.optional_word("id")?.unwrap_or_else(|| (index + 1).to_string()))
}
